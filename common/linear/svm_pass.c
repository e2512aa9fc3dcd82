/* The definition, in the narrowest vectors, and the choice among its twins. */
#include "linear/svm_lanes.h"

const struct svm_kernels svm_kernels_portable = {lanes_pass, lanes_add, lanes_score};

static const struct svm_kernels *const twins[CPU_LEVELS] = {[CPU_PORTABLE] = &svm_kernels_portable,
                                                            [CPU_AVX2] = CPU_X86(&svm_kernels_avx2),
                                                            [CPU_AVX512] =
                                                                CPU_X86(&svm_kernels_avx512)};

const struct svm_kernels *svm_kernels_of(enum cpu_level level)
{
    return CPU_BEST(twins, level);
}

const char *svm_kernels_name(enum cpu_level level)
{
    return cpu_level_name(CPU_BEST_LEVEL(twins, level));
}
