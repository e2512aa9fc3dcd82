/* The one place of the forest where kernels are chosen. */
#include "forest/kernels.h"

static const struct kernels *const by_level[] = {
    [CPU_PORTABLE] = &kernels_portable,
#ifdef __x86_64__
    [CPU_AVX2] = &kernels_avx2,
    [CPU_AVX512] = &kernels_avx512,
#endif
};

const struct kernels *kernels_of(enum cpu_level level)
{
    const enum cpu_level highest = sizeof by_level / sizeof *by_level - 1;
    return by_level[level < highest ? level : highest];
}
