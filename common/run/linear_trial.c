/*
 * The sample is drawn, and parted into folds, by the CRC-32 of a document's tokens, so that it does
 * not depend on the documents' order, and equal texts share a fold: by what it is times a constant
 * whether a document is in the sample, by its lower bits in which fold. Where a text has many
 * copies, the first documents drawn have to do.
 */
#include "run/linear_trial.h"

#include "base/memory.h"
#include "linear/svm.h"
#include "par/team.h"
#include "run/linear_weigh.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SAMPLE = 3000, MOST_DRAWN = 2 * SAMPLE, MOST_LABELS = 500, FOLDS = 4, TRIED = 2 };

/* A view's model, and what it says of the sample. */
struct tried {
    struct bag bag;
    struct sparse x;
    struct svm_problem problem;
    struct svm *svm;
    float *duals, *scores;
};

/* Rows of the bags that are drawn, and by place in the sample their labels, numbered anew, and
   folds. */
struct drawn {
    uint32_t rows[MOST_DRAWN], class_of[MOST_DRAWN], fold_of[MOST_DRAWN];
    uint32_t count, classes;
};

struct run {
    struct tried views[TRIED];
    bool held_out;    /* which pieces of work are at hand */
    atomic_uint next; /* of them */
    atomic_bool failed;
};

/* ---- the sample ---- */

/* The CRC-32 of texts that are much alike are, too, before the golden ratio spreads them. */
static bool is_drawn(const struct bags *bags, size_t row)
{
    uint32_t spread = bags->keys[row].crc32 * UINT32_C(0x9e3779b9);
    return (uint64_t)spread * bags->rows >> 32 < SAMPLE;
}

static void draw(const struct bags *bags, struct drawn *drawn, uint32_t *numbers)
{
    for (size_t row = 0; row < bags->rows && drawn->count < MOST_DRAWN; row++) {
        if (!is_drawn(bags, row))
            continue;
        uint32_t *number = &numbers[bags->label[row]];
        if (!*number)
            *number = ++drawn->classes;
        drawn->rows[drawn->count] = (uint32_t)row;
        drawn->class_of[drawn->count] = *number - 1;
        drawn->fold_of[drawn->count++] = bags->keys[row].crc32 % FOLDS;
    }
}

/* NULL when memory is out. */
static struct drawn *drawn_new(const struct bags *bags)
{
    struct drawn *drawn = calloc(1, sizeof *drawn);
    uint32_t *numbers = calloc(bags->labels.count, sizeof *numbers);
    if (drawn && numbers) {
        draw(bags, drawn, numbers);
    } else {
        free(drawn);
        drawn = NULL;
    }
    free(numbers);
    return drawn;
}

/* ---- models ---- */

static bool prepare(struct tried *tried, const struct bag *bag, const struct drawn *drawn,
                    uint32_t least_documents, const struct linear_trial_how *how)
{
    size_t cells = (size_t)drawn->count * drawn->classes;
    if (!bag_sample(bag, drawn->rows, drawn->count, &tried->bag) ||
        !bag_select(&tried->bag, least_documents, how->most_features) ||
        !linear_weigh(&tried->bag, how->jobs))
        return false;
    tried->x = bag_sparse(&tried->bag);
    tried->problem = (struct svm_problem){.x = &tried->x,
                                          .class_of = drawn->class_of,
                                          .fold_of = drawn->fold_of,
                                          .classes = drawn->classes,
                                          .folds = FOLDS,
                                          .c = how->c,
                                          .tolerance = SVM_TOLERANCE,
                                          .passes = SVM_PASSES};
    tried->svm = svm_new(&tried->problem, how->level);
    tried->duals = memory_array(cells, sizeof *tried->duals);
    tried->scores = memory_array(cells, sizeof *tried->scores);
    if (!tried->svm || !tried->duals || !tried->scores)
        return false;
    svm_measure(tried->svm, 0, tried->x.rows);
    return true;
}

static void free_tried(struct tried *tried)
{
    svm_free(tried->svm);
    bag_free(&tried->bag);
    free(tried->duals);
    free(tried->scores);
}

static bool work(const struct run *run, const struct tried *tried, struct svm_room *room,
                 uint32_t block)
{
    struct svm_effort effort = {0};
    uint32_t whole = run->held_out ? block / FOLDS : block;
    float *duals = tried->duals + (size_t)whole * SVM_BLOCK * tried->x.rows;
    return run->held_out ? svm_hold_out(tried->svm, room, block, duals, tried->scores, &effort)
                         : svm_train(tried->svm, room, block, NULL, duals, &effort);
}

/* Takes one block after another, of the views in turn. */
static void work_on(void *shared, unsigned member)
{
    struct run *run = shared;
    const struct svm *svm = run->views[0].svm;
    unsigned blocks = run->held_out ? svm_fold_blocks(svm) : svm_blocks(svm), piece;
    struct svm_room room = {0};
    (void)member;
    while ((piece = run->next++) < TRIED * blocks)
        if (!work(run, &run->views[piece % TRIED], &room, piece / TRIED))
            run->failed = true;
    svm_room_free(&room);
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

static bool try_both(const struct bags *bags, const struct linear_trial_how *how,
                     const struct drawn *drawn, struct linear_trial *trial)
{
    struct run run = {0};
    bool done = true;
    for (int view = 0; done && view < TRIED; view++)
        done = prepare(&run.views[view], &bags->of[how->views[view]], drawn,
                       how->least_documents[how->views[view]], how);
    done = done && train(&run, how->jobs);
    if (done)
        *trial = (struct linear_trial){drawn->count, count_right(&run, drawn, 1),
                                       count_right(&run, drawn, TRIED)};
    for (int view = 0; view < TRIED; view++)
        free_tried(&run.views[view]);
    return done;
}

bool linear_trial(const struct bags *bags, const struct linear_trial_how *how,
                  struct linear_trial *trial)
{
    struct drawn *drawn = drawn_new(bags);
    if (!drawn)
        return false;
    *trial = (struct linear_trial){0};
    bool telling = drawn->count >= LINEAR_TRIAL_LEAST && drawn->classes <= MOST_LABELS;
    bool done = !telling || try_both(bags, how, drawn, trial);
    free(drawn);
    return done;
}
