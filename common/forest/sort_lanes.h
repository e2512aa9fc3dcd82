/*
 * sort: the values of a feature in order. Included, once, by the files that compile it for an
 * instruction set.
 *
 * Values are sorted by the cells of an even grid that reaches from the lowest to the highest: a
 * radix sort by the two digits of a cell's number, least significant first. Subtracting, scaling
 * and cutting off never change the order of two values, so that what is left to do is inside of
 * cells, and is done by insertion; of values that are spread at all few share one.
 *
 * Digits of the values' bits would need no grid, but the highest one, sign and exponent, is the
 * same of many, and an item waits for the counter that the one before it has stored. They serve
 * where values are crowded, missing or infinite; of some thousand the leading ones mostly will do.
 */
#ifndef FOREST_SORT_LANES_H
#define FOREST_SORT_LANES_H

#include "base/radix.h"
#include "base/unroll.h"
#include "forest/ranks.h"
#include "forest/sort.h"

#include <float.h>
#include <string.h>

/* Cells are no fewer than rows. */
enum {
    SORT_DIGIT_BITS = 10,
    SORT_DIGITS = 1 << SORT_DIGIT_BITS,
    SORT_CELLS = SORT_DIGITS * SORT_DIGITS
};

/* Two digits of the values' bits, and how many values seldom share them. */
enum { SORT_LEADING_BITS = 22, SORT_LEADING_UP_TO = 65536 };

/* Values that are taken at once: a compiler makes vector code of a number that it knows. */
enum { SORT_BLOCK = 64 };

struct sorting {
    const float *values;
    uint64_t *items, *spare;
    float lowest, scale; /* of the grid */
    /* By digit: how many values' cells have it, then the next one's place. */
    uint32_t lower[SORT_DIGITS], upper[SORT_DIGITS];
};

/* ---- the grid ---- */

/* By place in a block. */
struct sort_extent {
    float low[SORT_BLOCK], high[SORT_BLOCK];
    float odd[SORT_BLOCK]; /* 0; no number where a value is missing or infinite */
};

static inline __attribute__((always_inline)) void sort_widen(struct sort_extent *extent,
                                                             const float *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        extent->low[i] = values[i] < extent->low[i] ? values[i] : extent->low[i];
        extent->high[i] = values[i] > extent->high[i] ? values[i] : extent->high[i];
        extent->odd[i] += values[i] - values[i];
    }
}

/* False: there is none, for a value is missing or infinite, or all are the same, or nearly so, or
   further apart than a float can say. */
static bool sort_lay_grid(struct sorting *sorting, uint32_t count)
{
    const float *values = sorting->values;
    struct sort_extent extent = {.odd = {0}};
    uint32_t first = 0;
    for (unsigned i = 0; i < SORT_BLOCK; i++)
        extent.low[i] = extent.high[i] = values[0];
    for (; count - first >= SORT_BLOCK; first += SORT_BLOCK)
        sort_widen(&extent, values + first, SORT_BLOCK);
    sort_widen(&extent, values + first, count - first);
    float low = values[0], high = values[0], odd = 0;
    for (unsigned i = 0; i < SORT_BLOCK; i++) {
        low = extent.low[i] < low ? extent.low[i] : low;
        high = extent.high[i] > high ? extent.high[i] : high;
        odd += extent.odd[i];
    }
    if (odd != 0 || !(low < high) || high - low > FLT_MAX)
        return false;
    sorting->lowest = low;
    /* Rounded twice, the highest cell is still below SORT_CELLS. */
    sorting->scale = (SORT_CELLS - 2) / (high - low);
    return sorting->scale <= FLT_MAX;
}

/* The cells of up to SORT_BLOCK values. */
static inline __attribute__((always_inline)) void sort_find_cells(const struct sorting *sorting,
                                                                  const float *values,
                                                                  uint32_t count, uint32_t *cells)
{
    const float lowest = sorting->lowest, scale = sorting->scale;
    for (uint32_t i = 0; i < count; i++)
        cells[i] = (uint32_t)(int32_t)((values[i] - lowest) * scale);
}

/* ---- the passes ---- */

static inline __attribute__((always_inline)) void sort_count_digits(struct sorting *sorting,
                                                                    uint32_t first, uint32_t count)
{
    uint32_t cells[SORT_BLOCK];
    sort_find_cells(sorting, sorting->values + first, count, cells);
    UNROLL(8)
    for (uint32_t i = 0; i < count; i++) {
        sorting->lower[cells[i] % SORT_DIGITS]++;
        sorting->upper[cells[i] / SORT_DIGITS]++;
    }
}

/* What is done to `count` values or items from `first` on. */
typedef void sort_step(struct sorting *sorting, uint32_t first, uint32_t count);

