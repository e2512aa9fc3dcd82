/*
 * Open addressing in 64 parts, picked by the hash's low bits and each grown by itself: a part is
 * at most 512 KiB, so that while one is copied to twice its size little is held twice.
 */
#include "embed/repeats.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64, MOST_SLOTS = 65536 };

/* The slot that has the fingerprint, or the free one where it belongs. */
static uint64_t *find_slot(const struct repeats_part *part, uint64_t fingerprint)
{
    uint32_t at = (uint32_t)(fingerprint >> 32) & part->mask;
    while (part->slots[at] && part->slots[at] != fingerprint)
        at = (at + 1) & part->mask;
    return &part->slots[at];
}

static bool grow(struct repeats_part *part)
{
    size_t slots = part->slots ? 2 * ((size_t)part->mask + 1) : FIRST_SLOTS;
    struct repeats_part grown = {.slots = calloc(slots, sizeof *grown.slots),
                                 .mask = (uint32_t)slots - 1,
                                 .used = part->used};
    if (!grown.slots)
        return false;
    for (size_t i = 0; part->slots && i <= part->mask; i++)
        if (part->slots[i])
            *find_slot(&grown, part->slots[i]) = part->slots[i];
    free(part->slots);
    *part = grown;
    return true;
}

/* Whether one more fingerprint makes it more than 3/4 full. */
static bool is_full(const struct repeats_part *part)
{
    return !part->slots || part->used >= part->mask - part->mask / 4;
}

bool repeats_add(struct repeats *repeats, uint64_t hash, bool *again)
{
    struct repeats_part *part = &repeats->parts[hash % REPEATS_PARTS];
    uint64_t fingerprint = hash ? hash : REPEATS_PARTS;
    if (is_full(part) && part->mask + 1 < MOST_SLOTS && !grow(part))
        return false;
    uint64_t *slot = find_slot(part, fingerprint);
    *again = *slot != 0;
    if (*again)
        return true;
    if (is_full(part)) {
        repeats->full = true;
        return true;
    }
    *slot = fingerprint;
    part->used++;
    repeats->count++;
    return true;
}

void repeats_free(struct repeats *repeats)
{
    for (int i = 0; i < REPEATS_PARTS; i++)
        free(repeats->parts[i].slots);
    *repeats = (struct repeats){0};
}
