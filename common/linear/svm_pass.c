/* The definition, in the narrowest vectors, and the choice among its twins. */
#include "linear/svm_lanes.h"

SVM_LANES_KERNELS(svm_kernels_portable, SVM_LANES);
SVM_LANES_KERNELS(svm_kernels_few_portable, SVM_FEW);

static const struct svm_kernels *const twins[CPU_LEVELS] = {[CPU_PORTABLE] = &svm_kernels_portable,
                                                            [CPU_AVX2] = CPU_X86(&svm_kernels_avx2),
                                                            [CPU_AVX512] =
                                                                CPU_X86(&svm_kernels_avx512)};

/* Few lanes fill no more than a vector of AVX2. */
static const struct svm_kernels *const few_twins[CPU_LEVELS] = {
    [CPU_PORTABLE] = &svm_kernels_few_portable, [CPU_AVX2] = CPU_X86(&svm_kernels_few_avx2)};

const struct svm_kernels *svm_kernels_of(enum cpu_level level, unsigned models)
{
    return models > SVM_FEW ? CPU_BEST(twins, level) : CPU_BEST(few_twins, level);
}

const char *svm_kernels_name(enum cpu_level level, unsigned models)
{
    return cpu_level_name(models > SVM_FEW ? CPU_BEST_LEVEL(twins, level)
                                           : CPU_BEST_LEVEL(few_twins, level));
}