static inline __attribute__((always_inline)) void sort_each_block(struct sorting *sorting,
                                                                  uint32_t count, sort_step *step)
{
    uint32_t first = 0;
    for (; count - first >= SORT_BLOCK; first += SORT_BLOCK)
        step(sorting, first, SORT_BLOCK);
    step(sorting, first, count - first);
}

/* Of counts makes the places where items of each digit begin. */
static void sort_find_places(uint32_t *digit)
{
    uint32_t before = 0;
    for (unsigned i = 0; i < SORT_DIGITS; i++) {
        const uint32_t here = digit[i];
        digit[i] = before;
        before += here;
    }
}

/* Makes items, and puts them to `spare` by the lower digit. */
static inline __attribute__((always_inline)) void sort_put_by_lower(struct sorting *sorting,
                                                                    uint32_t first, uint32_t count)
{
    uint32_t cells[SORT_BLOCK];
    uint64_t items[SORT_BLOCK];
    sort_find_cells(sorting, sorting->values + first, count, cells);
    for (uint32_t i = 0; i < count; i++)
        items[i] = (uint64_t)ranks_bits(sorting->values[first + i]) << 32 | (first + i);
    UNROLL(8)
    for (uint32_t i = 0; i < count; i++)
        sorting->spare[sorting->lower[cells[i] % SORT_DIGITS]++] = items[i];
}

/* Puts the items of `spare` to `items` by the upper digit. */
static inline __attribute__((always_inline)) void sort_put_by_upper(struct sorting *sorting,
                                                                    uint32_t first, uint32_t count)
{
    const uint64_t *spare = sorting->spare + first;
    float values[SORT_BLOCK];
    uint32_t cells[SORT_BLOCK];
    for (uint32_t i = 0; i < count; i++)
        values[i] = ranks_value((uint32_t)(spare[i] >> 32));
    sort_find_cells(sorting, values, count, cells);
    UNROLL(8)
    for (uint32_t i = 0; i < count; i++)
        sorting->items[sorting->upper[cells[i] / SORT_DIGITS]++] = spare[i];
}

/* Sorts what is nearly sorted. False: it was not, nor is it now; equal values are, by rows. */
static bool sort_insert(uint64_t *items, uint32_t count)
{
    size_t moves = 0;
    for (size_t i = 1; i < count; i++) {
        const uint64_t item = items[i];
        size_t at = i;
        if (items[i - 1] <= item)
            continue;
        do
            items[at] = items[at - 1];
        while (--at > 0 && items[at - 1] > item);
        items[at] = item;
        moves += i - at;
        if (moves > count)
            return false;
    }
    return true;
}

static uint32_t sort_most_of(const uint32_t *digit)
{
    uint32_t most = 0;
    for (unsigned i = 0; i < SORT_DIGITS; i++)
        most = digit[i] > most ? digit[i] : most;
    return most;
}

/* Whether so many values share an upper digit that each lower one has several, and it is not that
   one value is there so often. */
static bool sort_crowded(const struct sorting *sorting)
{
    const uint32_t most = sort_most_of(sorting->upper);
    return most > 2 * SORT_DIGITS && most - 2 * SORT_DIGITS > sort_most_of(sorting->lower);
}

static bool sort_even(struct sorting *sorting, uint32_t count)
{
    if (count > SORT_CELLS || !sort_lay_grid(sorting, count))
        return false;
    memset(sorting->lower, 0, sizeof sorting->lower);
    memset(sorting->upper, 0, sizeof sorting->upper);
    sort_each_block(sorting, count, sort_count_digits);
    if (sort_crowded(sorting))
        return false;
    sort_find_places(sorting->lower);
    sort_find_places(sorting->upper);
    sort_each_block(sorting, count, sort_put_by_lower);
    sort_each_block(sorting, count, sort_put_by_upper);
    return sort_insert(sorting->items, count);
}

static void sort_make_items(const float *values, uint32_t count, uint64_t *items)
{
    for (uint32_t row = 0; row < count; row++)
        items[row] =
            (uint64_t)(values[row] == values[row] ? ranks_bits(values[row]) : RANKS_MISSING) << 32 |
            row;
}

/* As sort.h has it. */
static uint64_t *sort_values(const float *values, uint32_t count, uint64_t *items, uint64_t *spare,
                             enum sort_way *way)
{
    struct sorting sorting;
    sorting.values = values;
    sorting.items = items;
    sorting.spare = spare;
    *way = SORT_EVEN;
    if (sort_even(&sorting, count))
        return items;
    sort_make_items(values, count, items);
    uint64_t *sorted = items;
    if (count <= SORT_LEADING_UP_TO) {
        *way = SORT_LEADING;
        sorted = radix_sort(items, spare, count, 64 - SORT_LEADING_BITS, SORT_LEADING_BITS);
        if (sort_insert(sorted, count))
            return sorted;
    }
    *way = SORT_ALL;
    return radix_sort(sorted, sorted == items ? spare : items, count, 32, 32);
}

#endif
