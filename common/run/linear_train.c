/*
 * A piece of work is a block of one view's models; the pieces of all views stand in one row, so
 * that workers stay busy from one view to the next.
 */
#include "run/linear_train.h"

#include "base/memory.h"
#include "base/room.h"
#include "linear/bayes.h"
#include "linear/svm.h"
#include "linear/tfidf.h"
#include "par/workers.h"
#include "run/bags.h"
#include "run/linear_room.h"
#include "run/linear_write.h"
#include "run/shared.h"
#include "stream/stream.h"
#include "text/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A view's models: borrowed bag, shared arrays. */
struct model {
    struct sparse x;
    struct svm_problem problem;
    struct svm *svm;
    struct shared weights, duals, scores;
};

struct run {
    const struct linear_train *train;
    struct linear_train_totals *totals;
    struct bags bags;
    struct text *classes;
    uint32_t *class_of, *fold_of;
    struct bayes bayes;
    struct model models[VIEW_COUNT];
    enum linear_plan plan;
    const char *folder; /* where shared arrays lie; NULL: in memory */
    bool held_out;      /* what the workers do: train, or score what was held out */
    uint64_t pieces;
};

/* ---- documents ---- */

static uint64_t least_of(uint64_t left, uint64_t right)
{
    return left < right ? left : right;
}

static bool read_documents(struct run *run, struct error *error)
{
    const struct linear_train *train = run->train;
    struct bags_source source = {
        .documents = train->documents,
        .first = train->look ? &train->look->chunk : NULL,
        .level = train->level,
        .jobs = train->jobs,
        .most = least_of(train->memory, least_of(room_in_memory(), room_to_map())),
        .progressed = train->read,
        .context = train->context};
    memcpy(source.wanted, train->wanted, sizeof source.wanted);
    source.wanted[VIEW_SPACE] |= train->bayes;
    if (!bags_read(&source, &run->bags, error))
        return false;
    if (!run->bags.rows)
        return error_set(error, STATUS_INPUT, "the input is empty: there are no documents");
    return run->bags.rows <= INT32_MAX ||
           error_set(error, STATUS_INPUT, "%zu documents; at most %d can be trained on",
                     run->bags.rows, INT32_MAX);
}

/* What no samples can hold is not trained for. */
static bool check_width(const struct run *run, struct error *error)
{
    size_t labels = run->bags.labels.count, views = run->train->bayes;
    for (int view = 0; view < VIEW_COUNT; view++)
        views += run->train->wanted[view];
    return 2 * views * labels <= STREAM_MAX_DIM ||
           error_set(error, STATUS_INPUT,
                     "%zu labels and %zu views make %zu features of at most %d: use fewer", labels,
                     views, 2 * views * labels, STREAM_MAX_DIM);
}

