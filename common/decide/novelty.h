/*
 * novelty: texts of no known kind, by how undecided the forest is.
 *
 * A row is novel when its entropy is above that of all but a share of the known rows with the same
 * most probable class. By class, because a text of no known kind goes to some class, and in one
 * whose own texts are plain it stands out where in the whole it would not: of R8 without two of its
 * labels, over all pairs of them, 62% of their texts are caught at a false alarm rate of 5%, 49%
 * with one limit for all classes, and 47% by the highest vote.
 *
 * A class's share of rows above a limit is taken as if NOVELTY_EXTRA rows more had been there with
 * the entropies of all rows, so that a class of few rows has a limit, too.
 */
#ifndef DECIDE_NOVELTY_H
#define DECIDE_NOVELTY_H

#include "decide/rows.h"
#include "decide/rule.h"

enum { NOVELTY_EXTRA = 20 };

/* Fills RULE_NOVELTY from rows of calibrated probabilities; `rate` in 0..1. False: no memory. */
bool novelty_fit(const struct rows *rows, double rate, struct rule *rule);

#endif
