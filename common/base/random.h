/*
 * random: the project's own random numbers, the same on every machine.
 *
 * A generator is keyed by (seed, stream): trees, corpora and shuffles each take a stream of
 * their own, so that what one draws never depends on what another drew before it.
 *
 * xoshiro256** 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47(4), 2021), its state filled by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* Plain data: copy it to fork a sequence. */
struct random {
    uint64_t state[4];
};

/* The generator of `stream` under `seed`. */
struct random random_keyed(uint64_t seed, uint64_t stream);

/* Uniform over all 64-bit values. */
static inline uint64_t random_u64(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t scrambled = s[1] * 5;
    uint64_t result = ((scrambled << 7) | (scrambled >> 57)) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

/*
 * Uniform over 0..bound-1, without bias; bound in 1..2^32-1. Lemire, "Fast random integer
 * generation in an interval", ACM TOMACS 29(1), 2019.
 */
static inline uint32_t random_below(struct random *random, uint32_t bound)
{
    uint64_t product = (random_u64(random) >> 32) * bound;
    if ((uint32_t)product < bound) {
        uint32_t threshold = -bound % bound;
        while ((uint32_t)product < threshold)
            product = (random_u64(random) >> 32) * bound;
    }
    return (uint32_t)(product >> 32);
}

/* Uniform over [0, 1): 53 random bits. */
static inline double random_unit(struct random *random)
{
    return (double)(random_u64(random) >> 11) * 0x1p-53;
}

#endif
