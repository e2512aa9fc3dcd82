/*
 * ahead: look-ups in slots, one after the other, whose cache misses overlap.
 *
 * A slot is fetched AHEAD - 1 turns before its own, and HALFWAY what its number stands for. Where
 * hashes are made on the way, a ring keeps each until its turn:
 *
 *     for (i = 0; i < AHEAD - 1; i++)
 *         ... ahead_put(&ahead, &slots, i, hash of number i)
 *     for (i = 0; i < count; i++)
 *         ... ahead_put for i + AHEAD - 1, if it is there; look up ahead_hash(&ahead, i)
 */
#ifndef BASE_AHEAD_H
#define BASE_AHEAD_H

#include "base/slots.h"

#include <stddef.h>
#include <stdint.h>

enum { AHEAD = 16, HALFWAY = AHEAD / 2 };

struct ahead {
    uint64_t hashes[AHEAD];
};

static inline void ahead_put(struct ahead *ahead, const struct slots *slots, size_t i,
                             uint64_t hash)
{
    ahead->hashes[i % AHEAD] = hash;
    slots_prefetch(slots, hash);
}

/* That of look-up `i`, of which no more than AHEAD - 1 later ones were put. */
static inline uint64_t ahead_hash(const struct ahead *ahead, size_t i)
{
    return ahead->hashes[i % AHEAD];
}

#endif
