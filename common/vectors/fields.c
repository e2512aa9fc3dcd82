/* The portable kernels, which define the others, and the choice among them. */
#include "vectors/fields.h"

#include "vectors/number.h"

size_t fields_scan_portable(const char *text, uint32_t *spaces, size_t capacity, size_t *count)
{
    size_t found = 0, at = 0;
    /* Stored whether it is a space or not: a branch here would be foretold badly. */
    for (; text[at] != '\n'; at++) {
        spaces[found < capacity ? found : capacity] = (uint32_t)at;
        found += text[at] == ' ';
    }
    *count = found;
    return at;
}

size_t fields_convert_portable(const char *text, const uint32_t *bounds, size_t count,
                               float *values, struct fields_account *account)
{
    account->singly += count;
    for (size_t i = 0; i < count; i++)
        if (!number_parse(text + bounds[i] + 1, bounds[i + 1] - bounds[i] - 1, &values[i]))
            return i;
    return count;
}

static const struct fields_kernel portable = {fields_scan_portable, fields_convert_portable};
#if defined(__x86_64__)
static const struct fields_kernel avx2 = {fields_scan_avx2, fields_convert_avx2};
static const struct fields_kernel avx512 = {fields_scan_avx512, fields_convert_avx512};
#endif
static const struct fields_kernel *const twins[CPU_LEVELS] = {
    [CPU_PORTABLE] = &portable, [CPU_AVX2] = CPU_X86(&avx2), [CPU_AVX512] = CPU_X86(&avx512)};

struct fields_kernel fields_kernel_of(enum cpu_level level)
{
    return *CPU_BEST(twins, level);
}

const char *fields_kernel_name(enum cpu_level level)
{
    return cpu_level_name(CPU_BEST_LEVEL(twins, level));
}
