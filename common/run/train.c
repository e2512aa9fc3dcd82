/*
 * `struct run` is copied into each worker as it is when the pool forks. Ranks live in memory that
 * parent and workers share, so that ranking has no result to send. What a worker makes of its copy
 * for itself (the grower, the tree that grows) dies with it.
 */
#include "run/train.h"

#include "forest/bag.h"
#include "forest/grow.h"
#include "forest/parcel.h"
#include "par/prefault.h"
#include "par/workers.h"
#include "run/opinions.h"
#include "run/saved.h"
#include "stream/forest.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const struct train *train;
    struct matrix matrix;
    struct ranks ranks;
    struct grower *grower; /* in a worker */
    struct tree tree;      /* in a worker: the one that grows; in the parent: that is written */

    /* In the parent. */
    const char *noun; /* what workers do at the moment */
    struct stream_writer *writer;
    struct checkpoint checkpoint;
    uint64_t written;             /* trees */
    struct oob oob;               /* where they are wanted; in workers for ballots, then votes */
    struct workers_result ballot; /* of a tree that was not grown by a worker */
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

static void prefault_room(void *context, void *memory, size_t size)
{
    prefault_begin(context, memory, size);
}

bool train_load(struct stream_reader *reader, unsigned jobs, struct samples *samples,
                struct error *error)
{
    struct prefault prefault = {0};
    const struct samples_room room = {prefault_room, &prefault};
    const bool loaded = samples_load_told(reader, samples, jobs > 1 ? &room : NULL, error);
    prefault_end(&prefault);
    return loaded && check_samples(samples, stream_name(reader), error);
}

/* ---- what workers do: a result is a ballot, a parcel, and the ballot's size ---- */

static uint32_t page_parts(const struct run *run)
{
    return ranks_page_parts(&run->ranks, run->train->jobs);
}

static bool enlarge_part(void *context, uint64_t part, struct workers_result *result,
                         struct error *error)
{
    struct run *run = context;
    (void)result;
    (void)error;
    ranks_enlarge_pages(&run->ranks, (uint32_t)part, page_parts(run));
    return true;
}

/* Ranks a group of features, or lays out a block of rows, which are the tasks that follow. */
static bool rank_some(void *context, uint64_t task, struct workers_result *result,
                      struct error *error)
{
    struct run *run = context;
    const uint32_t groups = ranks_groups(&run->ranks);
    (void)result;
    if (task < groups)
        return ranks_sort(&run->ranks, &run->matrix, (uint32_t)task, run->train->level, error);
    ranks_lay_rows(&run->ranks, (uint32_t)task - groups);
    return true;
}

/* Rows are laid out when all features have ranks. */
static uint64_t ranked_before(void *context, uint64_t task)
{
    const struct run *run = context;
    const uint32_t groups = ranks_groups(&run->ranks);
    return task < groups ? 0 : groups;
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
    if (!run->grower || !grower_grow(run->grower, index, &run->tree, error))
        return false;
    if (train->oob && !oob_ballot(&run->oob, &run->tree, grower_bag(run->grower), result))
        return error_memory(error, "sending a tree");
    const uint64_t ballot = result->size;
    return (parcel_pack(&run->tree, run->matrix.classes, grower_account(run->grower), put_piece,
                        result) &&
            workers_append(result, &ballot, sizeof ballot)) ||
           error_memory(error, "sending a tree");
}

/* ---- what becomes of it ---- */

static bool write_tree(struct run *run, const struct tree *tree, struct error *error)
{
    const uint32_t classes = run->matrix.classes;
    run->totals->nodes += tree->nodes;
    run->train->progressed(run->train->context, ++run->written);
    return forest_write(run->writer, classes, tree, error) &&
           (!run->checkpoint.writer || checkpoint_add(&run->checkpoint, classes, tree, error));
}

/* A tree that was grown before votes as well: its bag is drawn anew. */
static bool add_voter(struct run *run, uint64_t index, const struct tree *tree, struct error *error)
{
    run->ballot.size = 0;
    return (oob_ballot(&run->oob, tree, oob_draw(&run->oob, index), &run->ballot) &&
            oob_add(&run->oob, run->ballot.bytes, run->ballot.size)) ||
           error_memory(error, "voting out of bag");
}

/* Of a tree that both a checkpoint and a model have, the second comes too late. */
static bool take_saved(void *context, uint64_t index, const struct tree *tree, struct error *error)
{
    struct run *run = context;
    if (index < run->written)
        return true;
    run->totals->kept++;
    return (!run->train->oob || add_voter(run, run->train->first + index, tree, error)) &&
           write_tree(run, tree, error);
}

static bool take_tree(void *context, uint64_t index, const unsigned char *bytes, size_t size,
                      struct error *error)
{
    struct run *run = context;
    struct grow_account account;
    uint64_t ballot = 0;
    (void)index;
    size -= sizeof ballot;
    memcpy(&ballot, bytes + size, sizeof ballot);
    if (!parcel_unpack(bytes + ballot, size - (size_t)ballot, run->matrix.classes, &run->tree,
                       &account) ||
        (run->train->oob && !oob_add(&run->oob, bytes, (size_t)ballot)))
        return error_memory(error, "receiving a tree");
    account_add(&run->totals->account, &account);
    return write_tree(run, &run->tree, error);
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct run *run = context;
    run->train->again(run->train->context, run->noun, task, cause);
}

/* ---- running ---- */

