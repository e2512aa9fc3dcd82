/*
 * A feature is sorted by a radix sort, least significant digit first, of 64-bit items: the
 * value's bits, made to ascend as unsigned numbers do, above the row. Being stable, it leaves
 * equal values in the order of their rows.
 */
#define _GNU_SOURCE
#include "forest/ranks.h"

#include "base/memory.h"
#include "forest/renumber.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Three digits cover the 32 bits of a value; four narrower ones where there are few rows. */
enum { VALUE_BITS = 32, DIGIT_BITS = 11, SHORT_DIGIT_BITS = 8, LONG_DIGITS_FROM = 4096 };

static float item_value(uint64_t item)
{
    return ranks_value((uint32_t)(item >> 32));
}

/* One pass: moves the items to `to`, ordered by the digit of `bits` bits at `shift`. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, size_t count, unsigned shift,
                          unsigned bits)
{
    uint32_t starts[1 << DIGIT_BITS], before = 0;
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    memset(starts, 0, (mask + 1) * sizeof *starts);
    for (size_t i = 0; i < count; i++)
        starts[from[i] >> shift & mask]++;
    for (uint64_t value = 0; value <= mask; value++) {
        uint32_t here = starts[value];
        starts[value] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & mask]++] = from[i];
}

/* Sorts the items; `spare` is as large. Returns where they ended up. */
static uint64_t *sort_items(uint64_t *items, uint64_t *spare, size_t count)
{
    unsigned bits = count < LONG_DIGITS_FROM ? SHORT_DIGIT_BITS : DIGIT_BITS;
    for (unsigned sorted = 0; sorted < VALUE_BITS; sorted += bits) {
        sort_by_digit(items, spare, count, VALUE_BITS + sorted, bits);
        uint64_t *moved = spare;
        spare = items;
        items = moved;
    }
    return items;
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
    uint32_t present = rows;
    while (present > 0 && (uint32_t)(sorted[present - 1] >> 32) == RANKS_MISSING)
        present--;
    for (uint32_t rank = 0; rank < rows; rank++)
        if (ranks->wide)
            wide[(uint32_t)sorted[rank]] = rank;
        else
            narrow[(uint32_t)sorted[rank]] = (uint16_t)rank;
    if (present < rows)
        memset(tight, 0, ranks_words(rows) * sizeof *tight);
    mark_tight(sorted, present, tight);
    ranks->span[feature] = widest_span(sorted, present, tight);
    ranks->present[feature] = present;
}

/* Ranks one feature by its values; `items` has room for 2 x rows. */
static void sort_feature(struct ranks *ranks, uint32_t feature, const float *values,
                         uint64_t *items)
{
    uint32_t rows = ranks->rows;
    for (uint32_t row = 0; row < rows; row++)
        items[row] =
            (uint64_t)(values[row] == values[row] ? ranks_bits(values[row]) : RANKS_MISSING) << 32 |
            row;
    store_ranks(ranks, feature, sort_items(items, items + rows, rows));
}

/* The keys of `count` features from `first` on. */
static void store_keys(struct ranks *ranks, const struct matrix *matrix, uint32_t first,
                       uint32_t count)
{
    const size_t rows = ranks->rows;
    uint32_t *keys = (uint32_t *)ranks->rank + first * rows, most[RANKS_KEYS] = {0};
    for (size_t row = 0; row < rows; row++)
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t key = ranks_key(matrix_value(matrix, (uint32_t)row, first + i));
            keys[i * rows + row] = key;
            most[i] = key > most[i] ? key : most[i];
        }
    for (uint32_t i = 0; i < count; i++)
        ranks->present[first + i] = most[i] != RANKS_MISSING;
}

bool ranks_sort(struct ranks *ranks, const struct matrix *matrix, uint32_t group,
                struct error *error)
{
    const uint32_t rows = ranks->rows, size = ranks_group(ranks), first = group * size;
    const uint32_t count = ranks->features - first < size ? ranks->features - first : size;
    if (ranks->keys) {
        store_keys(ranks, matrix, first, count);
        return true;
    }
    float *columns = memory_array((size_t)rows * count, sizeof *columns);
    uint64_t *items = memory_array(2 * (size_t)rows, sizeof *items);
    if (columns && items) {
        for (uint32_t row = 0; row < rows; row++)
            for (uint32_t i = 0; i < count; i++)
                columns[(size_t)i * rows + row] = matrix_value(matrix, row, first + i);
        for (uint32_t i = 0; i < count; i++)
            sort_feature(ranks, first + i, columns + (size_t)i * rows, items);
    }
    bool done = columns && items;
    free(columns);
    free(items);
    return done || error_memory(error, "column the samples");
}

