/*
 * A feature is sorted by a radix sort, least significant digit first, of 64-bit items: the
 * value's bits, made to ascend as unsigned numbers do, above the row. Being stable, it leaves
 * equal values in the order of their rows.
 */
#define _GNU_SOURCE
#include "forest/ranks.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Three digits cover the 32 bits of a value. */
enum { DIGIT_BITS = 11, DIGITS = 3, BUCKETS = 1 << DIGIT_BITS };

/* A float's bits as a number that ascends with it; -0 comes before 0. */
static uint32_t ascending_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static float item_value(uint64_t item)
{
    uint32_t ascending = (uint32_t)(item >> 32);
    uint32_t bits = ascending & 0x80000000u ? ascending & 0x7fffffffu : ~ascending;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* One pass: moves the items to `to`, ordered by the digit at `shift`. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    uint32_t starts[BUCKETS] = {0};
    for (size_t i = 0; i < count; i++)
        starts[from[i] >> shift & (BUCKETS - 1)]++;
    uint32_t before = 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        uint32_t here = starts[bucket];
        starts[bucket] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
}

/* Sorts the items; `spare` is as large. Returns where they ended up. */
static uint64_t *sort_items(uint64_t *items, uint64_t *spare, size_t count)
{
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        sort_by_digit(items, spare, count, 32 + digit * DIGIT_BITS);
        uint64_t *sorted = spare;
        spare = items;
        items = sorted;
    }
    return items;
}

/* The largest distance between two ranks that are not parted. */
static uint32_t widest_span(const uint64_t *sorted, uint32_t rows)
{
    uint32_t widest = 0;
    for (uint32_t below = 0, above = 0; above < rows; above++) {
        while (values_parted(item_value(sorted[below]), item_value(sorted[above])))
            below++;
        if (above - below > widest)
            widest = above - below;
    }
    return widest;
}

static void mark_tight(const uint64_t *sorted, uint32_t rows, uint64_t *tight)
{
    memset(tight, 0, ranks_words(rows) * sizeof *tight);
    for (uint32_t rank = 0; rank + 1 < rows; rank++)
        if (!values_parted(item_value(sorted[rank]), item_value(sorted[rank + 1])))
            tight[rank / 64] |= UINT64_C(1) << rank % 64;
}

static void store_ranks(struct ranks *ranks, uint32_t feature, const uint64_t *sorted)
{
    uint32_t rows = ranks->rows;
    size_t first = (size_t)feature * rows;
    uint32_t *wide = (uint32_t *)ranks->rank + first;
    uint16_t *narrow = (uint16_t *)ranks->rank + first;
    for (uint32_t rank = 0; rank < rows; rank++)
        if (ranks->wide)
            wide[(uint32_t)sorted[rank]] = rank;
        else
            narrow[(uint32_t)sorted[rank]] = (uint16_t)rank;
    mark_tight(sorted, rows, ranks->tight + feature * ranks_words(rows));
    ranks->span[feature] = widest_span(sorted, rows);
}

bool ranks_sort(struct ranks *ranks, const struct matrix *matrix, uint32_t feature,
                struct error *error)
{
    uint32_t rows = ranks->rows;
    uint64_t *items = memory_array(2 * (size_t)rows, sizeof *items);
    if (!items)
        return error_memory(error, "ranking the samples");
    for (uint32_t row = 0; row < rows; row++)
        items[row] = (uint64_t)ascending_bits(matrix_value(matrix, row, feature)) << 32 | row;
    store_ranks(ranks, feature, sort_items(items, items + rows, rows));
    free(items);
    return true;
}

static bool needs_wide(uint32_t rows)
{
    return rows > UINT16_MAX + 1;
}

void ranks_resize(struct ranks *ranks, uint32_t rows)
{
    ranks->rows = rows;
    ranks->wide = needs_wide(rows);
}

bool ranks_begin(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error)
{
    bool wide = needs_wide(rows);
    size_t tight_size, rank_size, span_size = features * sizeof *ranks->span, size;
    if (__builtin_mul_overflow(ranks_words(rows) * sizeof *ranks->tight, features, &tight_size) ||
        __builtin_mul_overflow((size_t)rows * (wide ? 4 : 2), features, &rank_size) ||
        __builtin_add_overflow(tight_size + span_size, rank_size, &size))
        return error_memory(error, "ranking the samples");
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return error_memory(error, "ranking the samples");
    *ranks = (struct ranks){
        .rows = rows,
        .features = features,
        .wide = wide,
        .tight = (uint64_t *)memory,
        .span = (uint32_t *)(memory + tight_size),
        .rank = memory + tight_size + span_size,
        .memory = memory,
        .memory_size = size,
    };
    return true;
}

void ranks_free(struct ranks *ranks)
{
    if (ranks->memory)
        munmap(ranks->memory, ranks->memory_size);
    *ranks = (struct ranks){0};
}
