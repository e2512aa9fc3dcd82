/* Floats that are not negative are in the order of their bits. */
#include "decide/shares.h"

#include "base/memory.h"
#include "base/radix.h"

#include <stdlib.h>
#include <string.h>

enum { SHARE_SHIFT = 32, SHARE_BITS = 32 };

float share_value(uint64_t share)
{
    uint32_t bits = (uint32_t)(share >> SHARE_SHIFT);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t share_of(float value, size_t row)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint64_t)bits << SHARE_SHIFT | row;
}

static bool find_places(struct shares *shares, const float *proba, size_t rows, uint32_t classes)
{
    shares->begin = calloc((size_t)classes + 1, sizeof *shares->begin);
    if (!shares->begin)
        return false;
    for (size_t row = 0; row < rows; row++)
        for (uint32_t c = 0; c < classes; c++)
            shares->begin[c + 1] += proba[row * classes + c] > 0;
    for (uint32_t c = 0; c < classes; c++)
        shares->begin[c + 1] += shares->begin[c];
    shares->of = memory_array(shares->begin[classes] + 1, sizeof *shares->of);
    return shares->of != NULL;
}

/* Row by row, so that the probabilities are gone through once; `begin` moves to the ends. */
static void put_in_place(struct shares *shares, const float *proba, uint32_t classes)
{
    for (size_t row = 0; row < shares->rows; row++)
        for (uint32_t c = 0; c < classes; c++) {
            float share = proba[row * classes + c];
            if (share > 0)
                shares->of[shares->begin[c]++] = share_of(share, row);
        }
    memmove(shares->begin + 1, shares->begin, classes * sizeof *shares->begin);
    shares->begin[0] = 0;
}

bool shares_sort(struct shares *shares, const float *proba, size_t rows, uint32_t classes)
{
    *shares = (struct shares){.rows = rows};
    if (!find_places(shares, proba, rows, classes))
        return false;
    put_in_place(shares, proba, classes);
    return radix_sort_runs(shares->of, shares->begin, classes, SHARE_SHIFT, SHARE_BITS);
}

void shares_free(struct shares *shares)
{
    free(shares->of);
    free(shares->begin);
    *shares = (struct shares){0};
}
