/*
 * radix: sorts 64-bit keys by some of their bits.
 */
#ifndef BASE_RADIX_H
#define BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sorts keys[0 .. count-1] by the `bits` bits from bit `shift` on; stable. `spare` has room for
 * as many. Returns whichever of the two arrays holds the result.
 */
uint64_t *radix_sort(uint64_t *keys, uint64_t *spare, size_t count, unsigned shift, unsigned bits);

#endif
