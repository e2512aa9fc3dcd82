/* Least digit first; a digit that all keys share is passed over. */
#include "base/radix.h"

#include <stdbool.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Distributes by the digit at `shift`; false, with nothing done, where all keys have the same. */
static bool distribute(uint64_t *to, const uint64_t *from, size_t count, unsigned shift,
                       uint64_t mask)
{
    size_t places[DIGITS] = {0};
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

uint64_t *radix_sort(uint64_t *keys, uint64_t *spare, size_t count, unsigned shift, unsigned bits)
{
    while (count > 1 && bits) {
        unsigned digit = bits < DIGIT_BITS ? bits : DIGIT_BITS;
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
