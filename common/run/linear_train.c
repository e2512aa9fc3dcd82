/*
 * Documents are read into bags, terms chosen and weighed, models trained or taken from parts, and
 * all of it written.
 */
#include "run/linear_train.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/report.h"
#include "base/room.h"
#include "par/team.h"
#include "run/linear_models.h"
#include "run/linear_weigh.h"
#include "run/linear_written.h"
#include "stream/stream.h"
#include "text/tokens.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- documents ---- */

static uint64_t least_of(uint64_t left, uint64_t right)
{
    return left < right ? left : right;
}

static struct bags_source source_of(const struct linear_run *run)
{
    const struct linear_train *train = run->train;
    struct bags_source source = {
        .documents = train->documents,
        .first = train->look ? &train->look->chunk : NULL,
        .level = train->level,
        .jobs = train->jobs,
        .most = least_of(train->memory,
                         least_of(room_in_memory(train->room), room_to_map(train->room))),
        .spare = train->spare,
        .progressed = train->read,
        .context = train->context};
    memcpy(source.wanted, train->wanted, sizeof source.wanted);
    source.wanted[VIEW_SPACE] |= train->bayes;
    return source;
}

static bool read_documents(struct linear_run *run, const struct bags_source *source,
                           struct error *error)
{
    if (!bags_read(source, &run->bags, error))
        return false;
    if (!collection_check_any(source->documents, run->bags.rows, &run->bags.repairs, error))
        return false;
    run->train->counted(run->train->context, run->bags.rows, run->bags.labels.count);
    return run->bags.rows <= INT32_MAX ||
           error_set(error, STATUS_INPUT, "%zu documents; at most %d can be trained on",
                     run->bags.rows, INT32_MAX);
}

static bool is_needed(const struct linear_train *train, enum view view)
{
    return train->wanted[view] || (train->bayes && view == VIEW_SPACE);
}

/* Leaves what is of use. */
static bool settle_views(struct linear_run *run, struct linear_train *train, struct error *error)
{
    if (!train->settle)
        return true;
    if (!train->settle(train->context, &run->bags, train, error))
        return false;
    for (enum view view = 0; view < VIEW_COUNT; view++) {
        if (!is_needed(train, view))
            bag_free(&run->bags.of[view]);
        else if (run->bags.spared[view])
            return error_set(error, STATUS_SYSTEM,
                             "the terms of %zu documents take more memory than there is to be had: "
                             "use fewer views or documents",
                             run->bags.rows);
    }
    return true;
}

/* What no samples can hold is not trained for, nor tried; one view is left in any case. */
static bool check_width(const struct linear_run *run, bool settled, struct error *error)
{
    size_t labels = run->bags.labels.count, views = run->train->bayes;
    for (int view = 0; view < VIEW_COUNT; view++)
        views += run->train->wanted[view];
    if (!settled)
        views = 1;
    return 2 * views * labels <= STREAM_MAX_DIM ||
           error_set(error, STATUS_INPUT,
                     "%zu labels and %zu %s make %zu features of at most %d: use fewer, unless the "
                     "label is in another column",
                     labels, views, report_noun(views, "view", "views"), 2 * views * labels,
                     STREAM_MAX_DIM);
}

