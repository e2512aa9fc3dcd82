/*
 * A node in one load: an instruction takes the feature out of it, another the place, and the key is
 * what the lower half of a register holds. There are no vectors here, for gathers take longer than
 * as many single steps do.
 */
#include "vote/walk.h"

#if defined(__BMI__) && defined(__BMI2__) && defined(__x86_64__)

#include "vote/walk_lanes.h"

#include <immintrin.h>

static inline uint32_t step(const struct walk *walk, uint32_t place, const uint32_t *keys)
{
    enum { KEY = 32 }; /* bits below the others */
    const unsigned feature_bits = (unsigned)__builtin_popcount(walk->feature_mask);
    uint64_t node;
    memcpy(&node, &walk->nodes[place], sizeof node);
    const uint32_t key = keys[_bextr_u64(node, KEY, feature_bits)];
    return (uint32_t)(node >> (KEY + walk->feature_bits)) - (key <= (uint32_t)node);
}

const struct walk_kernel walk_avx2 = {.name = "avx2", .round = round_lanes, .key_bytes = KEY_BYTES};

#endif
