/* Parting by one compare at a time, which is the definition, and the choice of a twin. */
#include "vote/crowd.h"

#include "base/tree.h"

uint32_t crowd_part_portable(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                             size_t words)
{
    uint32_t left = 0;
    for (size_t word = 0; word < words; word++) {
        const float *column = split->column + word * CROWD_WORD;
        uint64_t goes_left = 0;
        for (uint64_t wait = crowd[word]; wait; wait &= wait - 1) {
            const int row = __builtin_ctzll(wait);
            if (tree_goes_left(column[row], split->threshold, split->missing_left))
                goes_left |= wait & -wait;
        }
        right[word] = crowd[word] & ~goes_left;
        crowd[word] = goes_left;
        left += (uint32_t)__builtin_popcountll(goes_left);
    }
    return left;
}

crowd_parter *crowd_parter_of(enum cpu_level level)
{
    static crowd_parter *const twins[CPU_LEVELS] = {[CPU_PORTABLE] = crowd_part_portable,
                                                    [CPU_AVX2] = CPU_X86(crowd_part_avx2),
                                                    [CPU_AVX512] = CPU_X86(crowd_part_avx512)};
    return CPU_BEST(twins, level);
}
