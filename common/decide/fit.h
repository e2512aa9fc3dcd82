/*
 * fit: a rule from rows, and how good it is on rows that it was not made from.
 *
 * What is found on rows looks better on these than it is, so it is judged by cross-fitting: the
 * rows are dealt into folds by the generator (seed, 0), and the rows of each are judged by the
 * rule that was made from all the others. The rule that is kept is made from all rows.
 */
#ifndef DECIDE_FIT_H
#define DECIDE_FIT_H

#include "decide/deal.h"
#include "decide/rows.h"
#include "decide/rule.h"
#include "decide/thresholds.h"

enum calibration {
    CALIBRATION_AUTO,
    CALIBRATION_TEMPERATURE,
    CALIBRATION_ISOTONIC,
    CALIBRATION_NONE
};

/* What is wanted of a rule. */
struct wish {
    enum calibration calibration;
    enum goal goal;          /* GOAL_NONE: no thresholds */
    double strength;         /* of thresholds, 0 to 1; below 0: to be found */
    double precision;        /* of floors; 0: none */
    const double *costs;     /* classes x classes; NULL: none. Borrowed, like the next */
    const double *no_answer; /* classes; NULL: no answer is none */
    double novelty;          /* the rate of false alarms; 0: no limit */
};

/* The coverages at which sets are judged. */
enum { JUDGED_SETS = 3 };
extern const double judged_sets[JUDGED_SETS];

/* What some rows came to, once as the forest has them and once by the rule. */
struct verdict {
    double rows;
    double loss, brier; /* sums; as rf-eval has them */
    double right, answered, cost;
    struct goal_counts *counts; /* by class; owned */
};

struct judgement {
    struct verdict before, after;
    double novel; /* rows that are beyond the limits of novelty */
    double covered[JUDGED_SETS], size[JUDGED_SETS], empty[JUDGED_SETS];
};

/* The two of `struct wish` that AUTO chooses from: the log-loss of each, a mean by cross-fitting.
 */
struct choice {
    double temperature, isotonic;
};

/*
 * Makes `rule`, which starts from `{0}`, from all rows; AUTO is settled in `wish` first, and the
 * log-losses are told. False when memory is out.
 */
bool fit_choose(const struct rows *rows, const struct dealing *dealing, struct wish *wish,
                struct choice *choice);
bool fit_rule(const struct rows *rows, const struct wish *wish, struct rule *rule);

/*
 * Settles the strength of thresholds, where it is to be found, by what does best by the goal on
 * rows that were left out. False when memory is out.
 */
bool fit_strength(const struct rows *rows, const struct dealing *dealing, struct wish *wish);

/* Judges what fit_rule makes. Freed by judgement_free, in any case. */
bool fit_judge(const struct rows *rows, const struct dealing *dealing, const struct wish *wish,
               struct judgement *judgement);
void judgement_free(struct judgement *judgement);

#endif
