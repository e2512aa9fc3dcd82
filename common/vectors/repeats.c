/*
 * Open addressing in 64 parts, picked by the hash's low bits and each grown by itself: a part is
 * at most 512 KiB, so that while one is copied to twice its size little is held twice. A slot's
 * place is read off the hash's upper half, as a fraction of the part's size: a part is copied in
 * order, to places in order.
 *
 * Parts that were expected lie together in one piece of memory, in large pages where the system has
 * them: of small ones, each word would miss the cache of addresses, too. A part that outgrows it
 * leaves it, and gives its pages back.
 */
#include "vectors/repeats.h"

#include "base/memory.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 512, MOST_SLOTS = 65536 };

/* The slot that has the fingerprint, or the free one where it belongs. */
static uint64_t *find_slot(const struct repeats_part *part, uint64_t fingerprint)
{
    uint32_t at = repeats_place(part, fingerprint);
    while (part->slots[at] && part->slots[at] != fingerprint)
        at = at + 1 < part->size ? at + 1 : 0;
    return &part->slots[at];
}

static bool is_together(const struct repeats *repeats, const struct repeats_part *part)
{
    return part->size == repeats->expected;
}

static void leave_slots(const struct repeats *repeats, const struct repeats_part *part)
{
    if (!is_together(repeats, part))
        free(part->slots);
    else if (part->slots)
        memory_discard(part->slots, part->size * sizeof *part->slots);
}

static bool grow(const struct repeats *repeats, struct repeats_part *part)
{
    uint32_t size = part->size ? 2 * part->size : FIRST_SLOTS;
    struct repeats_part grown = {.size = size < MOST_SLOTS ? size : MOST_SLOTS, .used = part->used};
    grown.slots = calloc(grown.size, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (uint32_t i = 0; i < part->size; i++)
        if (part->slots[i])
            *find_slot(&grown, part->slots[i]) = part->slots[i];
    leave_slots(repeats, part);
    *part = grown;
    return true;
}

void repeats_expect(struct repeats *repeats, uint64_t count)
{
    /* Two thirds full: some parts get more words than others. */
    uint64_t size = count / REPEATS_PARTS + count / REPEATS_PARTS / 2;
    if (size <= FIRST_SLOTS)
        return;
    if (size > MOST_SLOTS)
        size = MOST_SLOTS;
    repeats->together = memory_cleared(REPEATS_PARTS * (size_t)size, sizeof *repeats->together);
    if (!repeats->together)
        return; /* they grow one by one, then */
    repeats->expected = (uint32_t)size;
    for (size_t i = 0; i < REPEATS_PARTS; i++)
        repeats->parts[i] = (struct repeats_part){repeats->together + i * size, (uint32_t)size, 0};
}

/* Whether one more fingerprint makes it more than 3/4 full. */
static bool is_full(const struct repeats_part *part)
{
    return part->used >= part->size - part->size / 4;
}

bool repeats_add(struct repeats *repeats, uint64_t hash, bool *again)
{
    struct repeats_part *part = &repeats->parts[hash % REPEATS_PARTS];
    uint64_t fingerprint = hash ? hash : REPEATS_PARTS;
    if (is_full(part) && part->size < MOST_SLOTS && !grow(repeats, part))
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
        if (!is_together(repeats, &repeats->parts[i]))
            free(repeats->parts[i].slots);
    free(repeats->together);
    *repeats = (struct repeats){0};
}
