/*
 * When a node becomes a view of its own, and making it.
 *
 * A node of n rows in a view of N pays N / 64 for each feature that it looks at beside what its
 * own rows cost, and all its descendants do; ranking anew pays for n rows in every feature that is
 * looked at below. Measured, the second is less where the view is large, the node a quarter of it
 * or less, and the features that a node looks at are not too few of all.
 */
#include "forest/subset.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SHRINK = 4, SHRINK_MOST = 1024, WORTH = 2048 };

bool subset_pays(const struct view *view, const struct growth *growth, uint32_t count)
{
    uint32_t rows = view->ranks->rows, features = view->ranks->features;
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
    free(subset->ranked);
    ranks_scratch_free(&subset->scratch);
    *subset = (struct subset){0};
}

/* Room for the rows of any subset of `from`. */
static bool subset_reserve(struct subset *subset, const struct view *from)
{
    uint32_t all = from->ranks->rows, most = all / SHRINK, features = from->ranks->features;
    struct error error = {STATUS_DONE, ""};
    if (subset->capacity >= all)
        return true;
    subset_free(subset);
    subset->class_of = memory_array(most, sizeof *subset->class_of);
    subset->weight = memory_array(most, sizeof *subset->weight);
    subset->matrix_row = memory_array(most, sizeof *subset->matrix_row);
    subset->codes = memory_array(most, sizeof *subset->codes);
    subset->rows = memory_array(most, sizeof *subset->rows);
    subset->ranked = memory_array(features, sizeof *subset->ranked);
    if (subset->class_of && subset->weight && subset->matrix_row && subset->codes && subset->rows &&
        subset->ranked && ranks_scratch_begin(&subset->scratch, all, most) &&
        (from->ranks->keys ? ranks_begin_keys : ranks_begin)(&subset->ranks, most, features,
                                                             &error)) {
        subset->capacity = all;
        return true;
    }
    subset_free(subset);
    return false;
}

/* Copies what there is of each row but its ranks. */
static void copy_rows(struct subset *subset, const struct view *from, const uint32_t *rows,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        subset->rows[i] = i;
        subset->class_of[i] = from->class_of[row];
        subset->weight[i] = from->weight[row];
        subset->matrix_row[i] = view_matrix_row(from, row);
    }
}

bool subset_make(struct subset *subset, const struct view *from, const uint32_t *rows,
                 const uint16_t *codes, uint32_t count, ranks_renumber *renumber)
{
    if (!subset_reserve(subset, from))
        return false;
    copy_rows(subset, from, rows, count);
    if (codes)
        memcpy(subset->codes, codes, count * sizeof *codes);
    ranks_resize(&subset->ranks, count);
    memset(subset->ranked, 0, from->matrix->features * sizeof *subset->ranked);
    subset->from = from;
    subset->from_rows = rows;
    subset->renumber = renumber;
    subset->view = (struct view){
        .matrix = from->matrix,
        .ranks = &subset->ranks,
        .class_of = subset->class_of,
        .weight = subset->weight,
        .matrix_row = subset->matrix_row,
        .subset = subset,
    };
    return true;
}

void subset_rank(struct subset *subset, const uint32_t *features, uint32_t count)
{
    const struct view *from = subset->from;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t feature = features[i];
        if (subset->ranked[feature])
            continue;
        if (from->subset)
            subset_rank(from->subset, &feature, 1);
        ranks_take(&subset->ranks, feature, from->ranks, subset->from_rows, &subset->scratch,
                   subset->renumber);
        subset->ranked[feature] = true;
    }
}
