/*
 * evaluation: all that is found out about one model's answers.
 */
#ifndef SCORE_EVALUATION_H
#define SCORE_EVALUATION_H

#include "score/coverage.h"
#include "score/intervals.h"
#include "score/measures.h"

#include <stdbool.h>
#include <stddef.h>

/* Freed by evaluation_free. */
struct evaluation {
    struct trial trial;
    struct resampling resampling;
    struct figure figures[MEASURE_COUNT];
    size_t step_count; /* 0 without probabilities */
    struct coverage_step steps[COVERAGE_STEPS];
};

/*
 * Of a prepared trial, whose answers keep ANSWERS_ROWS at least, and ANSWERS_CHANCES where they
 * have probabilities. False when memory is out.
 */
bool evaluation_run(struct evaluation *evaluation);

void evaluation_free(struct evaluation *evaluation);

#endif
