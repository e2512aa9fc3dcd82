/*
 * fields_groups: what the vector kernels of fields.h share: lines in blocks of 64 bytes, numbers
 * in groups of eight fields. A kernel's file includes it, and defines the three functions that
 * are declared here for its instruction set.
 *
 * Eight fields are converted at once, each in a lane of 16 bytes that ends where the field ends;
 * so the last digit always stands in the last byte.
 *
 * A lane is first cleared of what is not the field's, and of its minus. '0' is subtracted, and
 * the digits before the point move one byte towards it, over it: what remains is up to 16 digits
 * with zeros before them, as if there were no point. Three multiplications join neighbours, by
 * 10, 100 and 10,000, to two numbers of eight digits, which a double holds together as long as
 * they are below 2^53. It is divided by the power of ten that the point's place tells: correctly
 * rounded, by number.c's first way.
 *
 * A lane in which a byte is none of 0 to 9 then was no such decimal: it had an exponent, say, or
 * two points. Neither is a field of less than LEAST_SIZE bytes (in which sign and point may leave
 * no digit) or more than MOST_SIZE. Those few go through the portable kernel.
 */
#ifndef VECTORS_FIELDS_GROUPS_H
#define VECTORS_FIELDS_GROUPS_H

#include "vectors/fields.h"

enum {
    BLOCK = 64,
    GROUP = 8,
    LEAST_SIZE = 3,
    MOST_SIZE = 16,
    POINT_MARK = 31, /* bits of a mark: where the point is, from 1; 0 for none */
    SIGN_MARK = 32   /* and whether there is a minus */
};

/* Bit i of a block is about byte i. */
struct scanned_block {
    uint64_t spaces, ends;
};

static inline struct scanned_block scan_block(const char *text);

/* Stores base + i for each bit i of `bits`, and perhaps more behind them, up to BLOCK in all. */
static inline void store_offsets(uint32_t *to, uint64_t bits, uint32_t base);

/*
 * Converts fields 0 to 7 as if they were usual decimals; bit i of the result is set where field
 * i is none, and its value then is not to be used.
 */
static inline unsigned convert_group(const char *text, const uint32_t *bounds, float *values,
                                     struct fields_account *account);

/* fields_scan */
static inline size_t scan_by_blocks(const char *text, uint32_t *spaces, size_t capacity,
                                    size_t *count)
{
    size_t found = 0;
    for (size_t at = 0;; at += BLOCK) {
        struct scanned_block block = scan_block(text + at);
        if (block.ends)
            block.spaces &= block.ends ^ (block.ends - 1);
        if (found < capacity)
            store_offsets(spaces + found, block.spaces, (uint32_t)at);
        found += (size_t)__builtin_popcountll(block.spaces);
        if (block.ends) {
            *count = found;
            return at + (size_t)__builtin_ctzll(block.ends);
        }
    }
}

/* fields_convert */
static inline size_t convert_by_groups(const char *text, const uint32_t *bounds, size_t count,
                                       float *values, struct fields_account *account)
{
    if (count < GROUP)
        return fields_convert_portable(text, bounds, count, values, account);
    for (size_t i = 0; i < count; i += GROUP) {
        /* The last group overlaps the one before it. */
        size_t at = i + GROUP <= count ? i : count - GROUP;
        unsigned wrong = convert_group(text, bounds + at, values + at, account);
        for (; wrong; wrong &= wrong - 1) {
            size_t field = at + (size_t)__builtin_ctz(wrong);
            if (fields_convert_portable(text, bounds + field, 1, values + field, account) == 0)
                return field;
        }
    }
    return count;
}

#endif
