/*
 * A slot's place is read off its tag: 2^k slots start to look for a tag at tag x 2^k / 2^32.
 * Growing therefore needs nothing to be hashed again, and visits both the old and the new slots
 * nearly in order.
 */
#include "base/slots.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    FEWEST_SLOTS = 64,
    SPARSE = 64 /* slots for each number, beyond which clearing would take longer than filling */
};

static void move(const struct slots *from, struct slots *to)
{
    for (size_t i = 0; i < from->count; i++) {
        struct slot slot = from->at[i];
        if (!slot.index)
            continue;
        struct slot *place = slots_first(to, (uint64_t)slot.tag << 32);
        while (place->index)
            place = slots_next(to, place);
        *place = slot;
    }
}

bool slots_reserve(struct slots *slots, size_t numbers)
{
    struct slots grown = {.count = slots->count ? slots->count : FEWEST_SLOTS};
    while (!slots_suffice(&grown, numbers)) {
        if (grown.count > SIZE_MAX / 2 / sizeof *grown.at)
            return false;
        grown.count *= 2;
    }
    if (grown.count == slots->count)
        return true;
    grown.at = memory_large(grown.count * sizeof *grown.at);
    if (!grown.at)
        return false;
    memset(grown.at, 0, grown.count * sizeof *grown.at);
    move(slots, &grown);
    free(slots->at);
    *slots = grown;
    return true;
}

void slots_clear(struct slots *slots, size_t numbers)
{
    if (numbers < slots->count / SPARSE)
        slots_free(slots);
    else if (slots->count)
        memset(slots->at, 0, slots->count * sizeof *slots->at);
}

size_t slots_bytes(const struct slots *slots)
{
    return slots->count * sizeof *slots->at;
}

void slots_free(struct slots *slots)
{
    free(slots->at);
    *slots = (struct slots){0};
}
