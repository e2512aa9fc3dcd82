/*
 * near: pairs of sets that have most of their members in common.
 *
 * All pairs x, y with |x and y| / |x or y| >= t, Jaccard's index, and no others: sets are taken by
 * size, and two that are so near share one of their first members, where these are the rarest: of a
 * set of n the first n - ceil(t n) + 1 are looked up, and the first n - ceil(2 t / (1 + t) n) + 1
 * are what later ones find it by (Bayardo, Ma and Srikant, "Scaling up all pairs similarity
 * search", WWW 2007; Xiao, Wang, Lin and Yu, "Efficient similarity joins for near duplicate
 * detection", WWW 2008). Time is near linear where texts are as texts are; thousands of sets that
 * all are near each other take time by their pairs.
 */
#ifndef TEXT_NEAR_H
#define TEXT_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed. Set i's members are member[begin[i] .. begin[i + 1] - 1], ascending, each once. */
struct near_sets {
    const size_t *begin;    /* count + 1 */
    const uint32_t *member; /* below `members`, numbered from the rarest on */
    size_t count;
    uint32_t members;
};

struct near {
    const struct near_sets *sets;
    double least; /* t, above 0 and at most 1 */
    /* Whether the pair matters; pairs that don't are not compared. NULL: all do. */
    bool (*matters)(void *context, uint32_t x, uint32_t y);
    /* Takes a pair that is near, and its index. */
    void (*take)(void *context, uint32_t x, uint32_t y, double index);
    void *context;
};

/* Empty sets are near to none. False when memory is out. */
bool near_pairs(const struct near *near);

#endif
