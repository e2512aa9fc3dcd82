/*
 * Ranks of a feature's values: sorted, numbered, and, where two neighbours may be too close to be
 * parted, marked.
 */
#define _GNU_SOURCE
#include "forest/ranks.h"

#include "base/memory.h"
#include "base/unroll.h"
#include "forest/kernels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Rows lie far apart: they are asked for so many before. */
enum { ROWS_AHEAD = 16 };

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

static void store_ranks(struct ranks *ranks, uint32_t feature, const uint64_t *sorted,
                        tight_marker *mark_tight)
{
    uint32_t rows = ranks->rows;
    size_t first = (size_t)feature * rows;
    uint32_t *wide = (uint32_t *)ranks->rank + first;
    uint16_t *narrow = (uint16_t *)ranks->rank + first;
    uint64_t *tight = ranks->tight + feature * ranks_words(rows);
    uint32_t present = rows;
    while (present > 0 && (uint32_t)(sorted[present - 1] >> 32) == RANKS_MISSING)
        present--;
    if (ranks->wide) {
        for (uint32_t rank = 0; rank < rows; rank++)
            wide[(uint32_t)sorted[rank]] = rank;
    } else {
        UNROLL(8)
        for (uint32_t rank = 0; rank < rows; rank++)
            narrow[(uint32_t)sorted[rank]] = (uint16_t)rank;
    }
    if (present < rows)
        memset(tight, 0, ranks_words(rows) * sizeof *tight);
    mark_tight(sorted, present, tight);
    ranks->span[feature] = widest_span(sorted, present, tight);
    ranks->present[feature] = present;
}

/* Ranks one feature by its values; `items` has room for 2 x rows. */
static void sort_feature(struct ranks *ranks, uint32_t feature, const float *values,
                         uint64_t *items, const struct kernels *kernels)
{
    const uint32_t rows = ranks->rows;
    enum sort_way way;
    const uint64_t *sorted = kernels->sort(values, rows, items, items + rows, &way);
    store_ranks(ranks, feature, sorted, kernels->mark_tight);
}

/* A row's values of `count` features from `first` on; asks for those of a row that comes soon. */
static inline const float *values_of(const struct ranks *ranks, const struct matrix *matrix,
                                     uint32_t row, uint32_t first, uint32_t count)
{
    const float *x = matrix->x + first;
    const uint32_t soon = row + ROWS_AHEAD < ranks->rows ? row + ROWS_AHEAD : row;
    const float *ahead = x + (size_t)ranks_row(ranks, soon) * matrix->features;
    __builtin_prefetch(ahead);
    __builtin_prefetch(ahead + count - 1);
    return x + (size_t)ranks_row(ranks, row) * matrix->features;
}

/* The keys of `count` features from `first` on. */
static void store_keys(struct ranks *ranks, const struct matrix *matrix, uint32_t first,
                       uint32_t count)
{
    const size_t rows = ranks->rows;
    uint32_t *keys = (uint32_t *)ranks->rank + first * rows, most[RANKS_GROUP] = {0};
    for (size_t row = 0; row < rows; row++) {
        const float *values = values_of(ranks, matrix, (uint32_t)row, first, count);
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t key = ranks_key(values[i]);
            keys[i * rows + row] = key;
            most[i] = key > most[i] ? key : most[i];
        }
    }
    for (uint32_t i = 0; i < count; i++)
        ranks->present[first + i] = most[i] != RANKS_MISSING;
}

/* Columns of `count` features from `first` on. */
static void take_columns(const struct ranks *ranks, const struct matrix *matrix, uint32_t first,
                         uint32_t count, float *columns)
{
    const uint32_t rows = ranks->rows;
    for (uint32_t row = 0; row < rows; row++) {
        const float *values = values_of(ranks, matrix, row, first, count);
        for (uint32_t i = 0; i < count; i++)
            columns[(size_t)i * rows + row] = values[i];
    }
}

bool ranks_sort(struct ranks *ranks, const struct matrix *matrix, uint32_t group,
                enum cpu_level level, struct error *error)
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
        take_columns(ranks, matrix, first, count, columns);
        for (uint32_t i = 0; i < count; i++)
            sort_feature(ranks, first + i, columns + (size_t)i * rows, items, kernels_of(level));
    }
    bool done = columns && items;
    free(columns);
    free(items);
    return done || error_memory(error, "column the samples");
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

static bool begin(struct ranks *ranks, uint32_t rows, uint32_t features, bool keys, bool by_row,
                  struct error *error)
{
    bool wide = keys || needs_wide(rows), twice = by_row && !wide;
    size_t tight_size, rank_size, span_size = 2 * (features * sizeof *ranks->span), size;
    if (__builtin_mul_overflow(ranks_words(rows) * sizeof *ranks->tight, features, &tight_size) ||
        __builtin_mul_overflow((size_t)rows * (wide || twice ? 4 : 2), features, &rank_size) ||
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
        .by_row =
            twice ? (uint16_t *)(memory + tight_size + span_size) + (size_t)rows * features : NULL,
        .memory = memory,
        .memory_size = size,
    };
    return true;
}

bool ranks_begin(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error)
{
    return begin(ranks, rows, features, false, false, error);
}

bool ranks_begin_by_row(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error)
{
    return begin(ranks, rows, features, false, true, error);
}

bool ranks_begin_keys(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error)
{
    return begin(ranks, rows, features, true, false, error);
}

/* Large pages that a part has at least. */
enum { PART_PAGES = 2 };

uint32_t ranks_page_parts(const struct ranks *ranks, uint32_t most)
{
    const size_t parts = ranks->memory_size / LARGE_PAGE / PART_PAGES;
    return parts > most ? most : parts > 1 ? (uint32_t)parts : 1;
}

/* The system has to be told: of shared memory it makes no large pages of itself. It makes one of a
   range of which any page is there. */
void ranks_enlarge_pages(const struct ranks *ranks, uint32_t part, uint32_t parts)
{
    const size_t pages = ranks->memory_size / LARGE_PAGE;
    const size_t from = pages * part / parts * LARGE_PAGE;
    const size_t to = pages * (part + 1) / parts * LARGE_PAGE;
    char *memory = ranks->memory;
    for (size_t at = from; at < to; at += LARGE_PAGE)
        ((volatile char *)memory)[at] = 0;
    if (from < to)
        madvise(memory + from, to - from, MADV_COLLAPSE); /* a wish: nothing depends on it */
}

bool ranks_by_class(struct ranks *ranks, const struct matrix *matrix, struct error *error)
{
    uint32_t *next = calloc((size_t)matrix->classes + 1, sizeof *next);
    ranks->row = memory_array(matrix->rows, sizeof *ranks->row);
    bool done = next && ranks->row;
    if (done) {
        for (uint32_t row = 0; row < matrix->rows; row++)
            next[matrix->class_of[row] + 1]++;
        for (uint32_t class = 1; class < matrix->classes; class ++)
            next[class] += next[class - 1];
        for (uint32_t row = 0; row < matrix->rows; row++)
            ranks->row[next[matrix->class_of[row]]++] = row;
    }
    free(next);
    return done || error_memory(error, "column the samples");
}

void ranks_free(struct ranks *ranks)
{
    free(ranks->row);
    if (ranks->memory)
        munmap(ranks->memory, ranks->memory_size);
    *ranks = (struct ranks){0};
}
