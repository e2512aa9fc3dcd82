/* Sums vector after vector, as numpy adds rows. */
#include "vectors/mean.h"

void mean_add_portable(float *sum, const float *const *vectors, size_t count, size_t dim)
{
    for (size_t v = 0; v < count; v++)
        for (size_t i = 0; i < dim; i++)
            sum[i] += vectors[v][i];
}

static mean_add *const twins[CPU_LEVELS] = {
    [CPU_PORTABLE] = mean_add_portable, [CPU_AVX2] = CPU_X86(mean_add_avx2)};

mean_add *mean_add_of(enum cpu_level level)
{
    return CPU_BEST(twins, level);
}

const char *mean_add_name(enum cpu_level level)
{
    return cpu_level_name(CPU_BEST_LEVEL(twins, level));
}

void mean_divide(float *sum, size_t count, size_t dim)
{
    if (!count)
        return;
    float divisor = (float)count;
    for (size_t i = 0; i < dim; i++)
        sum[i] /= divisor;
}
