/* The one place of the forest where kernels are chosen. */
#include "forest/kernels.h"

const struct kernels *kernels_of(enum cpu_level level)
{
    static const struct kernels *const twins[CPU_LEVELS] = {[CPU_PORTABLE] = &kernels_portable,
                                                            [CPU_AVX2] = CPU_X86(&kernels_avx2),
                                                            [CPU_AVX512] =
                                                                CPU_X86(&kernels_avx512)};
    return CPU_BEST(twins, level);
}
