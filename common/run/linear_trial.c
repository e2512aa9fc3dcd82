/*
 * The sample is drawn, and parted into folds, by the CRC-32 of a document's tokens, so that it does
 * not depend on the documents' order, and equal texts share a fold: by its upper bits whether a
 * document is in the sample, by its lower ones in which fold.
 */
#include "run/linear_trial.h"

#include "base/memory.h"
#include "linear/svm.h"
#include "par/team.h"
#include "run/linear_weigh.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SAMPLE = 3000, FOLDS = 4, TRIED = 2 };

/* A view's model, and what it says of the sample. */
struct tried {
    struct bag bag;
    struct sparse x;
    struct svm_problem problem;
    struct svm *svm;
    float *weights, *duals, *scores;
};

/* What is drawn: rows of the bags, and by place in the sample their labels and folds. */
struct drawn {
    uint32_t *rows, *class_of, *fold_of;
    uint32_t count, classes;
};

struct run {
    struct tried views[TRIED];
    bool held_out;    /* which pieces of work are at hand */
    atomic_uint next; /* of them */
    atomic_bool failed;
};

/* ---- the sample ---- */

static bool is_drawn(const struct bags *bags, size_t row)
{
    return (uint64_t)bags->keys[row].crc32 * bags->rows >> 32 < SAMPLE;
}

static bool draw(const struct bags *bags, struct drawn *drawn)
{
    size_t count = 0;
    for (size_t row = 0; row < bags->rows; row++)
        count += is_drawn(bags, row);
    drawn->rows = memory_array(count, sizeof *drawn->rows);
    drawn->class_of = memory_array(count, sizeof *drawn->class_of);
    drawn->fold_of = memory_array(count, sizeof *drawn->fold_of);
    drawn->classes = (uint32_t)bags->labels.count;
    if (!drawn->rows || !drawn->class_of || !drawn->fold_of)
        return false;
    for (size_t row = 0; row < bags->rows; row++) {
        if (!is_drawn(bags, row))
            continue;
        drawn->rows[drawn->count] = (uint32_t)row;
        drawn->class_of[drawn->count] = bags->label[row];
        drawn->fold_of[drawn->count++] = bags->keys[row].crc32 % FOLDS;
    }
    return true;
}

static void free_drawn(struct drawn *drawn)
{
    free(drawn->rows);
    free(drawn->class_of);
    free(drawn->fold_of);
}

/* ---- models ---- */

static bool prepare(struct tried *tried, const struct bag *bag, const struct drawn *drawn,
                    uint32_t least_documents, enum cpu_level level, unsigned jobs)
{
    size_t cells = (size_t)drawn->count * drawn->classes;
    if (!bag_sample(bag, drawn->rows, drawn->count, &tried->bag) ||
        !bag_select(&tried->bag, least_documents, UINT32_MAX) || !linear_weigh(&tried->bag, jobs))
        return false;
    tried->x = bag_sparse(&tried->bag);
    tried->problem = (struct svm_problem){.x = &tried->x,
                                          .class_of = drawn->class_of,
                                          .fold_of = drawn->fold_of,
                                          .classes = drawn->classes,
                                          .folds = FOLDS,
                                          .c = SVM_C,
                                          .tolerance = SVM_TOLERANCE,
                                          .passes = SVM_PASSES};
    tried->svm = svm_new(&tried->problem, level);
    tried->weights = memory_array(((size_t)tried->x.features + 1) * drawn->classes, sizeof(float));
    tried->duals = memory_array(cells, sizeof *tried->duals);
    tried->scores = memory_array(cells, sizeof *tried->scores);
    return tried->svm && tried->weights && tried->duals && tried->scores;
}

static void free_tried(struct tried *tried)
{
    svm_free(tried->svm);
    bag_free(&tried->bag);
    free(tried->weights);
    free(tried->duals);
    free(tried->scores);
}

static bool work(const struct run *run, const struct tried *tried, uint32_t block)
{
    struct svm_effort effort = {0};
    uint32_t whole = run->held_out ? block / FOLDS : block;
    float *duals = tried->duals + (size_t)whole * SVM_BLOCK * tried->x.rows;
    return run->held_out ? svm_hold_out(tried->svm, block, duals, tried->scores, &effort)
                         : svm_train(tried->svm, block, tried->weights, duals, &effort);
}

/* Takes one block after another, of the views in turn. */
static void work_on(void *shared, unsigned member)
{
    struct run *run = shared;
    const struct svm *svm = run->views[0].svm;
    unsigned blocks = run->held_out ? svm_fold_blocks(svm) : svm_blocks(svm), piece;
    (void)member;
    while ((piece = run->next++) < TRIED * blocks)
        if (!work(run, &run->views[piece % TRIED], piece / TRIED))
            run->failed = true;
}

static bool train(struct run *run, unsigned jobs)
{
    for (int stage = 0; stage < 2 && !run->failed; stage++) {
        run->held_out = stage == 1;
        run->next = 0;
        team_run(jobs, work_on, run);
    }
    return !run->failed;
}

/* ---- what they say ---- */

/* How many labels have the highest sum of the first `views` scores, of which the first counts. */
static uint32_t count_right(const struct run *run, const struct drawn *drawn, int views)
{
    uint32_t right = 0;
    for (uint32_t row = 0; row < drawn->count; row++) {
        uint32_t best = 0;
        float most = -INFINITY;
        for (uint32_t label = 0; label < drawn->classes; label++) {
            float sum = 0;
            for (int view = 0; view < views; view++)
                sum += run->views[view].scores[(size_t)row * drawn->classes + label];
            best = sum > most ? label : best;
            most = sum > most ? sum : most;
        }
        right += best == drawn->class_of[row];
    }
    return right;
}

bool linear_trial(const struct bags *bags, enum view first, enum view second, enum cpu_level level,
                  unsigned jobs, struct linear_trial *trial)
{
    struct run run = {0};
    struct drawn drawn = {0};
    bool done =
        draw(bags, &drawn) && prepare(&run.views[0], &bags->of[first], &drawn, 1, level, jobs) &&
        prepare(&run.views[1], &bags->of[second], &drawn, 2, level, jobs) && train(&run, jobs);
    if (done)
        *trial = (struct linear_trial){drawn.count, count_right(&run, &drawn, 1),
                                       count_right(&run, &drawn, TRIED)};
    for (int view = 0; view < TRIED; view++)
        free_tried(&run.views[view]);
    free_drawn(&drawn);
    return done;
}
