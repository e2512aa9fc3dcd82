/*
 * sets: the labels that can't be ruled out, with a promise.
 *
 * A set has the classes whose calibrated probability is at least that which the labels of enough
 * rows had: with n rows, of which none was seen in training, the r-th greatest of the n
 * probabilities of the labels, r = ceil((n + 1) coverage). A text like these then has its label in
 * its set with probability of at least `coverage` (split conformal prediction: Vovk, Gammerman and
 * Shafer, "Algorithmic learning in a random world", 2005; as least ambiguous sets: Sadinle, Lei and
 * Wasserman, JASA 114, 2019, which are the smallest; in a forest, with out-of-bag rows in place of
 * held-out ones: Johansson, Bostrom, Lofstrom and Linusson, Machine Learning 97, 2014). A set may
 * be empty: at this level, everything can be ruled out.
 *
 * The probabilities are kept in descending order, and of more than SETS_MOST only so many, evenly
 * by rank; a set then is that of the next rank, and larger by no more than that.
 */
#ifndef DECIDE_SETS_H
#define DECIDE_SETS_H

#include "decide/rows.h"
#include "decide/rule.h"

enum { SETS_MOST = 10000 };

/* Fills RULE_SCORES and RULE_ROWS from rows of calibrated probabilities. False: no memory. */
bool sets_fit(const struct rows *rows, struct rule *rule);

/* The least probability in a set of that coverage, 0 to 1; 0 where so few rows promise nothing. */
double sets_least(const struct rule *rule, double coverage);

/*
 * The classes of a set, the most probable first, of equal ones the first; `set` has room for all
 * classes. Returns how many.
 */
uint32_t sets_of(const float *proba, uint32_t classes, double least, uint32_t *set);

#endif
