/*
 * walk_lanes: rounds of walkers who take each step by themselves, as the including file has it.
 * Fourteen are on their way at once, which hides how long their loads take; the places of more
 * would not stay in registers.
 *
 * The keys of those who walk all rounds together stay in the second cache, beside a tree of some
 * ten thousand nodes.
 */
#ifndef VOTE_WALK_LANES_H
#define VOTE_WALK_LANES_H

#include "base/unroll.h"
#include "vote/walk.h"

#include <string.h>

enum { LANES = 14, KEY_BYTES = 1 << 17 };

_Static_assert((int)LANES <= (int)WALK_ROOM, "company for the last ones has room");

/* Where a sample of these keys goes from `place`; the including file has it. */
static inline uint32_t step(const struct walk *walk, uint32_t place, const uint32_t *keys);

/*
 * LANES walkers from `first` on take `steps` steps. A compiler that could see what pointers are
 * made of would keep the offsets, and add walk->keys at each step.
 */
static inline void walk_lanes(const struct walk *walk, size_t first, uint32_t steps)
{
    uint32_t place[LANES];
    const uint32_t *keys[LANES];
    UNROLL(14)
    for (int lane = 0; lane < LANES; lane++) {
        place[lane] = walk->places[first + lane];
        keys[lane] = walk->keys + (size_t)walk->rows[first + lane] * walk->dim;
        __asm__("" : "+r"(keys[lane]));
    }
    for (; steps; steps--) {
        UNROLL(14)
        for (int lane = 0; lane < LANES; lane++)
            place[lane] = step(walk, place[lane], keys[lane]);
    }
    UNROLL(14)
    for (int lane = 0; lane < LANES; lane++)
        walk->places[first + lane] = place[lane];
}

static void line_up(const struct walk *walk, size_t count)
{
    memset(walk->places, 0, count * sizeof *walk->places);
    memcpy(walk->rows, walk->fresh, count * sizeof *walk->rows);
}

/*
 * Notes where `lanes` walkers from `first` on are. Those that are in no leaf are moved behind the
 * `left` that there are already; returns how many there are then.
 */
static inline size_t look_round(const struct walk *walk, size_t first, size_t lanes, size_t left)
{
    UNROLL(14)
    for (size_t lane = 0; lane < lanes; lane++) {
        const uint32_t place = walk->places[first + lane], row = walk->rows[first + lane];
        const uint32_t key = walk->nodes[place].key;
        walk->codes[row] = key & ~PACKED_LEAF;
        walk->places[left] = place;
        walk->rows[left] = row;
        left += key < PACKED_LEAF;
    }
    return left;
}

static size_t round_lanes(const struct walk *walk, size_t count, uint32_t steps, bool fresh)
{
    size_t left = 0, first = 0;
    walk->account->rounds++;
    if (fresh)
        line_up(walk, count);
    for (size_t lane = count; lane % LANES; lane++) { /* company for the last ones */
        walk->places[lane] = walk->places[0];
        walk->rows[lane] = walk->rows[0];
    }
    for (; first + LANES <= count; first += LANES) {
        walk_lanes(walk, first, steps);
        left = look_round(walk, first, LANES, left);
    }
    if (first < count) {
        walk_lanes(walk, first, steps);
        left = look_round(walk, first, count - first, left);
    }
    return left;
}

#endif