static int compare_texts(const void *left, const void *right)
{
    return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* Numbers the labels by their bytes. */
static bool sort_labels(struct linear_run *run, struct error *error)
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

static bool pick_folds(struct linear_run *run, struct error *error)
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

/* ---- features ---- */

/* Counts all tokens, before any is left out. False when memory is out. */
static bool count_tokens(struct linear_run *run)
{
    struct bag *bag = &run->bags.of[VIEW_SPACE];
    struct sparse rows = bag_sparse(bag);
    rows.features = bag->count;
    run->totals->tokens = rows.features;
    if (!bayes_count(&run->bayes, &rows, run->class_of, (uint32_t)run->bags.labels.count))
        return false;
    if (!run->train->wanted[VIEW_SPACE])
        bag_drop_rows(bag);
    return true;
}

static bool choose_of_view(struct linear_run *run, enum view view)
{
    const struct linear_train *train = run->train;
    if (run->ready[view])
        return true;
    if (view == VIEW_SPACE && train->bayes && !count_tokens(run))
        return false;
    return !train->wanted[view] ||
           bag_select(&run->bags.of[view], train->least_documents[view], train->most_features);
}

/*
 * What is sure to be needed goes on at once, on the thread that has counted it, where runs of
 * several words are counted meanwhile; views of single words, which are counted soonest, as far as
 * to what their terms weigh.
 */
static bool go_on(void *context, enum view view)
{
    struct linear_run *run = context;
    const bool *wanted = run->train->wanted;
    if (run->train->settle || (!wanted[VIEW_BIGRAM] && !wanted[VIEW_TRIGRAM]))
        return true;
    bool done = choose_of_view(run, view) &&
                (!wanted[view] || views_reach(view) || linear_weigh(&run->bags.of[view], 1));
    run->ready[view] = true;
    return done;
}

/* The terms of views are chosen a view at a time by each member of a team. */
struct choosing {
    struct linear_run *run;
    atomic_uint next;
    atomic_bool failed;
};

static void choose_some(void *shared, unsigned member)
{
    struct choosing *choosing = shared;
    (void)member;
    for (unsigned view; (view = choosing->next++) < VIEW_COUNT;)
        if (!choose_of_view(choosing->run, view))
            choosing->failed = true;
}

/* Members of a team that have a view each; none where all are chosen. */
static unsigned choosers(const struct linear_run *run)
{
    unsigned left = 0;
    for (enum view view = 0; view < VIEW_COUNT; view++)
        left += is_needed(run->train, view) && !run->ready[view];
    return left < run->train->jobs ? left : run->train->jobs;
}

static bool choose_terms(struct linear_run *run, struct error *error)
{
    struct choosing choosing = {.run = run};
    const unsigned members = choosers(run);
    if (members)
        team_run(members, choose_some, &choosing);
    return !choosing.failed || error_memory(error, "choosing terms");
}

static bool weigh_view(struct linear_run *run, enum view view, struct error *error)
{
    const struct linear_train *train = run->train;
    struct bag *bag = &run->bags.of[view];
    struct model *model = &run->models[view];
    bool weighed = run->ready[view] && !views_reach(view);
    if (!weighed && !linear_weigh(bag, train->jobs))
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
static bool find_room(struct linear_run *run, struct error *error)
{
    const struct linear_train *train = run->train;
    uint64_t used = bags_bytes(&run->bags), given = train->memory > used ? train->memory - used : 0;
    struct linear_room room = {.memory = least_of(room_in_memory(train->room), given),
                               .map = room_to_map(train->room),
                               .files_take_memory = files_take_memory(train->temp_dir)};
    struct linear_size sizes[VIEW_COUNT];
    unsigned count = 0;
    for (int view = 0; view < VIEW_COUNT; view++)
        if (train->wanted[view])
            sizes[count++] =
                (struct linear_size){run->models[view].x.features, run->models[view].x.lone,
                                     run->bags.rows, run->bags.labels.count, train->folds != 0};
    if (!linear_plan(sizes, count, train->jobs, &room, &run->plan, error))
        return false;
    if (linear_written_early(run, sizes, count, room))
        run->meanwhile = linear_written_some;
    run->folder = run->plan == LINEAR_IN_FILES ? train->temp_dir : NULL;
    if (run->folder)
        train->spills(train->context);
    return true;
}

static bool make_model(struct linear_run *run, struct model *model, struct error *error)
{
    size_t rows = model->x.rows, classes = model->problem.classes;
    model->svm = svm_new(&model->problem, run->train->level);
    return (model->svm || error_memory(error, "training models")) &&
           linear_models_share(run, &model->weights, ((size_t)model->x.features + 1) * classes,
                               error) &&
           (!model->problem.folds ||
            linear_models_share(run, &model->scores, rows * classes, error));
}

/* A share of the rows of each view by each member of a team. */
static void measure_share(void *shared, unsigned member)
{
    const struct linear_run *run = shared;
    const uint64_t rows = run->bags.rows;
    const unsigned members = run->train->jobs;
    for (int view = 0; view < VIEW_COUNT; view++)
        if (run->models[view].svm)
            svm_measure(run->models[view].svm, (uint32_t)(rows * member / members),
                        (uint32_t)(rows * (member + 1) / members));
}

static bool prepare_views(struct linear_run *run, struct error *error)
{
    if (!choose_terms(run, error))
        return false;
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->train->wanted[view] && !weigh_view(run, view, error))
            return false;
    if (!find_room(run, error))
        return false;
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->train->wanted[view] && !make_model(run, &run->models[view], error))
            return false;
    team_run(run->train->jobs, measure_share, run);
    return true;
}

