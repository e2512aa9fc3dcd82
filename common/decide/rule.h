/*
 * rule: from a forest's probabilities to an answer.
 *
 * An answer is a class, or none. All numbers of a row are float32, as predictions carry them, so
 * that whoever reads these can work out the same answers.
 */
#ifndef DECIDE_RULE_H
#define DECIDE_RULE_H

#include <stdbool.h>
#include <stdint.h>

enum { RULE_NONE = UINT32_MAX /* no answer */ };

/* Start from `{0}`, which takes the most probable class. Read by any number of threads. */
struct rule {
    uint32_t classes;
    double least; /* a less probable answer is none */
};

/*
 * The answer for a row of probabilities; `voted` is the most probable class by the numbers that
 * they were rounded from, which decides between equal ones.
 */
uint32_t rule_answer(const struct rule *rule, const float *proba, uint32_t voted);

#endif
