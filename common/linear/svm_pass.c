#include "linear/svm_lanes.h"

const struct svm_kernels svm_kernels_portable = {lanes_pass, lanes_add, lanes_score};

const struct svm_kernels *svm_kernels_of(enum cpu_level level)
{
#if defined(__x86_64__)
    if (level >= CPU_AVX512)
        return &svm_kernels_avx512;
    if (level >= CPU_AVX2)
        return &svm_kernels_avx2;
#endif
    (void)level;
    return &svm_kernels_portable;
}
