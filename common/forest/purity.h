/*
 * purity: how impure samples are, as splits are judged by it once they are found.
 *
 * Of c samples of each class, w of all, the impurity times w:
 *
 *   gini      w - sum(c^2) / w
 *   entropy   w log2 w - sum(c log2 c)
 *
 * Where forests are grown by Hellinger's distance, which is one between classes and says nothing
 * of a single node, this is gini's. (Breiman et al., "Classification and regression trees", 1984.)
 */
#ifndef FOREST_PURITY_H
#define FOREST_PURITY_H

#include "forest/growth.h"

/* Counts of all classes, none negative; in the order of the classes, the same on every machine. */
double purity_weighed(enum criterion criterion, const double *counts, uint32_t classes);

#endif
