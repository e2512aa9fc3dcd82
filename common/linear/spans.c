/*
 * Models are numbered label by label, and by fold within a label (svm.c). Of a fold block the
 * labels with a model of one fold are neighbours.
 */
#include "linear/spans.h"

bool spans_of_block(const struct svm_problem *problem, uint32_t block, float *weights,
                    spans_visit *visit, void *context)
{
    size_t first = (size_t)block * SVM_BLOCK, left = problem->classes - first;
    size_t count = left < SVM_BLOCK ? left : SVM_BLOCK;
    for (size_t row = 0; row <= problem->x->features; row++)
        if (!visit(context, weights + row * problem->classes + first, count))
            return false;
    return true;
}

/* The first label whose model of `fold` is number `model` or later. */
static uint64_t label_from(const struct svm_problem *problem, uint64_t model, uint32_t fold)
{
    uint64_t label = model / problem->folds;
    label += model % problem->folds > fold;
    return label < problem->classes ? label : problem->classes;
}

bool spans_of_fold_block(const struct svm_problem *problem, uint32_t fold_block, float *scores,
                         spans_visit *visit, void *context)
{
    uint64_t model = (uint64_t)fold_block * SVM_BLOCK;
    for (size_t row = 0; row < problem->x->rows; row++) {
        uint64_t from = label_from(problem, model, problem->fold_of[row]);
        uint64_t to = label_from(problem, model + SVM_BLOCK, problem->fold_of[row]);
        if (from < to && !visit(context, scores + row * problem->classes + from, to - from))
            return false;
    }
    return true;
}
