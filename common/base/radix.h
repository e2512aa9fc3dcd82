/*
 * radix: sorts 64-bit keys by some of their bits.
 */
#ifndef BASE_RADIX_H
#define BASE_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Sorts keys[0 .. count-1] by the `bits` bits from bit `shift` on; stable. `spare` has room for
 * as many. Returns whichever of the two arrays holds the result.
 */
uint64_t *radix_sort(uint64_t *keys, uint64_t *spare, size_t count, unsigned shift, unsigned bits);

/*
 * Sorts runs that lie side by side, each in its place: run r is keys[first[r] .. first[r + 1] - 1].
 * False when memory is out.
 */
bool radix_sort_runs(uint64_t *keys, const size_t *first, size_t runs, unsigned shift,
                     unsigned bits);

#endif
