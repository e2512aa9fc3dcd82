/*
 * slots: open addressing from 64-bit hashes to consecutive numbers.
 *
 * What is numbered lies with whoever numbers it, and is compared there: the slots from a hash's
 * first one on, up to a free one, hold the numbers whose hash may be the same.
 *
 *     for (struct slot *slot = slots_first(&slots, hash);; slot = slots_next(&slots, slot))
 *         if (!slot->index) ... it is not there, and belongs here: *slot = slot_of(hash, number)
 *         else if (slot->tag == slots_tag(hash) && ... that of number slot->index - 1) ... found
 */
#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include "base/prefetch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slot {
    uint32_t tag;   /* the upper half of the hash; its upper bits are the first place to look */
    uint32_t index; /* number + 1; 0: free */
};

/* Start from `{0}`. */
struct slots {
    struct slot *at;
    size_t count; /* a power of two, or 0 */
};

static inline uint32_t slots_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static inline struct slot slot_of(uint64_t hash, uint32_t number)
{
    return (struct slot){slots_tag(hash), number + 1};
}

/* There are slots. */
static inline struct slot *slots_first(const struct slots *slots, uint64_t hash)
{
    return &slots->at[((hash >> 32) * slots->count) >> 32];
}

static inline struct slot *slots_next(const struct slots *slots, const struct slot *slot)
{
    return &slots->at[((size_t)(slot - slots->at) + 1) & (slots->count - 1)];
}

/* Fetches what slots_first gives; there may be no slots. */
static inline void slots_prefetch(const struct slots *slots, uint64_t hash)
{
    if (slots->count)
        prefetch_line(slots_first(slots, hash));
}

/* The number whose hash most probably is this one, or UINT32_MAX; there may be no slots. */
static inline uint32_t slots_guess(const struct slots *slots, uint64_t hash)
{
    if (!slots->count)
        return UINT32_MAX;
    const struct slot *slot = slots_first(slots, hash);
    while (slot->index && slot->tag != slots_tag(hash))
        slot = slots_next(slots, slot);
    return slot->index - 1; /* of a free slot: UINT32_MAX */
}

/* Whether `numbers` of them leave a quarter free. */
static inline bool slots_suffice(const struct slots *slots, size_t numbers)
{
    return numbers <= slots->count - slots->count / 4;
}

/* Makes it so. False when memory is out. */
bool slots_reserve(struct slots *slots, size_t numbers);

/*
 * Frees each slot, of which `numbers` were taken; keeps the memory, unless it is many times what
 * these need.
 */
void slots_clear(struct slots *slots, size_t numbers);

size_t slots_bytes(const struct slots *slots);

void slots_free(struct slots *slots);

#endif
