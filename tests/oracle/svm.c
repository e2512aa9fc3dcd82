/*
 * Solves a linear problem for svm.py: from stdin numbers of uint64, rows, features, labels, folds,
 * then a tolerance (double), then begin, feature, value, class_of and fold_of as linear/svm.h has
 * them; to stdout the weights and the held-out scores.
 */
#include "linear/svm.h"

#include <stdio.h>
#include <stdlib.h>

static void *take(size_t count, size_t size)
{
    void *items = calloc(count + 1, size);
    if (!items || fread(items, size, count, stdin) != count) {
        fputs("svm: the problem ends early\n", stderr);
        exit(1);
    }
    return items;
}

static float *solve(const struct svm_problem *problem, float *weights, float *scores)
{
    struct svm_effort effort = {0};
    struct svm *svm = svm_new(problem, cpu_level());
    float *duals = calloc((size_t)problem->x->rows * problem->classes, sizeof *duals);
    bool done = svm && duals && weights && scores;
    for (uint32_t i = 0; done && i < svm_blocks(svm); i++)
        done = svm_train(svm, i, weights, duals, &effort);
    for (uint32_t i = 0; done && i < svm_fold_blocks(svm); i++)
        done = svm_hold_out(svm, i, duals, scores, &effort);
    free(duals);
    svm_free(svm);
    return done ? weights : NULL;
}

int main(void)
{
    uint64_t *shape = take(4, sizeof *shape);
    uint32_t rows = (uint32_t)shape[0], features = (uint32_t)shape[1], labels = (uint32_t)shape[2];
    double *tolerance = take(1, sizeof *tolerance);
    uint64_t *begin = take((size_t)rows + 1, sizeof *begin);
    uint32_t *feature = take(begin[rows], sizeof *feature);
    float *value = take(begin[rows], sizeof *value);
    uint32_t *class_of = take(rows, sizeof *class_of), *fold_of = take(rows, sizeof *fold_of);
    struct sparse x = {rows, features, begin, feature, value};
    struct svm_problem problem = {.x = &x,
                                  .class_of = class_of,
                                  .fold_of = fold_of,
                                  .classes = labels,
                                  .folds = (uint32_t)shape[3],
                                  .c = SVM_C,
                                  .tolerance = *tolerance,
                                  .passes = SVM_PASSES};
    size_t weight_count = ((size_t)features + 1) * labels, score_count = (size_t)rows * labels;
    float *weights = calloc(weight_count, sizeof *weights);
    float *scores = calloc(score_count, sizeof *scores);
    if (!solve(&problem, weights, scores) ||
        fwrite(weights, sizeof *weights, weight_count, stdout) != weight_count ||
        fwrite(scores, sizeof *scores, score_count, stdout) != score_count || fflush(stdout))
        return 1;
    free(shape);
    free(tolerance);
    free(begin);
    free(feature);
    free(value);
    free(class_of);
    free(fold_of);
    free(weights);
    free(scores);
    return 0;
}
