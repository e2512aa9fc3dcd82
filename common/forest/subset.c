/*
 * When a node becomes a view of its own, and making it.
 *
 * A node of n rows in a view of N pays N / 64 for each feature that it looks at beside what its
 * own rows cost, and all its descendants do; ranking anew pays for n rows in every feature that is
 * looked at below. Measured, the second is less where the view is large, the node a quarter of it
 * or less, and the features that a node looks at are not too few of all.
 *
 * Nodes of few rows that look at values instead find each row in other lines of memory, and pages.
 * Their values are copied next to each other, and again where they are far fewer, so that all nodes
 * below look at what a near cache holds.
 */
#include "forest/subset.h"

#include "base/memory.h"
#include "forest/abreast.h"

#include <stdlib.h>
#include <string.h>

enum { SHRINK = 4, SHRINK_MOST = 1024, WORTH = 2048 };

enum {
    PACK_SHRINK = 8,
    PACK_LEAST = 64,      /* rows */
    PACK_BYTES = 1 << 22, /* of values */
    PACK_AHEAD = 8,       /* rows that are asked for before, up to */
    PACK_LINES = 8        /* lines of memory, of LINE floats, each; what follows is foreseen */
};

enum { LINE = 64 / sizeof(float) };

/* Rows whose values fit. */
static uint32_t pack_most(const struct matrix *matrix)
{
    const size_t most = PACK_BYTES / sizeof(float) / matrix->features;
    return most < ABREAST_ROWS ? (uint32_t)most : ABREAST_ROWS;
}

/* Whether the values of so many rows of the view are copied. */
static bool packs(const struct view *view, uint32_t count)
{
    return view->x && count >= PACK_LEAST && count <= view->x_rows / PACK_SHRINK &&
           count <= pack_most(view->matrix);
}

bool subset_pays(const struct view *view, const struct growth *growth, uint32_t count)
{
    uint32_t rows = view->ranks->rows, features = view->ranks->features;
    if (view->x && count <= ABREAST_ROWS)
        return packs(view, count);
    return count <= rows / SHRINK && count >= rows / SHRINK_MOST &&
           (uint64_t)rows * growth->max_features >= (uint64_t)WORTH * features;
}

void subset_free(struct subset *subset)
{
    ranks_free(&subset->ranks);
    free(subset->class_of);
    free(subset->weight);
    free(subset->matrix_row);
    free(subset->whole_row);
    free(subset->codes);
    free(subset->rows);
    free(subset->ranked);
    free(subset->x);
    ranks_scratch_free(&subset->scratch);
    *subset = (struct subset){0};
}

/* Room for the rows of any subset of `from`. */
static bool subset_reserve(struct subset *subset, const struct view *from)
{
    const uint32_t all = from->ranks->rows, features = from->ranks->features;
    const uint32_t packed = from->x ? pack_most(from->matrix) : 0;
    const uint32_t most = packed > all / SHRINK ? packed : all / SHRINK;
    struct error error = {STATUS_DONE, ""};
    if (subset->capacity >= all && subset->room >= most)
        return true;
    subset_free(subset);
    subset->class_of = memory_array(most, sizeof *subset->class_of);
    subset->weight = memory_array(most, sizeof *subset->weight);
    subset->matrix_row = memory_array(most, sizeof *subset->matrix_row);
    subset->whole_row = memory_array(most, sizeof *subset->whole_row);
    subset->codes = memory_array(most, sizeof *subset->codes);
    subset->rows = memory_array(most, sizeof *subset->rows);
    subset->x = packed ? memory_array(packed, features * sizeof *subset->x) : NULL;
    subset->ranked = memory_array(features, sizeof *subset->ranked);
    if (subset->class_of && subset->weight && subset->matrix_row && subset->whole_row &&
        subset->codes && subset->rows && (subset->x || !packed) && subset->ranked &&
        ranks_scratch_begin(&subset->scratch, all, most) &&
        (from->ranks->keys ? ranks_begin_keys : ranks_begin)(&subset->ranks, most, features,
                                                             &error)) {
        subset->capacity = all;
        subset->room = most;
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
        subset->whole_row[i] = view_whole_row(from, row);
    }
}

/* Copies their values. */
static void pack_values(struct subset *subset, const struct view *from, const uint32_t *rows,
                        uint32_t count)
{
    const size_t features = from->matrix->features, most = PACK_LINES * LINE;
    const size_t ahead = features < most ? features : most;
    for (uint32_t i = 0; i < count; i++) {
        const float *next = view_values(from, rows[i + PACK_AHEAD < count ? i + PACK_AHEAD : i]);
        for (size_t f = 0; f < ahead; f += LINE)
            __builtin_prefetch(next + f);
        memcpy(subset->x + i * features, view_values(from, rows[i]), features * sizeof(float));
    }
    subset->view.x = subset->x;
    subset->view.x_row = NULL;
    subset->view.x_rows = count;
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
        .whole = from->whole,
        .whole_row = subset->whole_row,
        .class_of = subset->class_of,
        .weight = subset->weight,
        .matrix_row = subset->matrix_row,
        .x = from->x ? from->matrix->x : NULL,
        .x_row = subset->matrix_row,
        .x_rows = from->matrix->rows,
        .subset = subset,
    };
    if (packs(from, count))
        pack_values(subset, from, rows, count);
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
