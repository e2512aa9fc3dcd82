/*
 * cut: the best place to split a node.
 *
 * A cut of a feature parts a node's samples between two that are neighbours in that feature's
 * order, wherever their values differ by enough. How good it is, its score, is the impurity's
 * (impurity.h). The best cut is the first with the highest score: features in the order given,
 * cuts of a feature from its smallest values up.
 */
#ifndef FOREST_CUT_H
#define FOREST_CUT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

struct quest;
struct search_task;

/* What decides on which side a row is. */
struct cut {
    double score;
    uint32_t feature;
    uint32_t below, above; /* ranks of the neighbours that it parts; up to `below` goes left */
    float threshold;       /* or CUT_MIDWAY */
    bool missing;          /* the node has missing values of the feature, */
    bool missing_left;     /* which go left */
    bool by_value;         /* rows are parted by their values, for there may be no ranks */
    bool by_row;           /* the ranks are those of the view's `whole` */
};

/* The threshold is the middle of the two neighbours' values, see grow.c. */
#define CUT_MIDWAY NAN

/* No cut: every other is better. */
#define CUT_NONE ((struct cut){.score = -INFINITY, .threshold = CUT_MIDWAY})

/* The memory of the search, for one process or thread. */
struct cutter;

/* For the nodes of one task, which it borrows. NULL: no memory. */
struct cutter *cutter_new(const struct search_task *task);
void cutter_free(struct cutter *cutter);

/* Searches the features, with whatever search is the fastest that finds the best cut. */
void cutter_try(struct cutter *cutter, const struct quest *quest);

#endif
