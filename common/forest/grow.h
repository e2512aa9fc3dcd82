/*
 * grow: decision trees from ranked samples, depth first.
 *
 * Tree number t of a forest depends on the samples, the growth and t alone: its random numbers
 * are the stream t of the seed, drawn in a fixed order: the bag, then the features of the nodes
 * in preorder.
 *
 * Semantics are those of scikit-learn 1.2's RandomForestClassifier with its best splitter. A
 * bag's repeats weigh in scores and counts, but min_samples_* count distinct samples. A node is a
 * leaf where it is pure, too small, too deep, or has no cut.
 */
#ifndef FOREST_GROW_H
#define FOREST_GROW_H

#include "base/cpu.h"
#include "base/tree.h"
#include "forest/account.h"
#include "forest/growth.h"
#include "forest/matrix.h"
#include "forest/ranks.h"

/* Whether small nodes of such samples and growth are counted: this reads ranks by row. */
bool grow_counts(const struct matrix *matrix, const struct growth *growth);

/* Grows one tree after another; one process or thread uses a grower at a time. */
struct grower;

/* Borrows the samples, whose ranks are all sorted. NULL, status SYSTEM, when memory is out. */
struct grower *grower_new(const struct matrix *matrix, const struct ranks *ranks,
                          const struct growth *growth, enum cpu_level level, struct error *error);
void grower_free(struct grower *grower);

/* Grows tree `index` into `tree`, in place of what it held. Status SYSTEM. */
bool grower_grow(struct grower *grower, uint64_t index, struct tree *tree, struct error *error);

/* How often each sample is in the bag of the last tree; belongs to the grower. */
const uint32_t *grower_bag(const struct grower *grower);

/* The account of the last tree; belongs to the grower. */
const struct grow_account *grower_account(const struct grower *grower);

#endif
