#include "vectors/mean.h"

void mean_add_portable(float *sum, const float *const *vectors, size_t count, size_t dim)
{
    for (size_t v = 0; v < count; v++)
        for (size_t i = 0; i < dim; i++)
            sum[i] += vectors[v][i];
}

mean_add *mean_add_of(enum cpu_level level)
{
    static mean_add *const twins[CPU_LEVELS] = {
        [CPU_PORTABLE] = mean_add_portable, [CPU_AVX2] = CPU_X86(mean_add_avx2)};
    return CPU_BEST(twins, level);
}

void mean_divide(float *sum, size_t count, size_t dim)
{
    if (!count)
        return;
    float divisor = (float)count;
    for (size_t i = 0; i < dim; i++)
        sum[i] /= divisor;
}
