/*
 * table: the samples of one tree as its nodes see them, and the counts of a node's classes.
 */
#ifndef FOREST_TABLE_H
#define FOREST_TABLE_H

#include "forest/growth.h"
#include "forest/matrix.h"
#include "forest/ranks.h"

#include <stdbool.h>
#include <stdint.h>

/* Borrows everything. Rows of weight 0 are in no node. */
struct table {
    const struct matrix *matrix;
    const struct ranks *ranks;  /* of the table's rows */
    const uint32_t *class_of;   /* by row */
    const uint32_t *weight;     /* by row: how often the bag holds it */
    const uint32_t *matrix_row; /* by row: its number in the matrix; NULL: the same */
};

/* Where a row of the table is in the matrix. */
static inline uint32_t table_matrix_row(const struct table *table, uint32_t row)
{
    return table->matrix_row ? table->matrix_row[row] : row;
}

/*
 * How often each class is in a node, repeats counted. Start from tally_begin, end with
 * tally_free.
 */
struct tally {
    uint32_t classes;
    uint32_t *total;   /* by class; 0 for absent ones */
    uint32_t *present; /* the classes that are there, in any order */
    uint32_t present_count;
    uint32_t weight; /* the sum of the totals */
    uint32_t *odd;   /* scratch: of rows at odd places, whose sums wait for no others' */
};

bool tally_begin(struct tally *tally, uint32_t classes);
void tally_free(struct tally *tally);

/* A node that is to be split; borrows. */
struct node {
    const struct table *table;
    const struct growth *growth;
    const struct tally *tally;
    const uint32_t *rows;  /* ascending */
    const uint16_t *codes; /* of these rows, see code_of; NULL: they do not fit */
    uint32_t count;
};

enum {
    CODE_WEIGHT_BITS = 4,
    CODE_MAX_WEIGHT = (1 << CODE_WEIGHT_BITS) - 1,
    CODE_MAX_CLASSES = 1 << (16 - CODE_WEIGHT_BITS)
};

/* A row's class, and below it its weight, which is never 0. */
static inline uint16_t code_of(uint32_t class, uint32_t weight)
{
    return (uint16_t)(class << CODE_WEIGHT_BITS | weight);
}

/* Adds the weights of a node that has codes to the sums of their classes, total or odd. */
typedef void tally_codes(const struct node *node, struct tally *tally);

/* Counts the rows of a node instead of those before. */
void tally_count(struct tally *tally, const struct node *node, tally_codes *codes);

#endif
