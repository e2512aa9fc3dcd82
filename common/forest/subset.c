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
enum { SHRINK = 32, SHRINK_MOST = 256, WORTH = 4096 };

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
    free(subset->code);
    free(subset->rows);
    free(subset->slot);
    free(subset->taken);
    *subset = (struct subset){0};
}

/* Room for `count` rows from a table of `from_rows`. */
static bool subset_reserve(struct subset *subset, uint32_t from_rows, uint32_t features)
{
    uint32_t most = from_rows / SHRINK;
    if (subset->from_rows >= from_rows)
        return true;
    subset_free(subset);
    struct error error;
    subset->class_of = memory_array(most, sizeof *subset->class_of);
    subset->weight = memory_array(most, sizeof *subset->weight);
    subset->matrix_row = memory_array(most, sizeof *subset->matrix_row);
    subset->code = memory_array(most, sizeof *subset->code);
    subset->rows = memory_array(most, sizeof *subset->rows);
    subset->slot = memory_array(from_rows, sizeof *subset->slot);
    subset->taken = calloc(ranks_words(from_rows), sizeof *subset->taken);
    if (!subset->class_of || !subset->weight || !subset->matrix_row || !subset->code ||
        !subset->rows || !subset->slot || !subset->taken ||
        !ranks_begin(&subset->ranks, most, features, &error)) {
        subset_free(subset);
        return false;
    }
    subset->from_rows = from_rows;
    return true;
}

/* Copies what the table knows of each row. */
static void copy_rows(struct subset *subset, const struct table *from, const uint32_t *rows,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        subset->rows[i] = i;
        subset->class_of[i] = from->class_of[rows[i]];
        subset->weight[i] = from->weight[rows[i]];
        subset->matrix_row[i] = table_matrix_row(from, rows[i]);
    }
    for (uint32_t i = 0; from->code && i < count; i++)
        subset->code[i] = from->code[rows[i]];
}

static void place_rows(struct subset *subset, const struct ranking *from, const uint32_t *rows,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rank = ranking_rank(from, rows[i]);
        subset->slot[rank] = i;
        subset->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

/* Numbers the taken ranks. What was tight to the next rank may be so to the next that is left. */
static void number_ranks(struct subset *subset, const uint64_t *from_tight, uint32_t feature)
{
    uint32_t count = subset->ranks.rows, next = 0;
    uint32_t *wide = (uint32_t *)subset->ranks.rank + (size_t)feature * count;
    uint16_t *narrow = (uint16_t *)subset->ranks.rank + (size_t)feature * count;
    uint64_t *tight = subset->ranks.tight + feature * ranks_words(count);
    memset(tight, 0, ranks_words(count) * sizeof *tight);
    for (size_t word = 0; next < count; word++) {
        for (uint64_t taken = subset->taken[word]; taken; taken &= taken - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(taken);
            uint32_t row = subset->slot[word * 64 + bit];
            if (subset->ranks.wide)
                wide[row] = next;
            else
                narrow[row] = (uint16_t)next;
            tight[next / 64] |= (from_tight[word] >> bit & 1) << next % 64;
            next++;
        }
        subset->taken[word] = 0;
    }
}

bool subset_make(struct subset *subset, const struct table *from, const uint32_t *rows,
                 uint32_t count)
{
    uint32_t features = from->ranks->features;
    if (!subset_reserve(subset, from->ranks->rows, features))
        return false;
    copy_rows(subset, from, rows, count);
    ranks_resize(&subset->ranks, count);
    for (uint32_t feature = 0; feature < features; feature++) {
        struct ranking ranking = ranks_of(from->ranks, feature);
        place_rows(subset, &ranking, rows, count);
        number_ranks(subset, ranking.tight, feature);
        /* Ranks are no further apart than they were. */
        subset->ranks.span[feature] = ranking.span;
    }
    subset->table = (struct table){
        .matrix = from->matrix,
        .ranks = &subset->ranks,
        .class_of = subset->class_of,
        .weight = subset->weight,
        .code = from->code ? subset->code : NULL,
        .matrix_row = subset->matrix_row,
    };
    return true;
}
