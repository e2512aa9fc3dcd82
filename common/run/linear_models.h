/*
 * linear_models: the models of a run of linear-train, trained by workers. Internal to linear_train.
 */
#ifndef RUN_LINEAR_MODELS_H
#define RUN_LINEAR_MODELS_H

#include "linear/bayes.h"
#include "linear/svm.h"
#include "run/bags.h"
#include "run/linear_parts.h"
#include "run/linear_room.h"
#include "run/linear_train.h"
#include "run/linear_write.h"
#include "run/shared.h"

/* A view's models: borrowed bag, shared arrays. */
struct model {
    struct sparse x;
    struct svm_problem problem;
    struct svm *svm;
    struct shared weights, duals, scores;
};

/* What a run holds. */
struct linear_run {
    const struct linear_train *train;
    struct linear_train_totals *totals;
    struct bags bags;
    struct text *classes;
    uint32_t *class_of, *fold_of;
    bool ready[VIEW_COUNT]; /* its terms are chosen, and weighed where they are single words */
    struct bayes bayes;
    struct model models[VIEW_COUNT];
    enum linear_plan plan;
    const char *folder; /* where shared arrays lie; NULL: in memory */
    struct linear_work work;
    struct piece *pieces;
    uint64_t piece_count;
    struct svm_room room; /* each worker's own */
    uint64_t wholes;      /* pieces of whole models that are not done */
    struct output *output;
    struct linear_writing *writing; /* to it; NULL: not begun */
    /* Unless NULL: a little to do when whole models are done and folds are not; `*more` is whether
       something is left. Status INPUT or SYSTEM. */
    bool (*meanwhile)(struct linear_run *run, bool *more, struct error *error);
};

/* A block of a view's models: whole ones, or of folds to score what they were held out from. */
struct piece {
    enum view view;
    uint32_t block;
    bool held_out;
    uint64_t after; /* pieces that are done before */
};

/* Makes shared floats, in the run's folder where it has one. Status SYSTEM. */
bool linear_models_share(const struct linear_run *run, struct shared *shared, size_t count,
                         struct error *error);

/*
 * Trains the models of the views `from` up to `to`, and scores what was held out; their duals are
 * there only meanwhile. Status SYSTEM, or what run->meanwhile says.
 */
bool linear_models_train(struct linear_run *run, int from, int to, struct error *error);

#endif
