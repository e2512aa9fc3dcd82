/* The state of xoshiro256** is filled by SplitMix64, as its authors advise. */
#include "base/random.h"

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct random random_keyed(uint64_t seed, uint64_t stream)
{
    /* The seed is scrambled before the stream joins it: (1, 2) and (2, 1) share nothing. */
    uint64_t state = splitmix64(&seed) ^ stream;
    struct random random;
    for (int i = 0; i < 4; i++)
        random.state[i] = splitmix64(&state);
    return random;
}
