/*
 * The measures with their intervals, then what may be answered at which confidence.
 */
#include "score/evaluation.h"

bool evaluation_run(struct evaluation *evaluation)
{
    const struct answers *answers = evaluation->trial.answers;
    evaluation->step_count = 0;
    return figures_of(&evaluation->trial, &evaluation->resampling, evaluation->figures) &&
           (!answers->proba || answers->keeps < ANSWERS_CHANCES ||
            coverage_of(answers, evaluation->steps, &evaluation->step_count));
}

void evaluation_free(struct evaluation *evaluation)
{
    trial_free(&evaluation->trial);
}
