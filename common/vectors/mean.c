#include "vectors/mean.h"

void mean_add_portable(float *sum, const float *const *vectors, size_t count, size_t dim)
{
    for (size_t v = 0; v < count; v++)
        for (size_t i = 0; i < dim; i++)
            sum[i] += vectors[v][i];
}

mean_add *mean_add_of(enum cpu_level level)
{
#if defined(__x86_64__)
    if (level >= CPU_AVX2)
        return mean_add_avx2;
#endif
    (void)level;
    return mean_add_portable;
}

void mean_divide(float *sum, size_t count, size_t dim)
{
    if (!count)
        return;
    float divisor = (float)count;
    for (size_t i = 0; i < dim; i++)
        sum[i] /= divisor;
}
