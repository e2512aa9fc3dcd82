/*
 * `struct run` is copied into each worker as it is when the pool forks. Ranks live in memory that
 * parent and workers share, so that ranking has no result to send. What a worker makes of its copy
 * for itself (the grower, the tree that grows) dies with it.
 */
#include "run/train.h"

#include "forest/grow.h"
#include "forest/parcel.h"
#include "par/workers.h"
#include "stream/forest.h"

struct run {
    const struct train *train;
    struct matrix matrix;
    struct ranks ranks;
    struct grower *grower; /* in a worker */
    struct tree tree;      /* in a worker: the one that grows; in the parent: that is written */

    /* In the parent. */
    const char *noun; /* what workers do at the moment */
    struct stream_writer *writer;
    struct train_totals *totals;
};

/* ---- samples ---- */

static bool check_samples(const struct samples *samples, const char *name, struct error *error)
{
    if (samples->rows == 0)
        return error_set(error, STATUS_INPUT, "%s: there are no samples", name);
    if (!samples->class_of)
        return error_set(error, STATUS_INPUT,
                         "%s: the samples have no labels: make them without --no-label", name);
    if (samples->rows > MATRIX_MAX_ROWS)
        return error_set(error, STATUS_INPUT, "%s: %zu samples; at most %u can be trained on", name,
                         samples->rows, (unsigned)MATRIX_MAX_ROWS);
    return true;
}

bool train_load(struct stream_reader *reader, struct samples *samples, struct error *error)
{
    return samples_load(reader, samples, error) &&
           check_samples(samples, stream_name(reader), error);
}

/* ---- what workers do ---- */

static bool rank_features(void *context, uint64_t group, struct workers_result *result,
                          struct error *error)
{
    struct run *run = context;
    (void)result;
    return ranks_sort(&run->ranks, &run->matrix, (uint32_t)group, error);
}

static bool put_piece(void *context, const void *bytes, size_t size)
{
    return workers_append(context, bytes, size);
}

static bool grow_tree(void *context, uint64_t index, struct workers_result *result,
                      struct error *error)
{
    struct run *run = context;
    const struct train *train = run->train;
    if (!run->grower)
        run->grower = grower_new(&run->matrix, &run->ranks, train->growth, train->level, error);
    return run->grower && grower_grow(run->grower, index, &run->tree, error) &&
           (parcel_pack(&run->tree, run->matrix.classes, grower_account(run->grower), put_piece,
                        result) ||
            error_memory(error, "sending a tree"));
}

/* ---- what becomes of it ---- */

static bool take_tree(void *context, uint64_t index, const unsigned char *bytes, size_t size,
                      struct error *error)
{
    struct run *run = context;
    struct grow_account account;
    if (!parcel_unpack(bytes, size, run->matrix.classes, &run->tree, &account))
        return error_memory(error, "receiving a tree");
    run->totals->nodes += run->tree.nodes;
    account_add(&run->totals->account, &account);
    run->train->progressed(run->train->context, index + 1 - run->train->first);
    return forest_write(run->writer, run->matrix.classes, &run->tree, error);
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct run *run = context;
    run->train->again(run->train->context, run->noun, task, cause);
}

/* ---- running ---- */

static bool rank_samples(struct run *run, struct error *error)
{
    if (!ranks_begin(&run->ranks, run->matrix.rows, run->matrix.features, error))
        return false;
    run->noun = "group of features";
    const struct workers workers = {
        .context = run,
        .noun = run->noun,
        .tasks = ranks_groups(&run->ranks),
        .jobs = run->train->jobs,
        .work = rank_features,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

static bool grow_trees(struct run *run, struct error *error)
{
    run->noun = "tree";
    const struct workers workers = {
        .context = run,
        .noun = run->noun,
        .first = run->train->first,
        .tasks = run->train->trees,
        .jobs = run->train->jobs,
        .result_limit = SIZE_MAX,
        .work = grow_tree,
        .take = take_tree,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

static struct stream_header header_of(const struct train *train)
{
    const struct samples *samples = train->samples;
    const bool part = train->trees < train->whole;
    return (struct stream_header){
        .kind = STREAM_FOREST,
        .dim = samples->dim,
        .features = samples->features,
        .trees = train->trees,
        .first = part ? train->first : 0,
        .whole = part ? train->whole : 0,
        .samples = samples->rows,
        .class_count = samples->class_count,
        .classes = samples->classes,
        .lineage = *train->lineage,
    };
}

static bool write_forest(struct run *run, struct output *output, struct error *error)
{
    const struct samples *samples = run->train->samples;
    const struct stream_header header = header_of(run->train);
    run->writer = stream_begin(output, &header, error);
    if (!run->writer)
        return false;
    if (grow_trees(run, error))
        return stream_end(run->writer, samples->digest, error);
    stream_abandon(run->writer);
    return false;
}

bool train_run(const struct train *train, struct output *output, struct train_totals *totals,
               struct error *error)
{
    const struct samples *samples = train->samples;
    struct run run = {.train = train,
                      .matrix = {.rows = (uint32_t)samples->rows,
                                 .features = samples->dim,
                                 .classes = samples->class_count,
                                 .x = samples->x,
                                 .class_of = samples->class_of},
                      .totals = totals};
    *totals = (struct train_totals){0};
    bool done = rank_samples(&run, error) && write_forest(&run, output, error);
    ranks_free(&run.ranks);
    tree_free(&run.tree);
    return done;
}
