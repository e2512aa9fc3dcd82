/*
 * fields: the kernels under a line of numbers: where its spaces are, and what its decimals mean.
 *
 * Kernels read whole vectors, so FIELDS_PADDING bytes before the first and after the last byte
 * of a text must be readable; what they hold does not matter. All kernels may be called by any
 * number of threads, and give the same results to the bit.
 */
#ifndef VECTORS_FIELDS_H
#define VECTORS_FIELDS_H

#include "base/cpu.h"

#include <stddef.h>
#include <stdint.h>

enum {
    FIELDS_PADDING = 64,
    FIELDS_SLACK = 64 /* entries behind the capacity of `spaces` that a scan may overwrite */
};

/*
 * Finds the spaces (0x20) of the line that begins at `text`; there must be a '\n' that ends it.
 * Returns the line's length without the '\n', below 2^32. `*count` is how many spaces it has;
 * the offsets of the first `capacity` of them are stored.
 */
typedef size_t fields_scan(const char *text, uint32_t *spaces, size_t capacity, size_t *count);

/* How fields were converted; the rest, in groups of any decimals. */
struct fields_account {
    uint64_t singly; /* by number_parse, one by one: of usual decimals, none but by the portable
                        kernel and in less than a group */
    uint64_t short_groups; /* groups of eight short ones, by a kernel that knows them */
};

/*
 * Converts `count` fields, as number_parse does. Field i is what stands between bounds[i] and
 * bounds[i + 1], two offsets of separators from `text`. Returns `count`, or the number of the
 * first field that is no number; the values are good up to there. Adds to the account.
 */
typedef size_t fields_convert(const char *text, const uint32_t *bounds, size_t count, float *values,
                              struct fields_account *account);

struct fields_kernel {
    fields_scan *scan;
    fields_convert *convert;
};

/* The fastest kernel of that level. The portable one is the definition. */
struct fields_kernel fields_kernel_of(enum cpu_level level);
/* What its own level is called. */
const char *fields_kernel_name(enum cpu_level level);

fields_scan fields_scan_portable, fields_scan_avx2, fields_scan_avx512;
fields_convert fields_convert_portable, fields_convert_avx2, fields_convert_avx512;

#endif
