/*
 * repeats: which words came before, within a bounded memory.
 *
 * It holds a 64-bit fingerprint of each word, not the word: of two million words, any two have
 * the same one with a probability of 1e-7. It grows to 32 MiB, or some three million words; then
 * new ones are not noted any more.
 */
#ifndef VECTORS_REPEATS_H
#define VECTORS_REPEATS_H

#include "base/prefetch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPEATS_PARTS = 64 };

struct repeats_part {
    uint64_t *slots; /* 0: free */
    uint32_t size;
    uint32_t used;
};

/* Start from `{0}`, end with repeats_free. */
struct repeats {
    struct repeats_part parts[REPEATS_PARTS];
    uint64_t count;     /* distinct words, those not noted left out */
    bool full;          /* there were words that were not noted */
    uint64_t *together; /* memory of the parts that have the size `expected` */
    uint32_t expected;
};

/*
 * Makes room for some `count` words at once, before the first, if there is memory. A guess: of more
 * it grows, and it takes no more than it ever would, but for a page or two of each part.
 */
void repeats_expect(struct repeats *repeats, uint64_t count);

/*
 * Notes a word by its hash; `*again` tells whether it was noted before. False when memory is
 * out.
 */
bool repeats_add(struct repeats *repeats, uint64_t hash, bool *again);

/* Where the search for a fingerprint starts. */
static inline uint32_t repeats_place(const struct repeats_part *part, uint64_t fingerprint)
{
    return (uint32_t)((fingerprint >> 32) * part->size >> 32);
}

/* Asks for the memory that repeats_add will look at. */
static inline void repeats_prefetch(const struct repeats *repeats, uint64_t hash)
{
    const struct repeats_part *part = &repeats->parts[hash % REPEATS_PARTS];
    if (part->slots)
        prefetch_line(&part->slots[repeats_place(part, hash)]);
}

void repeats_free(struct repeats *repeats);

#endif
