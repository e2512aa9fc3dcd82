/*
 * Least digit first; a digit that all keys share is passed over. A pass takes as long as there are
 * keys and its digit has values: so few keys have small digits, and all are as even as the bits
 * allow.
 */
#include "base/radix.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { FEWEST_BITS = 6, MOST_BITS = 11, DIGITS = 1 << MOST_BITS };

/* Distributes by the digit at `shift`; false, with nothing done, where all keys have the same. */
static bool distribute(uint64_t *to, const uint64_t *from, size_t count, unsigned shift,
                       uint64_t mask)
{
    size_t places[DIGITS];
    memset(places, 0, (mask + 1) * sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[from[i] >> shift & mask]++;
    if (places[from[0] >> shift & mask] == count)
        return false;
    size_t before = 0;
    for (size_t digit = 0; digit <= mask; digit++) {
        size_t here = places[digit];
        places[digit] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i] >> shift & mask]++] = from[i];
    return true;
}

/* The most bits of a digit: it has no more values than there are keys, or few. */
static unsigned digit_bits(size_t count)
{
    unsigned bits = FEWEST_BITS;
    while (bits < MOST_BITS && (size_t)2 << bits <= count)
        bits++;
    return bits;
}

uint64_t *radix_sort(uint64_t *keys, uint64_t *spare, size_t count, unsigned shift, unsigned bits)
{
    unsigned most = digit_bits(count);
    for (unsigned passes = (bits + most - 1) / most; count > 1 && passes; passes--) {
        unsigned digit = (bits + passes - 1) / passes;
        if (distribute(spare, keys, count, shift, (UINT64_C(1) << digit) - 1)) {
            uint64_t *sorted = spare;
            spare = keys;
            keys = sorted;
        }
        shift += digit;
        bits -= digit;
    }
    return keys;
}

bool radix_sort_runs(uint64_t *keys, const size_t *first, size_t runs, unsigned shift,
                     unsigned bits)
{
    size_t most = 1;
    for (size_t run = 0; run < runs; run++)
        if (first[run + 1] - first[run] > most)
            most = first[run + 1] - first[run];
    uint64_t *spare = memory_array(most, sizeof *spare);
    for (size_t run = 0; spare && run < runs; run++) {
        uint64_t *own = keys + first[run];
        size_t count = first[run + 1] - first[run];
        if (radix_sort(own, spare, count, shift, bits) != own)
            memcpy(own, spare, count * sizeof *own);
    }
    free(spare);
    return spare != NULL;
}
