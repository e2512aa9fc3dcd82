/*
 * cut: the best place to split a node.
 *
 * A cut of a feature parts a node's samples between two that are neighbours in that feature's
 * order, wherever their values differ by enough. Its score is what scikit-learn calls the proxy
 * of the impurity improvement, which differs from the improvement by constants of the node. With
 * l and r the samples of a class on either side, repeats counted, n_l and n_r their sums:
 *
 *   gini      (n_r sum(l^2) + n_l sum(r^2)) / (n_l n_r)
 *   entropy   sum(l log2 l) + sum(r log2 r) - n_l log2 n_l - n_r log2 n_r
 *
 * (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, 4.3;
 * Quinlan, "Induction of decision trees", 1986). The sums are exact integers; gini's two
 * products, their sum and the quotient are each rounded to double once. The best cut is the
 * first with the highest score: features in the order given, cuts of a feature from its smallest
 * values up.
 */
#ifndef FOREST_CUT_H
#define FOREST_CUT_H

#include "base/cpu.h"
#include "forest/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

struct cut {
    double score;
    uint32_t feature;
    uint32_t below, above; /* ranks of the neighbours that it parts */
};

/* No cut: every other is better. */
#define CUT_NONE ((struct cut){.score = -INFINITY})

/* The memory of the search, for one process. */
struct cutter;

/* For tables of that many rows and classes, of total weight up to `rows`. NULL: no memory. */
struct cutter *cutter_new(uint32_t rows, uint32_t classes, enum criterion criterion,
                          enum cpu_level level);
void cutter_free(struct cutter *cutter);

/*
 * Looks for cuts of these features that are better than `*best`. Says of each whether it varies
 * in the node at all, by more than the width that a split needs.
 */
void cutter_try(struct cutter *cutter, const struct node *node, const uint32_t *features,
                uint32_t count, bool *varies, struct cut *best);

#endif
