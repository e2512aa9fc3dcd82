/*
 * The ranks once more, row by row. Columns are read, and rows written, a few lines of memory at a
 * time, which both stay near at hand. A column's next lines are not what a machine foresees, which
 * reads one column after the other: they are asked for.
 */
#include "forest/ranks.h"

enum {
    LINE_RANKS = 64 / sizeof(uint16_t),
    ROWS_AT_ONCE = 2 * LINE_RANKS,
    COLUMNS_AHEAD = 16,
    ROWS_AHEAD = 16 /* a copied row's ranks are asked for so many rows before */
};

/* Of three features, in two lines. */
bool ranks_rows_share(uint32_t features, uint32_t looked_at)
{
    const uint64_t lines = ((uint64_t)features + LINE_RANKS - 1) / LINE_RANKS;
    return lines * 3 <= (uint64_t)looked_at * 2;
}

static void lay_some(struct ranks *ranks, uint32_t first, uint32_t count)
{
    const size_t rows = ranks->rows;
    const uint16_t *column = (const uint16_t *)ranks->rank + first;
    uint16_t *to = ranks->by_row + (size_t)first * ranks->features;
    for (uint32_t f = 0; f < ranks->features; f++, column += rows) {
        const uint16_t *ahead =
            column + (f + COLUMNS_AHEAD < ranks->features ? COLUMNS_AHEAD * rows : 0);
        for (uint32_t i = 0; i < count; i += LINE_RANKS)
            __builtin_prefetch(ahead + i);
        for (uint32_t i = 0; i < count; i++)
            to[(size_t)i * ranks->features + f] = column[i];
    }
}

void ranks_lay_rows(struct ranks *ranks, uint32_t block)
{
    const uint32_t begin = block * RANKS_BLOCK, ahead = ranks->rows - begin;
    const uint32_t end = begin + (ahead < RANKS_BLOCK ? ahead : RANKS_BLOCK);
    for (uint32_t first = begin; first < end; first += ROWS_AT_ONCE)
        lay_some(ranks, first, end - first < ROWS_AT_ONCE ? end - first : ROWS_AT_ONCE);
}

static inline void copy_row(const uint16_t *row, const uint32_t *features, uint32_t count,
                            uint16_t *to, size_t stride)
{
    for (uint32_t f = 0; f < count; f++)
        to[f * stride] = row[features[f]];
}

void ranks_copy_rows(const struct ranks *ranks, const uint32_t *rows, uint32_t count,
                     const uint32_t *features, uint32_t feature_count, uint16_t *to, size_t stride)
{
    const uint16_t *by_row = ranks->by_row;
    const size_t width = ranks->features;
    if (feature_count == RANKS_TOGETHER)
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t soon = rows[i + ROWS_AHEAD < count ? i + ROWS_AHEAD : i];
            for (unsigned f = 0; f < RANKS_TOGETHER; f++)
                __builtin_prefetch(by_row + soon * width + features[f]);
            copy_row(by_row + rows[i] * width, features, RANKS_TOGETHER, to + i, stride);
        }
    else
        for (uint32_t i = 0; i < count; i++)
            copy_row(by_row + rows[i] * width, features, feature_count, to + i, stride);
}
