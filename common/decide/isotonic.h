/*
 * isotonic: for each class the curve that never falls and is nearest to whether rows are of it.
 *
 * Nearest by squares, which pooling adjacent violators finds (Ayer, Brunk, Ewing, Reid and
 * Silverman, Ann. Math. Stat. 26, 1955). Rows of equal probability are one point of their mean. The
 * knots are the first and the last point of each level: scikit-learn's IsotonicRegression.
 */
#ifndef DECIDE_ISOTONIC_H
#define DECIDE_ISOTONIC_H

#include "decide/rows.h"
#include "decide/rule.h"

/*
 * Fills the isotonic lists and the prior from rows as the forest made them, with their shares.
 * False: no memory.
 */
bool isotonic_fit(const struct rows *rows, struct rule *rule);

#endif