static int compare_texts(const void *left, const void *right)
{
    return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* Numbers the labels by their bytes. */
static bool sort_labels(struct run *run, struct error *error)
{
    const struct bags *bags = &run->bags;
    uint32_t count = (uint32_t)bags->labels.count;
    uint32_t *rank = memory_array(count, sizeof *rank);
    run->classes = memory_array(count, sizeof *run->classes);
    run->class_of = memory_array(bags->rows, sizeof *run->class_of);
    bool done = rank && run->classes && run->class_of;
    for (uint32_t i = 0; done && i < count; i++)
        run->classes[i] = words_text(&bags->labels, i);
    if (done)
        qsort(run->classes, count, sizeof *run->classes, compare_texts);
    for (uint32_t i = 0; done && i < count; i++)
        rank[words_find(&bags->labels, run->classes[i])] = i;
    for (size_t row = 0; done && row < bags->rows; row++)
        run->class_of[row] = rank[bags->label[row]];
    free(rank);
    return done || error_memory(error, "sorting the labels");
}

static bool pick_folds(struct run *run, struct error *error)
{
    if (!run->train->folds)
        return true;
    run->fold_of = memory_array(run->bags.rows, sizeof *run->fold_of);
    if (!run->fold_of)
        return error_memory(error, "picking folds");
    for (size_t row = 0; row < run->bags.rows; row++)
        run->fold_of[row] = run->bags.keys[row].crc32 % run->train->folds;
    return true;
}

/* Counts all tokens, before any is left out. */
static bool count_tokens(struct run *run, struct error *error)
{
    struct bag *bag = &run->bags.of[VIEW_SPACE];
    if (!run->train->bayes)
        return true;
    struct sparse rows = bag_sparse(bag);
    rows.features = (uint32_t)bag->words.count;
    run->totals->tokens = rows.features;
    if (!bayes_count(&run->bayes, &rows, run->class_of, (uint32_t)run->bags.labels.count))
        return error_memory(error, "counting tokens");
    if (!run->train->wanted[VIEW_SPACE])
        bag_drop_rows(bag);
    return true;
}

/* ---- features ---- */

static bool weigh(const struct bag *bag)
{
    double *rarity = memory_array(bag->features, sizeof *rarity);
    if (!rarity)
        return false;
    for (uint32_t i = 0; i < bag->features; i++)
        rarity[i] = tfidf_rarity(bag->rows, bag_rows(bag, i));
    for (size_t row = 0; row < bag->rows; row++)
        tfidf_row(rarity, bag->feature + bag->begin[row], bag->value + bag->begin[row],
                  bag->begin[row + 1] - bag->begin[row]);
    free(rarity);
    return true;
}

static bool select_view(struct run *run, enum view view, struct error *error)
{
    const struct linear_train *train = run->train;
    struct bag *bag = &run->bags.of[view];
    struct model *model = &run->models[view];
    if (!bag_select(bag, train->least_documents[view], train->most_features) || !weigh(bag))
        return error_memory(error, "weighing terms");
    run->totals->features[view] = bag->features;
    model->x = bag_sparse(bag);
    model->problem = (struct svm_problem){.x = &model->x,
                                          .class_of = run->class_of,
                                          .fold_of = run->fold_of,
                                          .classes = (uint32_t)run->bags.labels.count,
                                          .folds = train->folds,
                                          .c = train->c,
                                          .tolerance = SVM_TOLERANCE,
                                          .passes = SVM_PASSES};
    return true;
}

/* ---- memory for models ---- */

/* Decides where arrays lie, and whether views go together. */
static bool find_room(struct run *run, struct error *error)
{
    const struct linear_train *train = run->train;
    uint64_t used = bags_bytes(&run->bags), given = train->memory > used ? train->memory - used : 0;
    struct linear_room room = {least_of(room_in_memory(), given), room_to_map()};
    struct linear_size sizes[VIEW_COUNT];
    unsigned count = 0;
    for (int view = 0; view < VIEW_COUNT; view++)
        if (train->wanted[view])
            sizes[count++] =
                (struct linear_size){run->models[view].x.features, run->models[view].x.lone,
                                     run->bags.rows, run->bags.labels.count, train->folds != 0};
    if (!linear_plan(sizes, count, train->jobs, &room, &run->plan, error))
        return false;
    run->folder = run->plan == LINEAR_IN_FILES ? train->temp_dir : NULL;
    if (run->folder)
        train->spills(train->context);
    return true;
}

static bool share(const struct run *run, struct shared *shared, size_t count, struct error *error)
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

static bool make_model(struct run *run, struct model *model, struct error *error)
{
    size_t rows = model->x.rows, classes = model->problem.classes;
    model->svm = svm_new(&model->problem, run->train->level);
    return (model->svm || error_memory(error, "training models")) &&
           share(run, &model->weights, ((size_t)model->x.features + 1) * classes, error) &&
           (!model->problem.folds || share(run, &model->scores, rows * classes, error));
}

static bool prepare_views(struct run *run, struct error *error)
{
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->train->wanted[view] && !select_view(run, view, error))
            return false;
    if (!find_room(run, error))
        return false;
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->train->wanted[view] && !make_model(run, &run->models[view], error))
            return false;
    return true;
}

/* ---- what workers do ---- */

static uint32_t pieces_of(const struct run *run, const struct model *model)
{
    if (!model->duals.floats)
        return 0;
    return run->held_out ? svm_fold_blocks(model->svm) : svm_blocks(model->svm);
}

static float *duals_of(const struct model *model, uint32_t block)
{
    return model->duals.floats + (size_t)block * SVM_BLOCK * model->x.rows;
}

static bool train_block(const struct run *run, const struct model *model, uint32_t block,
                        struct svm_effort *effort)
{
    if (!run->held_out)
        return svm_train(model->svm, block, model->weights.floats, duals_of(model, block), effort);
    uint32_t whole = block / model->problem.folds;
    return svm_hold_out(model->svm, block, duals_of(model, whole), model->scores.floats, effort);
}

