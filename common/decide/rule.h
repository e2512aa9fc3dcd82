/*
 * rule: from a forest's probabilities to an answer.
 *
 * A rule is some lists of numbers, of which each does one thing. First the probabilities of a row
 * are calibrated:
 *
 *   temperature  T, s: p becomes (p + s / classes)^(1/T), divided by the sum over classes (Guo,
 *                Pleiss, Sun and Weinberger, "On calibration of modern neural networks", 2017; the
 *                share s of a uniform guess, for a forest says 0 where few trees were asked)
 *   isotonic     knots, x, y, prior: of each class a curve that never falls (Zadrozny and Elkan,
 *                "Transforming classifier scores into accurate multiclass probability estimates",
 *                2002), straight between its knots; p becomes curve(p) + prior / 1000, divided by
 *                the sum over classes
 *
 * They are rounded to float32, as predictions carry them, and all that follows is made of these
 * numbers, so that whoever reads them can work it out. Then there is an answer, a class or none:
 *
 *   novelty      by class, when it is the most probable one: if the entropy, - sum p log p, is
 *                above that, the row is of no known kind: no answer
 *   costs        true x predicted: the class whose expected cost, sum over true classes of
 *                p x cost, is the lowest; with `no-answer`, a cost by true class, none where that
 *                is lower still
 *   thresholds   by class: the class of the greatest p / threshold
 *   floors       by class: the most probable one, or none where its p is below
 *
 * With none of these it is the most probable class. Of equal ones the first counts, but that
 * `voted`, the most probable class by numbers that were not rounded yet, comes before.
 *
 *   scores, rows sets.h
 */
#ifndef DECIDE_RULE_H
#define DECIDE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RULE_NONE = UINT32_MAX /* no answer */ };

enum rule_part {
    RULE_TEMPERATURE,
    RULE_ISOTONIC_KNOTS, /* of each class, how many: at least one; then their x and y, by class */
    RULE_ISOTONIC_X,
    RULE_ISOTONIC_Y,
    RULE_PRIOR,
    RULE_NOVELTY,
    RULE_COSTS,
    RULE_NO_ANSWER,
    RULE_THRESHOLDS,
    RULE_FLOORS,
    RULE_SCORES,
    RULE_ROWS,
    RULE_PARTS
};

/* `temperature`, `isotonic-x`, ... */
const char *rule_part_name(enum rule_part part);

/* Absent where count is 0. */
struct rule_list {
    double *values;
    size_t count, capacity;
};

/*
 * Start from `{0}` and `classes`; owns its lists, freed by rule_free. Read by any number of
 * threads.
 */
struct rule {
    uint32_t classes;
    struct rule_list lists[RULE_PARTS];
    double least; /* an answer that is less probable is none */
};

static inline bool rule_has(const struct rule *rule, enum rule_part part)
{
    return rule->lists[part].count != 0;
}

/* Makes room for `count` numbers in a list, which then has so many. NULL when memory is out. */
double *rule_room(struct rule *rule, enum rule_part part, size_t count);

/* What is wrong with the lists of a rule that somebody else made, a sentence's end, or NULL. */
const char *rule_check(const struct rule *rule);

/* Whether rows may get no answer. */
bool rule_abstains(const struct rule *rule);

/* Calibrates the probabilities of a row in place; `room` is for as many doubles. */
void rule_calibrate(const struct rule *rule, float *proba, double *room);

/* The answer for calibrated probabilities. */
uint32_t rule_answer(const struct rule *rule, const float *proba, uint32_t voted);

/*
 * From the votes on a row to its answer: rounds them to float32, calibrates and answers. `proba`
 * gets the calibrated probabilities; `room` is for as many doubles.
 */
uint32_t rule_decide(const struct rule *rule, const double *votes, uint32_t voted, float *proba,
                     double *room);

/* Whether calibrated probabilities are beyond the limits of novelty. */
bool rule_is_novel(const struct rule *rule, const float *proba, uint32_t voted);

/* A curve through the knots, whose x ascend, straight between them and level beyond. */
double rule_curve(const double *x, const double *y, size_t count, double at);

/* - sum p log p, over those above 0. */
double rule_entropy(const float *proba, uint32_t classes);

/* The first greatest of them, or `voted` where it is as great. */
uint32_t rule_top(const float *proba, uint32_t classes, uint32_t voted);

void rule_free(struct rule *rule);

#endif
