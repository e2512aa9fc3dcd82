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

/*
 * The same of samples that are added class by class, whatever the order: the sum over the classes
 * is kept in two numbers, of which the second has what the first is too coarse for (Knuth, The Art
 * of Computer Programming, volume 2, 4.2.2, theorem B). Start from `{0}` with the criterion.
 */
struct purity {
    enum criterion criterion;
    double samples, sum, rest;
};

/* Adds `more` samples to a class, of which there are `*count`, integers below 2^53. */
void purity_add(struct purity *purity, double *count, double more);
double purity_of(const struct purity *purity);

#endif