static struct linear_work work_of(const struct linear_run *run)
{
    struct linear_work work = {.documents = run->bags.rows,
                               .classes = run->classes,
                               .class_count = (uint32_t)run->bags.labels.count,
                               .lineage = run->train->lineage,
                               .read = collection_digest(run->train->documents)};
    for (int view = 0; view < VIEW_COUNT; view++) {
        const struct model *model = &run->models[view];
        work.problems[view] = model->svm ? &model->problem : NULL;
        work.weights[view] = model->weights.floats;
        work.scores[view] = model->scores.floats;
    }
    return work;
}

static bool train_all(struct linear_run *run, struct error *error)
{
    run->work = work_of(run);
    if (run->train->part_count)
        return linear_parts_read(&run->work, run->train->parts, run->train->part_count, error);
    if (run->plan == LINEAR_TOGETHER)
        return linear_models_train(run, 0, VIEW_COUNT, error);
    for (int view = 0; view < VIEW_COUNT; view++)
        if (!linear_models_train(run, view, view + 1, error))
            return false;
    return true;
}

/* ---- running ---- */

static void free_run(struct linear_run *run)
{
    for (int view = 0; view < VIEW_COUNT; view++) {
        svm_free(run->models[view].svm);
        shared_free(&run->models[view].weights);
        shared_free(&run->models[view].duals);
        shared_free(&run->models[view].scores);
    }
    linear_write_abandon(run->writing);
    bayes_free(&run->bayes);
    bags_free(&run->bags);
    free(run->classes);
    free(run->class_of);
    free(run->fold_of);
}

void linear_train_kernels(enum cpu_level level, uint32_t labels, uint32_t folds, char *text,
                          size_t size)
{
    const char *whole = svm_kernels_name(level, labels);
    const char *held_out = folds ? svm_kernels_name(level, labels * folds) : whole;
    const bool both = strcmp(whole, held_out) != 0;
    snprintf(text, size, "tokens %s, svm %s%s%s", tokens_scan_name(level), whole,
             both ? " and " : "", both ? held_out : "");
}

bool linear_train_run(const struct linear_train *train, struct output *output,
                      struct linear_train_totals *totals, struct error *error)
{
    struct linear_train settled = *train;
    struct linear_run run = {.train = &settled, .totals = totals, .output = output};
    const struct bags_source source = source_of(&run);
    *totals = (struct linear_train_totals){0};
    bool done = read_documents(&run, &source, error) && check_width(&run, false, error) &&
                sort_labels(&run, error) && pick_folds(&run, error) &&
                bags_fill(&source, &run.bags, go_on, &run, error) &&
                settle_views(&run, &settled, error) && check_width(&run, true, error) &&
                prepare_views(&run, error) && train_all(&run, error) && linear_written(&run, error);
    totals->documents = run.bags.rows;
    totals->repairs = run.bags.repairs;
    totals->labels = (uint32_t)run.bags.labels.count;
    free_run(&run);
    return done;
}