/* ---- the ranks of some rows among themselves ---- */

bool ranks_scratch_begin(struct ranks_scratch *scratch, uint32_t from_rows, uint32_t rows)
{
    scratch->taken = calloc(ranks_words(from_rows), sizeof *scratch->taken);
    scratch->before = memory_array(ranks_words(from_rows), sizeof *scratch->before);
    scratch->rank = memory_array(rows, sizeof *scratch->rank);
    return scratch->taken && scratch->before && scratch->rank;
}

void ranks_scratch_free(struct ranks_scratch *scratch)
{
    free(scratch->taken);
    free(scratch->before);
    free(scratch->rank);
    *scratch = (struct ranks_scratch){0};
}

/* Ranks are many, and lie in no near cache: they are asked for so many rows before. */
enum { AHEAD = 64 };

/* Fills scratch->rank with the ranks that the rows have, and marks these as taken. */
static inline void take_ranks(struct ranks_scratch *scratch, const void *from, bool wide,
                              const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch((const char *)from +
                               (size_t)rows[i + AHEAD] *
                                   (wide ? sizeof(uint32_t) : sizeof(uint16_t)));
        uint32_t rank = rank_of(from, wide, rows[i]);
        scratch->rank[i] = rank;
        scratch->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

/* The lowest taken rank above this one, or UINT32_MAX. */
static uint32_t next_taken(const struct ranks_scratch *scratch, size_t words, uint32_t rank)
{
    size_t word = rank / 64;
    uint64_t above = scratch->taken[word] & (~UINT64_C(1) << rank % 64);
    while (!above && ++word < words)
        above = scratch->taken[word];
    return above ? (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(above) : UINT32_MAX;
}

/* Whether all ranks from `below` to the one before `above` are tight: no gap parts the two. */
static bool all_tight(const uint64_t *tight, uint32_t below, uint32_t above)
{
    size_t word = below / 64, last = (above - 1) / 64;
    uint64_t gaps = ~tight[word] & ~UINT64_C(0) << below % 64;
    while (!gaps && word < last)
        gaps = ~tight[++word];
    return !gaps || (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(gaps) >= above;
}

/* Marks those of the new ranks that may be too close to the next one, as the old ones were. */
static void keep_tight(const struct ranks_scratch *scratch, const struct rank_column *from,
                       size_t words, uint64_t *tight)
{
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = scratch->taken[word] & from->tight[word]; left; left &= left - 1) {
            uint32_t below = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(left);
            uint32_t above = next_taken(scratch, words, below);
            if (above == UINT32_MAX || above - below > from->span ||
                !all_tight(from->tight, below, above))
                continue;
            uint32_t rank = renumber_one(scratch, below);
            tight[rank / 64] |= UINT64_C(1) << rank % 64;
        }
}

/* The longest run of tight ranks: two that are not parted are in one. */
static uint32_t longest_run(const uint64_t *tight, size_t words)
{
    uint32_t longest = 0, end = 0, run = 0;
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = tight[word]; left; left &= left - 1) {
            uint32_t rank = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(left);
            run = rank == end ? run + 1 : 1;
            end = rank + 1;
            longest = run > longest ? run : longest;
        }
    return longest;
}

static void *column_of(const struct ranks *ranks, uint32_t feature)
{
    size_t first = (size_t)feature * ranks->rows;
    return ranks->wide ? (void *)((uint32_t *)ranks->rank + first)
                       : (void *)((uint16_t *)ranks->rank + first);
}

static void take_keys(struct ranks *ranks, uint32_t feature, const struct ranks *all,
                      const uint32_t *rows)
{
    const uint32_t *from = column_of(all, feature);
    uint32_t *to = column_of(ranks, feature);
    const uint32_t count = ranks->rows;
    for (uint32_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(from + rows[i + AHEAD]);
        to[i] = from[rows[i]];
    }
    ranks->present[feature] = all->present[feature];
}

void ranks_take(struct ranks *ranks, uint32_t feature, const struct ranks *all,
                const uint32_t *rows, struct ranks_scratch *scratch, ranks_renumber *renumber)
{
    if (all->keys) {
        take_keys(ranks, feature, all, rows);
        return;
    }
    struct rank_column from = ranks_column(all, feature);
    size_t words = ranks_words(all->rows), new_words = ranks_words(ranks->rows);
    uint32_t count = ranks->rows;
    if (from.wide)
        take_ranks(scratch, from.rank, true, rows, count);
    else
        take_ranks(scratch, from.rank, false, rows, count);
    renumber(scratch, words, count, column_of(ranks, feature), ranks->wide);
    ranks->present[feature] = from.gaps ? renumber_one(scratch, from.present) : count;
    uint64_t *tight = ranks->tight + feature * new_words;
    memset(tight, 0, new_words * sizeof *tight);
    keep_tight(scratch, &from, words, tight);
    ranks->span[feature] = longest_run(tight, new_words);
    memset(scratch->taken, 0, words * sizeof *scratch->taken);
}

/* ---- memory ---- */

/* Bytes behind the last rank that may be read, so that kernels may take two ranks at once. */
enum { BEYOND = 2 };

/* Linux has had it since 6.1, the C library's headers later. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
static const size_t LARGE_PAGE = 2 << 20;

static bool needs_wide(uint32_t rows)
{
    return rows > UINT16_MAX + 1;
}

void ranks_resize(struct ranks *ranks, uint32_t rows)
{
    ranks->rows = rows;
    ranks->wide = ranks->keys || needs_wide(rows);
}

static void *map_at(void *wish, size_t size)
{
    return mmap(wish, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* Fresh memory; where there is room for a large page it begins where one can. */
static void *map_shared(size_t size)
{
    char *memory = map_at(NULL, size);
    const size_t beyond = (uintptr_t)memory % LARGE_PAGE;
    if (memory == MAP_FAILED || size < LARGE_PAGE || !beyond)
        return memory;
    munmap(memory, size);
    return map_at(memory - beyond, size); /* whichever it gets will do */
}

static bool begin(struct ranks *ranks, uint32_t rows, uint32_t features, bool keys,
                  struct error *error)
{
    bool wide = keys || needs_wide(rows);
    size_t tight_size, rank_size, span_size = 2 * (features * sizeof *ranks->span), size;
    if (__builtin_mul_overflow(ranks_words(rows) * sizeof *ranks->tight, features, &tight_size) ||
        __builtin_mul_overflow((size_t)rows * (wide ? 4 : 2), features, &rank_size) ||
        __builtin_add_overflow(tight_size + span_size + BEYOND, rank_size, &size))
        return error_memory(error, "column the samples");
    char *memory = map_shared(size);
    if (memory == MAP_FAILED)
        return error_memory(error, "column the samples");
    *ranks = (struct ranks){
        .rows = rows,
        .features = features,
        .wide = wide,
        .keys = keys,
        .tight = (uint64_t *)memory,
        .span = (uint32_t *)(memory + tight_size),
        .present = (uint32_t *)(memory + tight_size) + features,
        .rank = memory + tight_size + span_size,
        .memory = memory,
        .memory_size = size,
    };
    return true;
}

bool ranks_begin(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error)
{
    return begin(ranks, rows, features, false, error);
}

bool ranks_begin_keys(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error)
{
    return begin(ranks, rows, features, true, error);
}

/* The system has to be told: of shared memory it makes no large pages of itself. It makes one of a
   range of which any page is there. */
void ranks_enlarge_pages(const struct ranks *ranks)
{
    const size_t size = ranks->memory_size / LARGE_PAGE * LARGE_PAGE;
    for (size_t at = 0; at < size; at += LARGE_PAGE)
        ((volatile char *)ranks->memory)[at] = 0;
    if (size)
        madvise(ranks->memory, size, MADV_COLLAPSE); /* a wish: nothing depends on it */
}

void ranks_free(struct ranks *ranks)
{
    if (ranks->memory)
        munmap(ranks->memory, ranks->memory_size);
    *ranks = (struct ranks){0};
}