/* Large pages take as long to make as they save in so many trees, and ranks by row, too. */
enum { MANY_TREES = 4 };

/* Of those that are still to grow. */
static bool many_trees(const struct run *run)
{
    return run->train->trees - run->written >= MANY_TREES;
}

/* Whether ranks by row pay: columns that are near do as well. */
static bool by_row_pays(const struct run *run)
{
    const struct matrix *matrix = &run->matrix;
    return many_trees(run) && grow_counts(matrix, run->train->growth) &&
           ranks_rows_share(matrix->features, run->train->growth->max_features) &&
           (size_t)matrix->rows * matrix->features * sizeof(uint16_t) > RANKS_NEAR;
}

/* For speed alone: a run goes on where it is not done, as when the system ends workers at it. */
static void enlarge_pages(struct run *run)
{
    const uint32_t parts = page_parts(run);
    struct error unmade = {0};
    run->noun = "part of the ranks' memory";
    const struct workers workers = {
        .context = run,
        .noun = run->noun,
        .tasks = parts,
        .jobs = run->train->jobs,
        .work = enlarge_part,
        .again = tell_again,
    };
    if (parts == 1)
        ranks_enlarge_pages(&run->ranks, 0, 1);
    else if (!workers_run(&workers, &unmade))
        run->train->goes_on(run->train->context, "large pages", unmade.text);
}

static bool rank_samples(struct run *run, struct error *error)
{
    const bool keys = run->train->growth->splitter == SPLITTER_RANDOM;
    if (!(keys ? ranks_begin_keys
          : by_row_pays(run)
              ? ranks_begin_by_row
              : ranks_begin)(&run->ranks, run->matrix.rows, run->matrix.features, error))
        return false;
    if (!ranks_by_class(&run->ranks, &run->matrix, error))
        return false;
    if (many_trees(run))
        enlarge_pages(run);
    run->noun = "group of features";
    const struct workers workers = {
        .context = run,
        .noun = run->noun,
        .tasks = ranks_groups(&run->ranks) + ranks_blocks(&run->ranks),
        .jobs = run->train->jobs,
        .after = ranked_before,
        .work = rank_some,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

/* What trees say out of bag, when all are there. */
static bool write_oob(struct run *run, struct error *error)
{
    const struct train *train = run->train;
    run->noun = OOB_NOUN;
    const struct oob_jobs jobs = {train->jobs, tell_again, run};
    if (!oob_write(&run->oob, &jobs, train->lineage, train->oob, error))
        return false;
    run->totals->oob = run->oob.totals;
    return true;
}

static bool grow_trees(struct run *run, struct error *error)
{
    run->noun = "tree";
    const struct workers workers = {
        .context = run,
        .noun = run->noun,
        .first = run->train->first + run->written,
        .tasks = run->train->trees - run->written,
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
        .unit = bag_weighs(train->growth) ? train->growth->weights->unit : 0,
        .opinion = *train->opinion,
        .samples = samples->rows,
        .class_count = samples->class_count,
        .classes = samples->classes,
        .lineage = *train->lineage,
    };
}

static void tell_lockless(const struct train *train, const struct checkpoint *checkpoint)
{
    const int cause = checkpoint->output ? output_lockless(checkpoint->output) : 0;
    if (cause)
        train->goes_on(train->context, "a lock of the checkpoint, which no other run must write",
                       strerror(cause));
}

/* Goes on from what was grown before. */
static bool take_up(struct run *run, const struct stream_header *header, struct error *error)
{
    const struct train *train = run->train;
    const struct digest samples = train->samples->digest;
    bool done =
        (!train->checkpoint || checkpoint_open(&run->checkpoint, train->checkpoint, train->sync,
                                               header, samples, take_saved, run, error)) &&
        (!train->warm_start ||
         saved_model(train->warm_start, header, samples, take_saved, run, error));
    tell_lockless(train, &run->checkpoint);
    run->totals->damaged = run->checkpoint.damaged;
    return done;
}

static bool complete(struct run *run, const struct stream_header *header, struct error *error)
{
    if (!take_up(run, header, error))
        return false;
    if (run->written < run->train->trees && !(rank_samples(run, error) && grow_trees(run, error)))
        return false;
    return !run->checkpoint.writer ||
           checkpoint_end(&run->checkpoint, run->train->samples->digest, error);
}

static bool write_forest(struct run *run, struct output *output, struct error *error)
{
    const struct stream_header header = header_of(run->train);
    run->writer = stream_begin(output, &header, error);
    if (!run->writer)
        return false;
    if (complete(run, &header, error))
        return stream_end(run->writer, run->train->samples->digest, error);
    stream_abandon(run->writer);
    return false;
}

static bool start_oob(struct run *run, struct error *error)
{
    const struct train *train = run->train;
    const struct opinion opinion = opinions_of(train->opinion, train->samples->class_count);
    return oob_start(&run->oob, train->samples, train->growth, &opinion, train->level, error);
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
                                 .class_of = samples->class_of,
                                 .missing = samples->missing},
                      .totals = totals};
    *totals = (struct train_totals){0};
    bool done = (!train->oob || start_oob(&run, error)) && write_forest(&run, output, error) &&
                (!train->oob || write_oob(&run, error));
    oob_free(&run.oob);
    free(run.ballot.bytes);
    checkpoint_close(&run.checkpoint);
    ranks_free(&run.ranks);
    tree_free(&run.tree);
    return done;
}
