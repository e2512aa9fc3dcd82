/*
 * Drawing without replacement from a permutation, a pool that shrinks from its end (Knuth, "The
 * Art of Computer Programming", volume 2, algorithm 3.4.2 P), beside constants that are drawn but
 * not looked at.
 */
#include "forest/draw.h"

#include "base/memory.h"
#include "forest/search.h"

#include <math.h>
#include <stdlib.h>

bool draw_begin(struct draw *draw, uint32_t features)
{
    *draw = (struct draw){
        .order = memory_array(features, sizeof *draw->order),
        .varies = memory_array(features, sizeof *draw->varies),
        .features = features,
    };
    if (draw->order && draw->varies)
        return true;
    draw_free(draw);
    return false;
}

void draw_free(struct draw *draw)
{
    free(draw->order);
    free(draw->varies);
    *draw = (struct draw){0};
}

void draw_reset(struct draw *draw)
{
    for (uint32_t i = 0; i < draw->features; i++)
        draw->order[i] = i;
}

static void swap(struct draw *draw, uint32_t i, uint32_t j)
{
    uint32_t feature = draw->order[i];
    draw->order[i] = draw->order[j];
    draw->order[j] = feature;
}

/*
 * Draws `wanted` of the features, `undrawn` of them known constants and the others the pool
 * [constants, features). The drawn ones of the pool gather at its end; returns how many.
 */
static uint32_t draw_features(struct draw *draw, struct random *random, uint32_t constants,
                              uint32_t *undrawn, uint32_t wanted)
{
    uint32_t drawn = 0, pool = draw->features - constants;
    for (; wanted && drawn < pool; wanted--) {
        uint32_t left = pool - drawn, number = random_below(random, *undrawn + left);
        if (number < *undrawn) {
            --*undrawn;
            continue;
        }
        drawn++;
        swap(draw, constants + number - *undrawn, draw->features - drawn);
    }
    return drawn;
}

/* Moves the drawn features that turned out constant to the others. */
static uint32_t gather_constants(struct draw *draw, uint32_t constants, uint32_t drawn)
{
    uint32_t first = draw->features - drawn;
    for (uint32_t i = 0; i < drawn; i++)
        if (!draw->varies[i])
            swap(draw, constants++, first + i);
    return constants;
}

bool draw_best_cut(struct draw *draw, struct random *random, struct cutter *cutter,
                   const struct node *node, uint32_t *constants, struct cut *best)
{
    uint32_t undrawn = *constants, wanted = node->growth->max_features;
    bool varies = false;
    *best = CUT_NONE;
    while (!varies && *constants < draw->features) {
        uint32_t drawn = draw_features(draw, random, *constants, &undrawn, wanted);
        const struct quest quest = {.node = node,
                                    .features = draw->order + draw->features - drawn,
                                    .count = drawn,
                                    .varies = draw->varies,
                                    .best = best,
                                    .random = random};
        cutter_try(cutter, &quest);
        uint32_t known = *constants;
        *constants = gather_constants(draw, known, drawn);
        varies = *constants - known < drawn;
        wanted = 1;
    }
    return best->score > -INFINITY;
}
