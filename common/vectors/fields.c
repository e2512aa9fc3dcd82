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
                               float *values)
{
    for (size_t i = 0; i < count; i++)
        if (!number_parse(text + bounds[i] + 1, bounds[i + 1] - bounds[i] - 1, &values[i]))
            return i;
    return count;
}

struct fields_kernel fields_kernel_of(enum cpu_level level)
{
    static fields_scan *const scans[CPU_LEVELS] = {[CPU_PORTABLE] = fields_scan_portable,
                                                   [CPU_AVX2] = CPU_X86(fields_scan_avx2),
                                                   [CPU_AVX512] = CPU_X86(fields_scan_avx512)};
    static fields_convert *const converts[CPU_LEVELS] = {[CPU_PORTABLE] = fields_convert_portable,
                                                         [CPU_AVX2] = CPU_X86(fields_convert_avx2),
                                                         [CPU_AVX512] =
                                                             CPU_X86(fields_convert_avx512)};
    return (struct fields_kernel){CPU_BEST(scans, level), CPU_BEST(converts, level)};
}
