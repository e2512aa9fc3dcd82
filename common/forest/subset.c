#include "forest/subset.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/*
 * A node of n rows in a table of N pays N / 64 for each feature that it looks at beside what its
 * own rows cost, and all its descendants do; ranking anew pays for n rows in every feature.
 * Measured, the second is less where the table is large, the node small, and the features that a
 * node looks at are not too few of all.
 */
enum { SHRINK = 16, SHRINK_MOST = 1024, WORTH = 4096 };

bool subset_pays(const struct table *table, const struct growth *growth, uint32_t count)
{
    uint32_t rows = table->ranks->rows, features = table->ranks->features;
    return count <= rows / SHRINK && count >= rows / SHRINK_MOST &&
           (uint64_t)rows * growth->max_features >= (uint64_t)WORTH * features;
}

void subset_free(struct subset *subset)
{
    ranks_free(&subset->ranks);
    free(subset->class_of);
    free(subset->weight);
    free(subset->matrix_row);
    free(subset->codes);
    free(subset->rows);
    free(subset->x);
    free(subset->items);
    *subset = (struct subset){0};
}

/* Room for the rows of any subset of `from`. */
static bool subset_reserve(struct subset *subset, const struct table *from)
{
    uint32_t most = from->ranks->rows / SHRINK, features = from->ranks->features;
    struct error error;
    if (subset->capacity >= most)
        return true;
    subset_free(subset);
    subset->class_of = memory_array(most, sizeof *subset->class_of);
    subset->weight = memory_array(most, sizeof *subset->weight);
    subset->matrix_row = memory_array(most, sizeof *subset->matrix_row);
    subset->codes = memory_array(most, sizeof *subset->codes);
    subset->rows = memory_array(most, sizeof *subset->rows);
    subset->x = memory_array((size_t)most * features, sizeof *subset->x);
    subset->items = memory_array(2 * (size_t)most, sizeof *subset->items);
    if (subset->class_of && subset->weight && subset->matrix_row && subset->codes && subset->rows &&
        subset->x && subset->items && ranks_begin(&subset->ranks, most, features, &error)) {
        subset->capacity = most;
        return true;
    }
    subset_free(subset);
    return false;
}

/* Rows that are copied together, and how many before that they are asked for. */
enum { BLOCK = 32, LINE = 64 };

static inline void prefetch_row(const struct matrix *matrix, uint32_t row)
{
    const char *begin = (const char *)(matrix->x + (size_t)row * matrix->features);
    for (size_t at = 0; at < matrix->features * sizeof *matrix->x; at += LINE)
        __builtin_prefetch(begin + at);
}

/* Copies what there is of a row but its values. */
static inline void copy_row(struct subset *subset, const struct table *from, uint32_t row,
                            uint32_t place)
{
    subset->rows[place] = place;
    subset->class_of[place] = from->class_of[row];
    subset->weight[place] = from->weight[row];
    subset->matrix_row[place] = table_matrix_row(from, row);
    prefetch_row(from->matrix, subset->matrix_row[place]);
}

/* Copies the values of the rows [begin, end), feature by feature, for columns lie far apart. */
static void copy_values(struct subset *subset, const struct matrix *matrix, uint32_t begin,
                        uint32_t end, uint32_t count)
{
    const float *x[BLOCK];
    for (uint32_t i = begin; i < end; i++)
        x[i - begin] = matrix->x + (size_t)subset->matrix_row[i] * matrix->features;
    for (size_t feature = 0; feature < matrix->features; feature++) {
        float *column = subset->x + feature * count;
        for (uint32_t i = begin; i < end; i++)
            column[i] = x[i - begin][feature];
    }
}

/* Copies what there is of each row. The values lie anywhere: they are asked for a block ahead. */
static void copy_rows(struct subset *subset, const struct table *from, const uint32_t *rows,
                      uint32_t count)
{
    for (uint32_t begin = 0, asked = 0; begin < count; begin += BLOCK) {
        uint32_t end = count - begin < BLOCK ? count : begin + BLOCK;
        for (; asked < count && asked < end + BLOCK; asked++)
            copy_row(subset, from, rows[asked], asked);
        copy_values(subset, from->matrix, begin, end, count);
    }
}

/*
 * The rows are sorted from their values, a line of the matrix each: the ranks that they had would
 * have to be gathered from as many places as there are features.
 */
bool subset_make(struct subset *subset, const struct table *from, const uint32_t *rows,
                 const uint16_t *codes, uint32_t count)
{
    if (!subset_reserve(subset, from))
        return false;
    copy_rows(subset, from, rows, count);
    if (codes)
        memcpy(subset->codes, codes, count * sizeof *codes);
    ranks_resize(&subset->ranks, count);
    for (uint32_t feature = 0; feature < from->matrix->features; feature++)
        ranks_sort_in(&subset->ranks, feature, subset->x + (size_t)feature * count, subset->items);
    subset->table = (struct table){
        .matrix = from->matrix,
        .ranks = &subset->ranks,
        .class_of = subset->class_of,
        .weight = subset->weight,
        .matrix_row = subset->matrix_row,
    };
    return true;
}
