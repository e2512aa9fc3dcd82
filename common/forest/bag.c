/* One pass that draws, one that lists or counts what was drawn, in the order of rows. */
#include "forest/bag.h"

#include <math.h>
#include <string.h>

/* The first sample whose sum of weights is above what was drawn. */
static uint32_t draw_by_weight(struct random *random, const double *chance, uint32_t count)
{
    const double drawn = random_unit(random) * chance[count - 1];
    uint32_t first = 0;
    for (uint32_t left = count; left > 1;) {
        const uint32_t half = left / 2;
        first += chance[first + half - 1] <= drawn ? half : 0;
        left -= half;
    }
    return first;
}

static uint32_t list_drawn(uint32_t count, const uint32_t *weight, uint32_t *rows)
{
    uint32_t drawn = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (rows)
            rows[drawn] = i;
        drawn += weight[i] != 0;
    }
    return drawn;
}

static void draw(struct random *random, const struct growth *growth, uint32_t count,
                 uint32_t *weight)
{
    const double *chance = growth->weights ? growth->weights->chance : NULL;
    if (growth->bootstrap) {
        const uint32_t draws = growth->max_samples ? growth->max_samples : count;
        memset(weight, 0, count * sizeof *weight);
        for (uint32_t i = 0; i < draws; i++)
            weight[chance ? draw_by_weight(random, chance, count) : random_below(random, count)]++;
    } else {
        for (uint32_t i = 0; i < count; i++)
            weight[i] = 1;
    }
}

uint32_t bag_draw(struct random *random, const struct growth *growth, uint32_t count,
                  uint32_t *weight, uint32_t *rows)
{
    const bool weighs = bag_weighs(growth);
    uint32_t drawn = 0;
    while (drawn == 0) { /* once, unless what was drawn weighs nothing */
        draw(random, growth, count, weight);
        for (uint32_t i = 0; weighs && i < count; i++)
            weight[i] = growth->weights->exact[i] > 0 ? weight[i] : 0;
        drawn = list_drawn(count, weight, rows);
    }
    return drawn;
}

/* ---- weights ---- */

/* By class: how many units a weight of 1 has, repeats not counted. */
static void fill_shares(const struct growth *growth, const uint32_t *class_of, uint32_t classes,
                        double *share, const uint32_t *weight, const uint32_t *rows, uint32_t drawn)
{
    const double units = 1 / growth->weights->unit;
    double draws = 0, present = 0;
    for (uint32_t c = 0; c < classes; c++)
        share[c] = growth->weights->balance_bags ? 0 : units;
    if (!growth->weights->balance_bags)
        return;
    for (uint32_t i = 0; i < drawn; i++) {
        present += share[class_of[rows[i]]] == 0;
        share[class_of[rows[i]]] += weight[rows[i]];
        draws += weight[rows[i]];
    }
    for (uint32_t c = 0; c < classes; c++)
        if (share[c] > 0)
            share[c] = draws / (present * share[c]) * units;
}

/* The units of one sample that was drawn once. */
static uint64_t units_of(double weight, double share)
{
    const double units = rint(weight * share);
    return units < 1 ? 1 : (uint64_t)units;
}

void bag_weigh(const struct growth *growth, const uint32_t *class_of, uint32_t classes,
               double *share, uint32_t *weight, const uint32_t *rows, uint32_t drawn)
{
    const double *exact = growth->weights->exact;
    fill_shares(growth, class_of, classes, share, weight, rows, drawn);
    double all = 0;
    for (uint32_t i = 0; i < drawn; i++)
        all += weight[rows[i]] * (double)units_of(exact[rows[i]], share[class_of[rows[i]]]);
    /* A sample that would be rounded to nothing keeps a unit: there are fewer than 2^31. */
    unsigned shift = 0;
    while (ldexp(all, -(int)shift) >= 0x1p31)
        shift++;
    for (uint32_t i = 0; i < drawn; i++) {
        const uint32_t row = rows[i];
        const uint64_t once = units_of(exact[row], share[class_of[row]]);
        const uint64_t units = (once * weight[row]) >> shift;
        weight[row] = units ? (uint32_t)units : 1;
    }
}
