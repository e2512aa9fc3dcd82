/*
 * A piece of work is a block of one view's models. The pieces of all views stand in one row, first
 * those of whole models, then those of folds, each of which waits for the whole models that it
 * starts from: so workers stay busy while the last of these are trained. Of whole models those
 * come first that are done first, of folds those that take longest, so that the shortest pieces are
 * left for the end, when workers run out of them.
 */
#include "run/linear_models.h"

#include "base/memory.h"
#include "base/room.h"
#include "par/workers.h"

#include <stdlib.h>
#include <string.h>

bool linear_models_share(const struct linear_run *run, struct shared *shared, size_t count,
                         struct error *error)
{
    if (shared_make(shared, count, run->folder))
        return true;
    if (!run->folder)
        return error_memory(error, "training models");
    char size[ROOM_TEXT_SIZE];
    room_text((double)count * sizeof(float), size);
    return error_errno(error,
                       "%s: no temporary file of %s can be made there: name another folder "
                       "with --temp-dir",
                       run->folder, size);
}

/* ---- what workers do ---- */

static float *duals_of(const struct model *model, uint32_t block)
{
    return model->duals.floats + (size_t)block * SVM_BLOCK * model->x.rows;
}

static bool train_block(struct linear_run *run, const struct piece *piece,
                        struct svm_effort *effort)
{
    const struct model *model = &run->models[piece->view];
    if (!piece->held_out)
        return svm_train(model->svm, &run->room, piece->block, model->weights.floats,
                         duals_of(model, piece->block), effort);
    return svm_hold_out(model->svm, &run->room, piece->block,
                        duals_of(model, piece->block / model->problem.folds), model->scores.floats,
                        effort);
}

static bool train_piece(void *context, uint64_t number, struct workers_result *result,
                        struct error *error)
{
    struct linear_run *run = context;
    struct svm_effort effort = {0};
    return (train_block(run, &run->pieces[number], &effort) &&
            workers_append(result, &effort, sizeof effort)) ||
           error_memory(error, "training a model");
}

static bool take_piece(void *context, uint64_t piece, const unsigned char *bytes, size_t size,
                       struct error *error)
{
    struct linear_run *run = context;
    struct svm_effort effort;
    (void)error;
    run->wholes -= !run->pieces[piece].held_out;
    memcpy(&effort, bytes, size);
    run->totals->passes += effort.passes;
    run->totals->unfinished += effort.unfinished;
    run->train->progressed(run->train->context, piece + 1, run->piece_count);
    return true;
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct linear_run *run = context;
    run->train->again(run->train->context, task, cause);
}

static bool do_meanwhile(void *context, bool *more, struct error *error)
{
    struct linear_run *run = context;
    *more = !run->wholes;
    return !*more || run->meanwhile(run, more, error);
}

static uint64_t pieces_after(void *context, uint64_t task)
{
    const struct linear_run *run = context;
    return run->pieces[task].after;
}

/* ---- the pieces ---- */

static uint64_t most_pieces(const struct linear_run *run)
{
    uint64_t most = 0;
    for (int view = 0; view < VIEW_COUNT; view++)
        if (run->models[view].duals.floats)
            most += svm_blocks(run->models[view].svm) + svm_fold_blocks(run->models[view].svm);
    return most;
}

/* How many pieces are there when the whole models are done that a fold block starts from. */
static uint64_t behind_whole(const struct linear_run *run, enum view view, uint32_t block)
{
    const struct piece *piece = run->pieces;
    uint32_t whole = block / run->models[view].problem.folds;
    while (piece->view != view || piece->block != whole)
        piece++;
    return (uint64_t)(piece - run->pieces) + 1;
}

/* The views whose duals are there, by what a pass over them takes, the least first. */
static unsigned order_views(const struct linear_run *run, enum view views[VIEW_COUNT])
{
    unsigned count = 0;
    for (enum view view = 0; view < VIEW_COUNT; view++) {
        if (!run->models[view].duals.floats)
            continue;
        unsigned at = count++;
        for (; at && run->bags.of[views[at - 1]].entries > run->bags.of[view].entries; at--)
            views[at] = views[at - 1];
        views[at] = view;
    }
    return count;
}

static void list_pieces_of(struct linear_run *run, enum view view, bool held_out)
{
    const struct svm *svm = run->models[view].svm;
    uint32_t blocks = held_out ? svm_fold_blocks(svm) : svm_blocks(svm);
    for (uint32_t block = 0; block < blocks; block++)
        if (linear_part_has(&run->work, &run->train->part, view, held_out, block))
            run->pieces[run->piece_count++] = (struct piece){
                view, block, held_out, held_out ? behind_whole(run, view, block) : 0};
}

static void list_pieces(struct linear_run *run)
{
    enum view views[VIEW_COUNT];
    unsigned count = order_views(run, views);
    run->piece_count = 0;
    for (unsigned i = 0; i < count; i++)
        list_pieces_of(run, views[i], false);
    run->wholes = run->piece_count;
    for (unsigned i = count; run->train->folds && i-- > 0;)
        list_pieces_of(run, views[i], true);
}

static bool train_models(struct linear_run *run, struct error *error)
{
    run->pieces = memory_array(most_pieces(run), sizeof *run->pieces);
    if (!run->pieces)
        return error_memory(error, "training models");
    list_pieces(run);
    const struct workers workers = {.context = run,
                                    .noun = "piece of work",
                                    .tasks = run->piece_count,
                                    .jobs = run->train->jobs,
                                    .result_limit = sizeof(struct svm_effort),
                                    .after = pieces_after,
                                    .work = train_piece,
                                    .take = take_piece,
                                    .meanwhile = run->meanwhile ? do_meanwhile : NULL,
                                    .again = tell_again};
    bool done = !run->piece_count || workers_run(&workers, error);
    free(run->pieces);
    run->pieces = NULL;
    return done;
}

bool linear_models_train(struct linear_run *run, int from, int to, struct error *error)
{
    bool done = true;
    for (int view = from; done && view < to; view++) {
        struct model *model = &run->models[view];
        if (model->svm)
            done = linear_models_share(run, &model->duals,
                                       (size_t)model->problem.classes * model->x.rows, error);
    }
    done = done && train_models(run, error);
    for (int view = from; view < to; view++)
        shared_free(&run->models[view].duals);
    return done;
}
