/*
 * thresholds: what each class's probability is worth, so that answers do best by some measure.
 *
 * `thresholds` are found by coordinate ascent: of one class after the other, the threshold that is
 * best while the others stay, until none changes, or eight times round. The best one is looked for
 * among all that make a difference, and put in the middle between two of them. They stay within
 * 1/32 and 32. Rows with equal probabilities may not let a class have the best.
 *
 * `floors` are, for each class, the least probability from which on those who have it as their most
 * probable class are of it often enough; infinite where they never are.
 */
#ifndef DECIDE_THRESHOLDS_H
#define DECIDE_THRESHOLDS_H

#include "decide/rows.h"
#include "decide/rule.h"

/* Each is a mean over classes of a figure of that class alone. */
enum goal {
    GOAL_NONE,
    GOAL_MACRO_F1,         /* 2 hits / (support + predicted); of classes that occur */
    GOAL_BALANCED_ACCURACY /* hits / support */
};

/* How often a class is the label, is the answer, is both. */
struct goal_counts {
    double support, predicted, hits;
};

/* A class's figure; 0 where the class does not occur at all. */
double goal_figure(enum goal goal, struct goal_counts counts);

/* The mean of the classes that occur (of balanced accuracy: as labels). */
double goal_mean(enum goal goal, const struct goal_counts *counts, uint32_t classes);

/* Fills RULE_THRESHOLDS from rows of calibrated probabilities, each to the power of `strength`.
   False when memory is out. */
bool thresholds_fit(const struct rows *rows, enum goal goal, double strength, struct rule *rule);

/* Fills RULE_FLOORS, so that of the answers of each class this share is right. */
bool floors_fit(const struct rows *rows, double precision, struct rule *rule);

#endif