static bool train_piece(void *context, uint64_t piece, struct workers_result *result,
                        struct error *error)
{
    const struct run *run = context;
    const struct model *model = run->models;
    struct svm_effort effort = {0};
    for (; piece >= pieces_of(run, model); model++)
        piece -= pieces_of(run, model);
    return (train_block(run, model, (uint32_t)piece, &effort) &&
            workers_append(result, &effort, sizeof effort)) ||
           error_memory(error, "training a model");
}

static bool take_piece(void *context, uint64_t piece, const unsigned char *bytes, size_t size,
                       struct error *error)
{
    const struct run *run = context;
    struct svm_effort effort;
    (void)error;
    memcpy(&effort, bytes, size);
    run->totals->passes += effort.passes;
    run->totals->unfinished += effort.unfinished;
    run->train->progressed(run->train->context, piece + 1, run->pieces);
    return true;
}

static const char *noun_of(const struct run *run)
{
    return run->held_out ? "fold" : "model";
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct run *run = context;
    run->train->again(run->train->context, noun_of(run), task, cause);
}

static bool train_models(struct run *run, bool held_out, struct error *error)
{
    run->held_out = held_out;
    run->pieces = 0;
    for (int view = 0; view < VIEW_COUNT; view++)
        run->pieces += pieces_of(run, &run->models[view]);
    const struct workers workers = {.context = run,
                                    .noun = noun_of(run),
                                    .tasks = run->pieces,
                                    .jobs = run->train->jobs,
                                    .result_limit = sizeof(struct svm_effort),
                                    .work = train_piece,
                                    .take = take_piece,
                                    .again = tell_again};
    return !run->pieces || workers_run(&workers, error);
}

/* Those of a range of views, whose duals are there only meanwhile. */
static bool train_views(struct run *run, int from, int to, struct error *error)
{
    bool done = true;
    for (int view = from; done && view < to; view++) {
        struct model *model = &run->models[view];
        if (model->svm)
            done = share(run, &model->duals, (size_t)model->problem.classes * model->x.rows, error);
    }
    done = done && train_models(run, false, error) &&
           (!run->train->folds || train_models(run, true, error));
    for (int view = from; view < to; view++)
        shared_free(&run->models[view].duals);
    return done;
}

static bool train_all(struct run *run, struct error *error)
{
    if (run->plan == LINEAR_TOGETHER)
        return train_views(run, 0, VIEW_COUNT, error);
    for (int view = 0; view < VIEW_COUNT; view++)
        if (!train_views(run, view, view + 1, error))
            return false;
    return true;
}

/* ---- running ---- */

static bool write_parts(const struct run *run, struct output *output, struct error *error)
{
    struct linear_write write = {.lineage = run->train->lineage,
                                 .read = collection_digest(run->train->documents),
                                 .bags = &run->bags,
                                 .classes = run->classes,
                                 .class_of = run->class_of,
                                 .bayes = run->train->bayes ? &run->bayes : NULL,
                                 .scored = run->train->folds != 0,
                                 .most_bytes = run->train->most_bytes};
    for (int view = 0; view < VIEW_COUNT; view++) {
        write.weights[view] = run->models[view].weights.floats;
        write.scores[view] = run->models[view].scores.floats;
    }
    return linear_write(&write, output, run->totals->written, error);
}

static void free_run(struct run *run)
{
    for (int view = 0; view < VIEW_COUNT; view++) {
        svm_free(run->models[view].svm);
        shared_free(&run->models[view].weights);
        shared_free(&run->models[view].duals);
        shared_free(&run->models[view].scores);
    }
    bayes_free(&run->bayes);
    bags_free(&run->bags);
    free(run->classes);
    free(run->class_of);
    free(run->fold_of);
}

void linear_train_kernels(enum cpu_level level, char *text, size_t size)
{
    snprintf(text, size, "tokens %s, svm %s", tokens_scan_name(level), svm_kernels_name(level));
}

bool linear_train_run(const struct linear_train *train, struct output *output,
                      struct linear_train_totals *totals, struct error *error)
{
    struct run run = {.train = train, .totals = totals};
    *totals = (struct linear_train_totals){0};
    bool done = read_documents(&run, error) && check_width(&run, error) &&
                sort_labels(&run, error) && pick_folds(&run, error) && count_tokens(&run, error) &&
                prepare_views(&run, error) && train_all(&run, error) &&
                write_parts(&run, output, error);
    totals->documents = run.bags.rows;
    totals->repairs = run.bags.repairs;
    totals->labels = (uint32_t)run.bags.labels.count;
    free_run(&run);
    return done;
}
