/*
 * detail: what a forest's trees say of samples beside their votes, into a block's columns.
 *
 * Contributions are multiples of 2^-50, and of a sample's they and the bias add up to a number that
 * rounded to single precision is the probability, to the bit: as long as no sum on the way reaches
 * 8, double precision adds them up without rounding, in any order. To that end each is rounded to
 * such a multiple, and what this leaves between their sum and the probability, a few of these
 * units, goes to the largest one. (Of a probability below 2^-26 other than 0 single precision has
 * finer digits than these units have; the sum is then the nearest of them.)
 *
 * Where evidence has an opinion of its own (vote/opinion.h), the bias has its share of 1 / classes,
 * which is what it says where all scores are equal, and what it says of a class beyond that is put
 * on the columns that have the views' scores for the class, by the views' weights.
 */
#ifndef RUN_DETAIL_H
#define RUN_DETAIL_H

#include "stream/details.h"
#include "vote/opinion.h"
#include "vote/routes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is wanted of the trees; borrows both. */
struct detail {
    enum stream_detail kind;
    const struct routes *routes; /* with changes, for contributions */
    struct opinion opinion;      /* that evidence has beside the trees; borrows what that does */
    uint32_t dim, classes;
};

/* The bytes that a row may take. */
uint64_t detail_row_bytes(const struct detail *detail);

/* The columns of rows in the making; owned. Start from `{0}`, end with detail_rows_free. */
struct detail_rows {
    uint32_t *leaves, *ends, *node, *feature;
    float *value, *threshold;
    double *bias, *contributions, *evidence;
    size_t trees_capacity, node_capacity, feature_capacity, value_capacity, threshold_capacity,
        bias_capacity, contributions_capacity, evidence_capacity;
    size_t rows, steps; /* so far */
    struct details details;
};

/* Begins with room for so many rows instead of those before. False when memory is out. */
bool detail_begin(const struct detail *detail, struct detail_rows *rows, size_t count);

/* Appends a row: its values, and the probabilities that the forest gives it, in double. False when
   memory is out. */
bool detail_add(const struct detail *detail, struct detail_rows *rows, const float *x,
                const double *proba);

/* The columns, good until the next detail_begin. */
const struct details *detail_end(struct detail_rows *rows);

void detail_rows_free(struct detail_rows *rows);

#endif
