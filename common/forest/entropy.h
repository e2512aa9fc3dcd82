/*
 * entropy: n log2 n for whole n, as whole numbers.
 *
 * Entropies of counts are sums and differences of n log2 n. As fixed-point integers these add up
 * exactly, in any order and on any machine, so that equal splits score exactly equal.
 */
#ifndef FOREST_ENTROPY_H
#define FOREST_ENTROPY_H

#include <stdint.h>

/*
 * The array of n log2 n x 2^s for n = 0 .. most, most in 1 .. 2^31, with the largest s that keeps
 * them below 2^52, so that they are exact as doubles too. Each is the true number or less, by 1.1
 * at most. Freed with free(); NULL when memory is out.
 */
int64_t *entropy_table(uint32_t most);

#endif
