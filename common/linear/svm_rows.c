/*
 * The rows once, in one go over their features: lengths, and what other folds know of each. What
 * svm.h has of them before a block is at work stands here.
 */
#include "linear/svm_rows.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Of a feature that several rows have: the one fold that they are in, + 1; or SEVERAL. */
enum { SEVERAL = UINT32_MAX };

static bool find_folds(struct svm *svm)
{
    const struct svm_problem *problem = &svm->problem;
    const struct sparse *x = problem->x;
    svm->only_in = calloc((size_t)svm_shared(x) + 1, sizeof *svm->only_in);
    for (uint32_t row = 0; svm->only_in && row < x->rows; row++) {
        const uint32_t fold = problem->fold_of[row] + 1;
        uint64_t i = x->begin[row], end = x->begin[row + 1];
        for (; i < end && x->feature[i] < svm_shared(x); i++) {
            uint32_t *only_in = &svm->only_in[x->feature[i]];
            *only_in = *only_in == 0 || *only_in == fold ? fold : SEVERAL;
        }
    }
    return svm->only_in;
}

/* How much longer a row is, by the sum of its squares, than what other folds know of it; 0 where
   that is nothing. */
static float stretch_of(const struct svm *svm, const struct svm_row *row, double squares)
{
    const struct sparse *x = svm->problem.x;
    double known = 0;
    for (uint64_t i = row->begin; svm->only_in && i < row->begin + row->count; i++)
        if (svm->only_in[x->feature[i]] == SEVERAL)
            known += (double)x->value[i] * (double)x->value[i];
    return known > 0 ? (float)sqrt(squares / known) : 0;
}

static void measure_row(struct svm *svm, uint32_t number)
{
    const struct svm_problem *problem = &svm->problem;
    const struct sparse *x = problem->x;
    struct svm_row *row = &svm->rows[number];
    row->begin = x->begin[number];
    row->class_number = problem->class_of[number];
    row->fold = problem->folds ? problem->fold_of[number] : 0;
    uint64_t end = x->begin[number + 1], i = row->begin;
    double squares = 1, lone = 0;
    for (; i < end && x->feature[i] < svm_shared(x); i++)
        squares += (double)x->value[i] * (double)x->value[i];
    row->count = (uint32_t)(i - row->begin);
    for (; i < end; i++)
        lone += (double)x->value[i] * (double)x->value[i];
    row->diagonal = (float)(lone + 0.5 / problem->c);
    row->inverse = (float)(1 / (squares + lone + 0.5 / problem->c));
    row->stretch = stretch_of(svm, row, squares - 1 + lone);
}

void svm_measure(struct svm *svm, uint32_t first, uint32_t end)
{
    for (uint32_t row = first; row < end; row++)
        measure_row(svm, row);
}

struct svm *svm_new(const struct svm_problem *problem, enum cpu_level level)
{
    struct svm *svm = calloc(1, sizeof *svm);
    if (!svm)
        return NULL;
    svm->problem = *problem;
    svm->level = level;
    svm->rows = memory_array(problem->x->rows, sizeof *svm->rows);
    svm->counts = calloc(problem->classes, ((size_t)problem->folds + 1) * sizeof *svm->counts);
    if (!svm->rows || !svm->counts || (problem->folds && !find_folds(svm))) {
        svm_free(svm);
        return NULL;
    }
    for (uint32_t row = 0; row < problem->x->rows; row++) {
        ++*svm_count(svm, problem->class_of[row], problem->folds);
        if (problem->folds)
            ++*svm_count(svm, problem->class_of[row], problem->fold_of[row]);
    }
    return svm;
}

void svm_free(struct svm *svm)
{
    if (!svm)
        return;
    free(svm->rows);
    free(svm->only_in);
    free(svm->counts);
    free(svm);
}

static uint32_t blocks_of(uint64_t models)
{
    return (uint32_t)((models + SVM_LANES - 1) / SVM_LANES);
}

uint32_t svm_blocks(const struct svm *svm)
{
    return blocks_of(svm->problem.classes);
}

uint32_t svm_fold_blocks(const struct svm *svm)
{
    return blocks_of((uint64_t)svm->problem.classes * svm->problem.folds);
}
