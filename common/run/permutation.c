/*
 * The forest is read a tree at a time, each with the samples that it votes on; then workers fork,
 * and share all of it. Numbers of samples are all that they send back.
 */
#include "run/permutation.h"

#include "base/memory.h"
#include "base/random.h"
#include "forest/bag.h"
#include "par/workers.h"
#include "run/bag_of.h"
#include "stream/forest.h"
#include "vote/shuffled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The streams of random numbers of a seed below this are trees'. */
#define STREAMS (UINT64_C(1) << 63)

struct run {
    const struct permutation *permutation;
    struct permutation_result *result;
    struct growth growth;
    struct shuffled shuffled;
    float *columns;
    uint32_t *class_of, *weight, *rows;

    /* In a worker. */
    struct shuffling shuffling;
    bool *shuffle;
    uint32_t *source;
};

/* ---- samples ---- */

/* The forest's number of each of the samples' classes; they are sorted likewise. */
static void number_classes(const struct run *run, uint32_t *number)
{
    const struct samples *samples = run->permutation->samples;
    const struct stream_header *header = run->permutation->header;
    for (uint32_t c = 0, at = 0; c < samples->class_count; c++) {
        while (at < header->class_count &&
               text_compare(header->classes[at], samples->classes[c]) < 0)
            at++;
        const bool known =
            at < header->class_count && text_equal(header->classes[at], samples->classes[c]);
        number[c] = known ? at : SHUFFLED_UNKNOWN;
    }
}

static bool set_classes(struct run *run)
{
    const struct samples *samples = run->permutation->samples;
    uint32_t *number = memory_array((size_t)samples->class_count + 1, sizeof *number);
    run->class_of = memory_array(samples->rows, sizeof *run->class_of);
    const bool made = number && run->class_of;
    if (made)
        number_classes(run, number);
    for (size_t row = 0; made && row < samples->rows; row++)
        run->class_of[row] = number[samples->class_of[row]];
    free(number);
    return made;
}

static bool set_columns(struct run *run)
{
    const struct samples *samples = run->permutation->samples;
    run->columns = memory_array(samples->rows, samples->dim * sizeof *run->columns);
    if (run->columns)
        samples_to_columns(samples, run->columns);
    return run->columns;
}

static bool begin(struct run *run, struct error *error)
{
    const struct samples *samples = run->permutation->samples;
    run->weight = calloc(samples->rows, sizeof *run->weight);
    run->rows = memory_array(samples->rows, sizeof *run->rows);
    return (run->weight && run->rows && set_classes(run) && set_columns(run) &&
            shuffled_start(&run->shuffled, run->columns, run->class_of, samples->rows, samples->dim,
                           run->permutation->header->class_count)) ||
           error_memory(error, "shuffling features");
}

/* ---- trees ---- */

/* Lists the samples that tree `index` votes on; returns how many. */
static uint32_t voted_on(struct run *run, uint64_t index)
{
    const uint32_t rows = (uint32_t)run->permutation->samples->rows;
    if (!run->permutation->held_out) {
        struct random random = random_keyed(run->growth.seed, index);
        bag_draw(&random, &run->growth, rows, run->weight, NULL);
    }
    uint32_t count = 0;
    for (uint32_t row = 0; row < rows; row++) {
        run->rows[count] = row;
        count += run->weight[row] == 0;
    }
    return count;
}

/* Whether what the forest's writer read are the samples. */
static bool check_read(const struct permutation *permutation, struct error *error)
{
    const struct digest read = stream_read_digest(permutation->model);
    const struct digest samples = permutation->samples->digest;
    return (read.crc32 == samples.crc32 && read.size == samples.size) ||
           bag_refuse(permutation->samples_name, error);
}

/* Samples that were held out may miss values where the forest has seen none. */
static bool add_tree(struct run *run, struct tree *tree, uint64_t index, struct error *error)
{
    bool added = true;
    if (run->permutation->samples->missing && !tree->sided) {
        uint64_t *room = memory_array((size_t)tree->splits + 1, sizeof *room);
        added = room;
        if (room)
            tree_fill_sides(tree, room);
        tree->sided = room;
        free(room);
    }
    added = added && shuffled_add(&run->shuffled, tree, run->rows, voted_on(run, index));
    return added || error_memory(error, "shuffling features");
}

static bool read_trees(struct run *run, struct error *error)
{
    const struct permutation *permutation = run->permutation;
    struct stream_record record = {0};
    struct tree tree = {0};
    enum stream_next next = STREAM_FAILED;
    while ((next = stream_next(permutation->model, &record, error)) == STREAM_BLOCK) {
        if (!forest_decode(permutation->header, &record, &tree, error))
            break;
        if (!add_tree(run, &tree, permutation->header->first + record.index, error))
            break;
    }
    stream_record_free(&record);
    tree_free(&tree);
    return next == STREAM_END && (permutation->held_out || check_read(permutation, error));
}

