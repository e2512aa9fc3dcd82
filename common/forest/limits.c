/*
 * A leaf counts units, so that its shares are fractions of its weight, and there may be none
 * between its bounds. Then it is given the fraction of the least weight that is between them,
 * which the continued fractions of both begin with (Knuth, The Art of Computer Programming,
 * volume 2, 4.5.3, exercise 39), as often as comes closest to its own weight.
 */
#include "forest/limits.h"

#include <stdint.h>

struct fraction {
    uint64_t top, bottom;
};

static bool is_between(const struct bounds *bounds, uint64_t first, uint64_t weight)
{
    const double share = (double)first / (double)weight;
    return share >= bounds->lower && share <= bounds->upper;
}

/* The one of the least bottom; `low` is at most `high`. */
static struct fraction simplest(struct fraction low, struct fraction high)
{
    const uint64_t whole = low.top / low.bottom;
    if (whole * low.bottom == low.top)
        return (struct fraction){whole, 1};
    if (high.top / high.bottom > whole)
        return (struct fraction){whole + 1, 1};
    const struct fraction rest =
        simplest((struct fraction){high.bottom, high.top - whole * high.bottom},
                 (struct fraction){low.bottom, low.top - whole * low.bottom});
    return (struct fraction){whole * rest.top + rest.bottom, rest.top};
}

static uint64_t units_of(double share)
{
    return (uint64_t)(share * 0x1p63);
}

/* Between bounds from 0 to 1, and what is rounded to either of them. */
static struct fraction find(const struct bounds *bounds)
{
    const uint64_t one = UINT64_C(1) << 63;
    const uint64_t lower = units_of(bounds->lower), upper = units_of(bounds->upper);
    const uint64_t below = units_of(nextafter(bounds->lower, 0)),
                   above = units_of(nextafter(bounds->upper, 2));
    return simplest((struct fraction){lower - (lower - below) / 2, one},
                    (struct fraction){upper + (above - upper) / 2, one});
}

void limits_keep(const struct bounds *bounds, uint32_t counts[2])
{
    const uint32_t weight = counts[0] + counts[1];
    const double least = ceil(bounds->lower * weight), most = floor(bounds->upper * weight);
    double first = counts[0];
    first = first < least ? least : first > most ? most : first;
    counts[0] = (uint32_t)first;
    counts[1] = weight - counts[0];
    if (is_between(bounds, counts[0], weight))
        return;
    const struct fraction found = find(bounds);
    if (found.bottom > INT32_MAX || !is_between(bounds, found.top, found.bottom))
        return;
    const uint64_t times = weight / found.bottom + (weight % found.bottom > found.bottom / 2);
    counts[0] = (uint32_t)(found.top * (times ? times : 1));
    counts[1] = (uint32_t)((found.bottom - found.top) * (times ? times : 1));
}
