/*
 * coverage: how many rows are answered, and how many rightly, where a model says nothing below some
 * confidence. A row's confidence is the probability of the class that was predicted.
 */
#ifndef SCORE_COVERAGE_H
#define SCORE_COVERAGE_H

#include "score/answers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COVERAGE_STEPS = 20 };

/* The rows whose confidence is this or more. */
struct coverage_step {
    float confidence;
    uint64_t answered, right;
};

/*
 * Rows without an answer are never answered. One step for each twentieth of the rows, from all of
 * them down: the highest confidence of which at least so many are answered. Equal ones count once.
 * `*count`: how many there are. The answers keep ANSWERS_CHANCES. False when memory is out.
 */
bool coverage_of(const struct answers *answers, struct coverage_step steps[COVERAGE_STEPS],
                 size_t *count);

#endif