/* ---- what workers do: a repeat of a group a task ---- */

static bool prepare(struct run *run, struct error *error)
{
    const struct permutation *permutation = run->permutation;
    if (run->source)
        return true;
    run->source = memory_array(permutation->samples->rows, sizeof *run->source);
    run->shuffle = memory_array(permutation->samples->dim, sizeof *run->shuffle);
    return (run->source && run->shuffle && shuffling_start(&run->shuffling, &run->shuffled)) ||
           error_memory(error, "shuffling features");
}

/* Durstenfeld's shuffle (Knuth, "The Art of Computer Programming", volume 2, 3.4.2 P). */
static void shuffle_samples(struct run *run, uint64_t task)
{
    struct random random = random_keyed(run->permutation->seed, STREAMS | task);
    const uint32_t rows = (uint32_t)run->permutation->samples->rows;
    for (uint32_t i = 0; i < rows; i++) {
        const uint32_t at = random_below(&random, i + 1);
        run->source[i] = run->source[at];
        run->source[at] = i;
    }
}

static bool shuffle_group(void *context, uint64_t task, struct workers_result *result,
                          struct error *error)
{
    struct run *run = context;
    const struct permutation *permutation = run->permutation;
    const uint32_t group = (uint32_t)(task / permutation->repeats);
    if (!prepare(run, error))
        return false;
    for (uint32_t feature = 0; feature < permutation->samples->dim; feature++)
        run->shuffle[feature] = permutation->group_of[feature] == group;
    shuffle_samples(run, task);
    const uint64_t right =
        shuffled_right(&run->shuffled, &run->shuffling, run->shuffle, run->source);
    return workers_append(result, &right, sizeof right) ||
           error_memory(error, "shuffling features");
}

static bool take_right(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                       struct error *error)
{
    struct run *run = context;
    uint64_t right;
    (void)size, (void)error;
    memcpy(&right, bytes, sizeof right);
    run->result->worse[task] = (int64_t)run->shuffled.right - (int64_t)right;
    run->permutation->progressed(run->permutation->context, task + 1);
    return true;
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct run *run = context;
    run->permutation->again(run->permutation->context, "shuffle", task, cause);
}

static bool shuffle_all(struct run *run, struct error *error)
{
    const struct permutation *permutation = run->permutation;
    const uint64_t tasks = (uint64_t)permutation->groups * permutation->repeats;
    run->result->worse =
        memory_array(permutation->groups, permutation->repeats * sizeof *run->result->worse);
    if (!run->result->worse)
        return error_memory(error, "shuffling features");
    const struct workers workers = {
        .context = run,
        .noun = "shuffle",
        .tasks = tasks,
        .jobs = permutation->jobs,
        .result_limit = sizeof(uint64_t),
        .work = shuffle_group,
        .take = take_right,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

static bool check_votes(const struct run *run, struct error *error)
{
    return run->shuffled.votes ||
           error_set(error, STATUS_INPUT,
                     "%s: every sample is in the bag of every tree: grow more trees, or give "
                     "samples that were held out, with --held-out",
                     run->permutation->samples_name);
}

bool permutation_run(const struct permutation *permutation, struct permutation_result *result,
                     struct error *error)
{
    struct run run = {.permutation = permutation, .result = result};
    bool done = (permutation->held_out || bag_of(permutation->header, permutation->samples,
                                                 permutation->samples_name, &run.growth, error)) &&
                begin(&run, error) && read_trees(&run, error);
    if (done) {
        shuffled_ready(&run.shuffled);
        result->samples = run.shuffled.votes;
        result->right = run.shuffled.right;
        done = check_votes(&run, error) && shuffle_all(&run, error);
    }
    shuffled_free(&run.shuffled);
    free(run.columns);
    free(run.class_of);
    free(run.weight);
    free(run.rows);
    return done;
}

/* ---- results ---- */

void permutation_free(struct permutation_result *result)
{
    free(result->worse);
    *result = (struct permutation_result){0};
}

double permutation_mean(const struct permutation_result *result, uint32_t group, uint32_t repeats)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < repeats; i++)
        sum += result->worse[(size_t)group * repeats + i];
    return (double)sum / ((double)repeats * (double)result->samples);
}

double permutation_spread(const struct permutation_result *result, uint32_t group, uint32_t repeats)
{
    const double samples = (double)result->samples;
    const double mean = permutation_mean(result, group, repeats) * samples;
    double squares = 0;
    for (uint32_t i = 0; i < repeats; i++) {
        const double off = (double)result->worse[(size_t)group * repeats + i] - mean;
        squares += off * off;
    }
    return sqrt(squares / repeats) / samples;
}
