/*
 * A leaf counts units, so that its shares are fractions of its weight, and there may be none
 * between its bounds. Then it is given the fraction of the least weight that is between them, as
 * often as comes closest to its own weight.
 *
 * That fraction is where the search in the Stern-Brocot tree ends (Graham, Knuth, Patashnik,
 * Concrete Mathematics, 4.5): the mediant of a fraction that is too low and one that is too high
 * takes the place of one of them, until it is neither. Of mediants that take the same place one
 * after another the last is found by doubling, so that few are looked at. Whether a fraction is
 * too low is asked in double, as votes divide; rounding keeps the order of fractions.
 */
#include "forest/limits.h"

#include <stdint.h>

enum { MOST_WEIGHT = INT32_MAX };

struct fraction {
    uint64_t top, bottom;
};

/* -1: it is below the bounds, 1: above, 0: between them. */
static int side_of(const struct bounds *bounds, struct fraction fraction)
{
    const double share = (double)fraction.top / (double)fraction.bottom;
    return share < bounds->lower ? -1 : share > bounds->upper;
}

/* The mediant of one, and the other so many times. */
static struct fraction toward(struct fraction from, struct fraction to, uint64_t times)
{
    return (struct fraction){from.top + times * to.top, from.bottom + times * to.bottom};
}

/* How many times it takes to leave the side that `from` is on, or to weigh too much. */
static uint64_t times_to_leave(const struct bounds *bounds, struct fraction from,
                               struct fraction to, int side)
{
    uint64_t stays = 0, leaves = 1;
    for (; toward(from, to, leaves).bottom <= MOST_WEIGHT &&
           side_of(bounds, toward(from, to, leaves)) == side;
         leaves *= 2)
        stays = leaves;
    while (leaves - stays > 1) {
        const uint64_t middle = stays + (leaves - stays) / 2;
        const struct fraction there = toward(from, to, middle);
        if (there.bottom <= MOST_WEIGHT && side_of(bounds, there) == side)
            stays = middle;
        else
            leaves = middle;
    }
    return leaves;
}

/* The fraction of least weight between bounds that neither 0 nor 1 is between; where it weighs too
   much, one close by on the way there. */
static struct fraction find(const struct bounds *bounds)
{
    struct fraction from = {0, 1}, to = {1, 1};
    for (int side = -1;; side = -side) {
        const uint64_t times = times_to_leave(bounds, from, to, side);
        const struct fraction next = toward(from, to, times), last = toward(from, to, times - 1);
        if (next.bottom > MOST_WEIGHT)
            return last;
        if (side_of(bounds, next) == 0)
            return next;
        from = next;
        to = last;
    }
}

void limits_keep(const struct bounds *bounds, uint32_t counts[2])
{
    const uint32_t weight = counts[0] + counts[1];
    const double least = ceil(bounds->lower * weight), most = floor(bounds->upper * weight);
    double first = counts[0];
    first = first < least ? least : first > most ? most : first;
    counts[0] = (uint32_t)first;
    counts[1] = weight - counts[0];
    if (side_of(bounds, (struct fraction){counts[0], weight}) == 0)
        return;
    const struct fraction found = find(bounds);
    const uint64_t times = weight / found.bottom + (weight % found.bottom > found.bottom / 2);
    counts[0] = (uint32_t)(found.top * (times ? times : 1));
    counts[1] = (uint32_t)((found.bottom - found.top) * (times ? times : 1));
}
