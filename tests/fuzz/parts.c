/*
 * Changes to inputs that are several streams (fuzz_split): to one of them, so that its sum is
 * right, or to which there are and in what order.
 */
#include "fuzz.h"

#include <string.h>

enum { HEAD = 1 + 2 * (FUZZ_PARTS - 1), MOST_SIZE = UINT16_MAX };

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* Puts the parts together, the last ones cut off where there is no room. */
static size_t join(const struct fuzz_part *parts, size_t count, uint8_t *to, size_t most)
{
    size_t used = 1 + 2 * (count - 1);
    to[0] = (uint8_t)(count - 1);
    for (size_t i = 0; i < count; i++) {
        size_t part = parts[i].size < most - used ? parts[i].size : most - used;
        if (i + 1 < count) {
            part = part < MOST_SIZE ? part : MOST_SIZE;
            to[1 + 2 * i] = (uint8_t)part;
            to[2 + 2 * i] = (uint8_t)(part >> 8);
        }
        memcpy(to + used, parts[i].data, part);
        used += part;
    }
    return used;
}

/* One more of the same, one less, or two in each other's place. */
static size_t change_order(struct fuzz_part *parts, size_t count, unsigned seed)
{
    const size_t left = seed / 3 % count, right = seed / 16 % count;
    const struct fuzz_part kept = parts[left];
    switch (seed % 3) {
    case 0:
        parts[left] = parts[right];
        parts[right] = kept;
        return count;
    case 1:
        parts[left] = parts[count - 1];
        return count > 1 ? count - 1 : count;
    default:
        if (count < FUZZ_PARTS)
            parts[count++] = kept;
        return count;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    struct fuzz_part parts[FUZZ_PARTS];
    size_t count = fuzz_split(data, size, parts);
    if (!count || most <= HEAD)
        return 0;
    uint8_t *whole = malloc(most), *changed = malloc(most);
    FUZZ_REQUIRE(whole && changed);
    if (seed % 8 == 0) {
        count = change_order(parts, count, seed / 8);
    } else {
        struct fuzz_part *part = &parts[seed / 8 % count];
        memcpy(changed, part->data, part->size);
        *part =
            (struct fuzz_part){changed, fuzz_change_stream(changed, part->size, most, seed / 32)};
    }
    size = join(parts, count, whole, most);
    memcpy(data, whole, size);
    free(whole);
    free(changed);
    return size;
}
