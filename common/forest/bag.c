/* One pass that draws, one that lists what was drawn: in the order of rows, as nodes want them. */
#include "forest/bag.h"

#include <string.h>

uint32_t bag_draw(struct random *random, const struct growth *growth, uint32_t count,
                  uint32_t *weight, uint32_t *rows)
{
    if (growth->bootstrap) {
        const uint32_t draws = growth->max_samples ? growth->max_samples : count;
        memset(weight, 0, count * sizeof *weight);
        for (uint32_t i = 0; i < draws; i++)
            weight[random_below(random, count)]++;
    } else {
        for (uint32_t i = 0; i < count; i++)
            weight[i] = 1;
    }
    uint32_t drawn = 0;
    for (uint32_t i = 0; i < count; i++) {
        rows[drawn] = i;
        drawn += weight[i] != 0;
    }
    return drawn;
}
