/*
 * A feature is sorted as 64-bit items: the value's bits, made to ascend as unsigned numbers do,
 * above the row. A radix sort, least significant digit first, goes by the upper 22 or 24 bits of
 * the value, which leaves few items out of place; these are then put right by insertion. Where they
 * are many, because most values share those bits, it goes by all of them. As rows are part of the
 * items, equal values are left in the order of their rows.
 */
#define _GNU_SOURCE
#include "forest/ranks.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Narrower digits, but more, where there are few rows; all digits where there are many. */
enum { DIGITS_MOST = 4, DIGIT_BITS = 11, FEW_DIGIT_BITS = 8, FEW = 1024, MANY = 1 << 15 };

/* So many moves an item pay for the digits that were left out. */
enum { MOVES = 4 };

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

/* The digits that items are sorted by: `count` of `bits` bits each, the last one on top. */
struct digits {
    unsigned count, bits;
};

static unsigned digit_shift(const struct digits *digits, unsigned number)
{
    return 64 - digits->bits * (digits->count - number);
}

/* How many items come before those of each value of each digit. */
struct starts {
    uint32_t of[DIGITS_MOST][1 << DIGIT_BITS];
};

static inline void count_digits(struct starts *starts, const uint64_t *items, size_t count,
                                unsigned digits, unsigned bits)
{
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (unsigned digit = 0; digit < digits; digit++)
        memset(starts->of[digit], 0, (mask + 1) * sizeof *starts->of[digit]);
    for (size_t i = 0; i < count; i++)
        for (unsigned digit = 0; digit < digits; digit++)
            starts->of[digit][items[i] >> (64 - bits * (digits - digit)) & mask]++;
    for (unsigned digit = 0; digit < digits; digit++) {
        uint32_t before = 0;
        for (uint64_t value = 0; value <= mask; value++) {
            uint32_t here = starts->of[digit][value];
            starts->of[digit][value] = before;
            before += here;
        }
    }
}

/* One pass: moves the items to `to`, ordered by a digit. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, size_t count, uint32_t *starts,
                          unsigned shift, unsigned bits)
{
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & mask]++] = from[i];
}

/* Sorts the items by digits; `spare` is as large. Returns where they ended up. */
static uint64_t *sort_by_digits(uint64_t *items, uint64_t *spare, size_t count,
                                struct digits digits)
{
    struct starts starts;
    /* Loops do best where numbers are constant. */
    if (digits.count == 2)
        count_digits(&starts, items, count, 2, DIGIT_BITS);
    else if (digits.count == 3)
        count_digits(&starts, items, count, 3, digits.bits);
    else
        count_digits(&starts, items, count, digits.count, digits.bits);
    for (unsigned digit = 0; digit < digits.count; digit++) {
        sort_by_digit(items, spare, count, starts.of[digit], digit_shift(&digits, digit),
                      digits.bits);
        uint64_t *moved = spare;
        spare = items;
        items = moved;
    }
    return items;
}

/* Puts right, by insertion, items that are nearly sorted. False: they are not nearly. */
static bool settle(uint64_t *items, size_t count)
{
    size_t moves = 0, most = MOVES * count;
    for (size_t i = 1; i < count; i++) {
        uint64_t item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1] > item; at--)
            items[at] = items[at - 1];
        items[at] = item;
        moves += i - at;
        if (moves > most)
            return false;
    }
    return true;
}

/* Sorts the items; `spare` is as large. Returns where they ended up. */
static uint64_t *sort_items(uint64_t *items, uint64_t *spare, size_t count)
{
    struct digits upper = {2, DIGIT_BITS}, all = {3, DIGIT_BITS};
    if (count < FEW) {
        upper = (struct digits){3, FEW_DIGIT_BITS};
        all = (struct digits){4, FEW_DIGIT_BITS};
    }
    if (count > MANY)
        return sort_by_digits(items, spare, count, all);
    uint64_t *sorted = sort_by_digits(items, spare, count, upper);
    if (settle(sorted, count))
        return sorted;
    return sort_by_digits(sorted, sorted == items ? spare : items, count, all);
}

/* Marks the ranks that are not parted from the next one. */
static void mark_tight(const uint64_t *sorted, uint32_t rows, uint64_t *tight)
{
    float below = item_value(sorted[0]);
    for (uint32_t rank = 0; rank < rows; rank += 64) {
        uint32_t count = rows - 1 - rank < 64 ? rows - 1 - rank : 64;
        uint64_t word = 0;
        for (uint32_t i = 0; i < count; i++) {
            float above = item_value(sorted[rank + i + 1]);
            word |= (uint64_t)!values_parted(below, above) << i;
            below = above;
        }
        tight[rank / 64] = word;
    }
}

/* The largest distance between two ranks that are not parted. Only tight ones have any. */
static uint32_t widest_span(const uint64_t *sorted, uint32_t rows, const uint64_t *tight)
{
    uint32_t widest = 0, above = 0;
    for (size_t word = 0; word < ranks_words(rows); word++)
        for (uint64_t left = tight[word]; left; left &= left - 1) {
            uint32_t below = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(left);
            above = above > below ? above : below + 1;
            while (above + 1 < rows &&
                   !values_parted(item_value(sorted[below]), item_value(sorted[above + 1])))
                above++;
            widest = above - below > widest ? above - below : widest;
        }
    return widest;
}

static void store_ranks(struct ranks *ranks, uint32_t feature, const uint64_t *sorted)
{
    uint32_t rows = ranks->rows;
    size_t first = (size_t)feature * rows;
    uint32_t *wide = (uint32_t *)ranks->rank + first;
    uint16_t *narrow = (uint16_t *)ranks->rank + first;
    uint64_t *tight = ranks->tight + feature * ranks_words(rows);
    for (uint32_t rank = 0; rank < rows; rank++)
        if (ranks->wide)
            wide[(uint32_t)sorted[rank]] = rank;
        else
            narrow[(uint32_t)sorted[rank]] = (uint16_t)rank;
    mark_tight(sorted, rows, tight);
    ranks->span[feature] = widest_span(sorted, rows, tight);
}

void ranks_sort_in(struct ranks *ranks, uint32_t feature, const float *values, uint64_t *items)
{
    uint32_t rows = ranks->rows;
    for (uint32_t row = 0; row < rows; row++)
        items[row] = (uint64_t)ascending_bits(values[row]) << 32 | row;
    store_ranks(ranks, feature, sort_items(items, items + rows, rows));
}

bool ranks_sort(struct ranks *ranks, const struct matrix *matrix, uint32_t group,
                struct error *error)
{
    uint32_t rows = ranks->rows, first = group * RANKS_GROUP;
    uint32_t count = ranks->features - first < RANKS_GROUP ? ranks->features - first : RANKS_GROUP;
    float *columns = memory_array((size_t)rows * count, sizeof *columns);
    uint64_t *items = memory_array(2 * (size_t)rows, sizeof *items);
    if (columns && items) {
        for (uint32_t row = 0; row < rows; row++)
            for (uint32_t i = 0; i < count; i++)
                columns[(size_t)i * rows + row] = matrix_value(matrix, row, first + i);
        for (uint32_t i = 0; i < count; i++)
            ranks_sort_in(ranks, first + i, columns + (size_t)i * rows, items);
    }
    bool done = columns && items;
    free(columns);
    free(items);
    return done || error_memory(error, "ranking the samples");
}

/* Bytes behind the last rank that may be read, so that kernels may take two ranks at once. */
enum { BEYOND = 2 };

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
        __builtin_add_overflow(tight_size + span_size + BEYOND, rank_size, &size))
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
