/*
 * A pipeline: its reader takes numbers from the sequence, drops those without a rank, and hands
 * on the ranks with as many before them as the window reaches back to; its workers count, each in
 * a `struct pairs` of its own: as sums are of whole numbers, it does not matter who counts what.
 */
#include "glove/counter.h"

#include "base/memory.h"
#include "par/pipeline.h"
#include "par/team.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_NUMBERS = 1 << 15 };

/* Ranks, of which the first `from` were counted already. */
struct batch {
    uint32_t *ranks; /* window + BATCH_NUMBERS */
    size_t from, count;
    size_t numbers; /* of the sequence that went into it */
};

/* The reader has sequence, ranking and carried; each worker one of counter->threads. */
struct run {
    struct counter *counter;
    struct sequence *sequence;
    const struct word_ranking *ranking;
    uint32_t *carried; /* the last ranks read, at most a window of them */
    size_t carried_count;
    void (*progressed)(void *context, uint64_t numbers);
    void *context;
    uint64_t done;
};

/* Numbers to ranks, in place; returns how many are left. */
static size_t rank_numbers(const struct word_ranking *ranking, uint32_t *numbers, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t rank = numbers[i] == PAIRS_BREAK ? PAIRS_BREAK : ranking->ranks[numbers[i]];
        if (numbers[i] == PAIRS_BREAK || rank != RANKING_NONE)
            numbers[kept++] = rank;
    }
    return kept;
}

static enum pipeline_read read_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    size_t window = run->counter->rules->window;
    memcpy(batch->ranks, run->carried, run->carried_count * sizeof *batch->ranks);
    batch->from = run->carried_count;
    if (!sequence_read(run->sequence, batch->ranks + batch->from, BATCH_NUMBERS, &batch->numbers,
                       error))
        return PIPELINE_FAILED;
    if (!batch->numbers)
        return PIPELINE_END;
    batch->count =
        batch->from + rank_numbers(run->ranking, batch->ranks + batch->from, batch->numbers);
    run->carried_count = batch->count < window ? batch->count : window;
    memcpy(run->carried, batch->ranks + batch->count - run->carried_count,
           run->carried_count * sizeof *batch->ranks);
    return PIPELINE_BATCH;
}

static bool count_batch(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct batch *batch = item;
    return pairs_count(&run->counter->threads[worker], batch->ranks, batch->from, batch->count,
                       error);
}

static bool tell_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    const struct batch *batch = item;
    (void)error;
    run->done += batch->numbers;
    if (run->progressed)
        run->progressed(run->context, run->done);
    return true;
}

/* ---- running ---- */

static bool prepare_batch(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    batch->ranks = memory_array(run->counter->rules->window + BATCH_NUMBERS, sizeof *batch->ranks);
    return batch->ranks || error_memory(error, "counting pairs of words");
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    free(batch->ranks);
}

uint64_t counter_hands_size(const struct pairs_rules *rules, unsigned jobs)
{
    return (uint64_t)pipeline_batches(jobs) * (rules->window + BATCH_NUMBERS) * sizeof(uint32_t);
}

static bool run_stages(struct run *run, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = run,
                                      .prepare = prepare_batch,
                                      .release = free_batch,
                                      .read = read_batch,
                                      .work = count_batch,
                                      .write = tell_batch};
    run->carried = memory_array(run->counter->rules->window, sizeof *run->carried);
    bool done = run->carried ? pipeline_run(&pipeline, run->counter->jobs, error)
                             : error_memory(error, "counting pairs of words");
    free(run->carried);
    return done;
}

/* Sorting what is left in memory, a thread each. */
struct finish {
    struct counter *counter;
    struct error *errors; /* of each thread */
    bool *done;
};

static void finish_thread(void *shared, unsigned member)
{
    struct finish *finish = shared;
    finish->done[member] = pairs_finish(&finish->counter->threads[member], &finish->errors[member]);
}

static bool finish_all(struct counter *counter, struct error *error)
{
    struct finish finish = {counter, calloc(counter->jobs, sizeof *finish.errors),
                            calloc(counter->jobs, sizeof *finish.done)};
    bool done = finish.errors && finish.done;
    if (done)
        team_run(counter->jobs, finish_thread, &finish);
    else
        error_memory(error, "counting pairs of words");
    for (unsigned i = 0; done && i < counter->jobs; i++) {
        if (!finish.done[i])
            *error = finish.errors[i];
        done = finish.done[i];
    }
    free(finish.errors);
    free(finish.done);
    return done;
}

bool counter_run(struct counter *counter, struct sequence *sequence,
                 const struct word_ranking *ranking,
                 void (*progressed)(void *context, uint64_t numbers), void *context,
                 struct error *error)
{
    struct run run = {.counter = counter,
                      .sequence = sequence,
                      .ranking = ranking,
                      .progressed = progressed,
                      .context = context};
    return run_stages(&run, error) && finish_all(counter, error);
}

bool counter_start(struct counter *counter, const struct pairs_rules *rules, unsigned jobs,
                   size_t most_bytes, const char *folder, struct error *error)
{
    *counter = (struct counter){.rules = rules, .threads = calloc(jobs, sizeof *counter->threads)};
    if (!counter->threads)
        return error_memory(error, "starting to count");
    for (; counter->jobs < jobs; counter->jobs++)
        if (!pairs_start(&counter->threads[counter->jobs], rules, most_bytes / jobs, folder,
                         error)) {
            counter_free(counter);
            return false;
        }
    return true;
}

void counter_free(struct counter *counter)
{
    for (unsigned i = 0; i < counter->jobs; i++)
        pairs_free(&counter->threads[i]);
    free(counter->threads);
    *counter = (struct counter){0};
}
