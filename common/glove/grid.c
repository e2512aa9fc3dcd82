/* As many stripes as keep two of them in the caches, within bounds; see grid.h. */
#include "glove/grid.h"

enum {
    FEWEST_STRIPE_BITS = 4, /* sixteen blocks at a time */
    MOST_STRIPE_BITS = 8,
    STRIPE_SIZE =
        1 << 20 /* bytes, about: two stripes, of words and of contexts, stay in the caches */
};

struct grid grid_for(size_t words, size_t row_size)
{
    struct grid grid = {.words = words, .stripe_bits = FEWEST_STRIPE_BITS};
    while (grid.stripe_bits < MOST_STRIPE_BITS && grid_rows(&grid) > STRIPE_SIZE / row_size)
        grid.stripe_bits++;
    while (grid.stripe_bits > 0 && grid_stripes(&grid) > words)
        grid.stripe_bits--;
    while ((size_t)1 << grid.row_bits < grid_rows(&grid))
        grid.row_bits++;
    return grid;
}
