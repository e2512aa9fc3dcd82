/*
 * Solves a linear problem for svm.py: from stdin numbers of uint64, rows, features, labels, folds,
 * then a tolerance (double), then begin, feature, value, class_of and fold_of as linear/svm.h has
 * them; to stdout the weights and the held-out scores.
 */
#include "linear/svm.h"

#include <stdio.h>
#include <stdlib.h>

static void *room(size_t count, size_t size)
{
    void *items = calloc(count + 1, size);
    if (!items) {
        fputs("svm: no memory\n", stderr);
        exit(1);
    }
    return items;
}

static void *take(size_t count, size_t size)
{
    void *items = room(count, size);
    if (fread(items, size, count, stdin) != count) {
        fputs("svm: the problem ends early\n", stderr);
        exit(1);
    }
    return items;
}

/* Solves a problem with its arrays in place, and writes what was found. */
static bool solve(const struct svm_problem *problem)
{
    size_t weight_count = ((size_t)problem->x->features + 1) * problem->classes;
    size_t score_count = (size_t)problem->x->rows * problem->classes;
    float *weights = room(weight_count, sizeof *weights);
    float *scores = room(score_count, sizeof *scores);
    struct svm_effort effort = {0};
    struct svm_room space = {0};
    struct svm *svm = svm_new(problem, cpu_level());
    size_t block_duals = (size_t)SVM_BLOCK * problem->x->rows;
    float *duals = room((svm ? svm_blocks(svm) : 0) * block_duals, sizeof *duals);
    bool done = svm != NULL;
    if (done)
        svm_measure(svm, 0, problem->x->rows);
    for (uint32_t i = 0; done && i < svm_blocks(svm); i++)
        done = svm_train(svm, &space, i, weights, duals + i * block_duals, &effort);
    for (uint32_t i = 0; done && i < svm_fold_blocks(svm); i++)
        done =
            svm_hold_out(svm, &space, i, duals + i / problem->folds * block_duals, scores, &effort);
    done = done && fwrite(weights, sizeof *weights, weight_count, stdout) == weight_count &&
           fwrite(scores, sizeof *scores, score_count, stdout) == score_count && !fflush(stdout);
    svm_room_free(&space);
    svm_free(svm);
    free(weights);
    free(duals);
    free(scores);
    return done;
}

int main(void)
{
    uint64_t *shape = take(4, sizeof *shape);
    uint32_t rows = (uint32_t)shape[0];
    double *tolerance = take(1, sizeof *tolerance);
    uint64_t *begin = take((size_t)rows + 1, sizeof *begin);
    uint32_t *feature = take(begin[rows], sizeof *feature);
    float *value = take(begin[rows], sizeof *value);
    uint32_t *class_of = take(rows, sizeof *class_of), *fold_of = take(rows, sizeof *fold_of);
    struct sparse x = {rows, (uint32_t)shape[1], begin, feature, value};
    bool done = solve(&(struct svm_problem){.x = &x,
                                            .class_of = class_of,
                                            .fold_of = fold_of,
                                            .classes = (uint32_t)shape[2],
                                            .folds = (uint32_t)shape[3],
                                            .c = SVM_C,
                                            .tolerance = *tolerance,
                                            .passes = SVM_PASSES});
    free(shape);
    free(tolerance);
    free(begin);
    free(feature);
    free(value);
    free(class_of);
    free(fold_of);
    return !done;
}
