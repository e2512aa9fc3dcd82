/*
 * Batches are numbered in the order in which they are read: batch number s lives in slot
 * s % batch_count of the ring. Three counters run after one another,
 *
 *     written <= claimed <= read <= written + batch_count
 *
 * and say who owns a slot: those from `read` on are free and the reader's, those between
 * `claimed` and `read` wait for a worker, those between `written` and `claimed` are being worked
 * or, where `worked` says so, wait for the writer. The last inequality bounds the memory; so does
 * the weight of the batches from `written` to `read`, which the reader adds to while there is less
 * than is allowed: what is too heavy alone goes through alone.
 *
 * `end` is the number of the first batch that will not be written, as far as is known: no limit
 * at first, then where the input ended, or lower, at the earliest batch that failed. It only
 * falls. Every stage stops when its counter reaches it, and goes on below it: all batches before
 * a failure are worked, so the earliest failure wins whichever was noticed first.
 *
 * The calling thread writes, and works while there is nothing to write: where reading is the
 * bottleneck, a batch then goes through one hand-over instead of two, and is written by the
 * thread in whose cache it is.
 *
 * After a failure the reader may be in the midst of `read`, at a pipe that stays silent. It waits
 * there by base/await.h, and stops waiting when the pipe of `stop`, into which nothing is written,
 * is closed. What `read` then says comes after the failure, and is not heard.
 *
 * One mutex guards everything in `struct run` but the batches. It is taken a few times a batch,
 * never while a stage runs.
 */
#include "par/pipeline.h"

#include "base/await.h"
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

struct run {
    const struct pipeline *stages;
    char *batches;
    size_t batch_count;
    int stop[2]; /* a pipe that is closed when the reader is to stop waiting */

    pthread_mutex_t lock;
    pthread_cond_t slot_freed; /* the reader waits for it */
    pthread_cond_t batch_read; /* workers */
    pthread_cond_t caller;     /* the calling thread: for something to write, or to work on */
    bool caller_waits;

    uint64_t read, claimed, written;
    uint64_t rested; /* how many were written when `rest` was called last */
    uint64_t end;
    bool *worked;      /* batch_count */
    uint64_t *weights; /* batch_count: of what was read and is not written yet */
    uint64_t weight;   /* of them together */
    bool failed;
    struct error error; /* of batch number `end`, where `failed` */
};

static void *batch_at(const struct run *run, size_t slot)
{
    return run->batches + slot * run->stages->batch_size;
}

static void wake_caller(struct run *run)
{
    run->caller_waits = false;
    pthread_cond_signal(&run->caller);
}

/* Batch `number` will not be written, because of `error`, or (NULL) because there is none. */
static void run_end(struct run *run, uint64_t number, const struct error *error)
{
    if (number > run->end || (number == run->end && run->failed))
        return;
    run->end = number;
    if (error) {
        run->failed = true;
        run->error = *error;
    }
    pthread_cond_broadcast(&run->slot_freed);
    pthread_cond_broadcast(&run->batch_read);
    wake_caller(run);
}

/* What a thread of the pipeline starts from. */
struct thread {
    struct run *run;
    unsigned worker; /* its number; 0, which is the calling thread's: it reads */
    pthread_t handle;
};

static bool is_full(const struct run *run)
{
    const uint64_t most = run->stages->most_weight;
    return run->read - run->written == run->batch_count || (most && run->weight >= most);
}

/* The reader has filled a batch, of that weight. */
static void pass_on(struct run *run, uint64_t weight)
{
    run->weights[run->read % run->batch_count] = weight;
    run->weight += weight;
    run->read++;
    if (run->caller_waits)
        wake_caller(run);
    else
        pthread_cond_signal(&run->batch_read);
}

static uint64_t weigh(const struct pipeline *stages, const void *batch)
{
    return stages->most_weight ? stages->weigh(stages->shared, batch) : 0;
}

static void *reader_main(void *argument)
{
    struct run *run = ((const struct thread *)argument)->run;
    await_unless(run->stop[0]);
    pthread_mutex_lock(&run->lock);
    for (;;) {
        while (run->read < run->end && is_full(run))
            pthread_cond_wait(&run->slot_freed, &run->lock);
        if (run->read >= run->end)
            break;
        void *batch = batch_at(run, run->read % run->batch_count);
        struct error error = {0};
        pthread_mutex_unlock(&run->lock);
        enum pipeline_read result = run->stages->read(run->stages->shared, batch, &error);
        uint64_t weight = result == PIPELINE_BATCH ? weigh(run->stages, batch) : 0;
        pthread_mutex_lock(&run->lock);
        if (result == PIPELINE_BATCH)
            pass_on(run, weight);
        else
            run_end(run, run->read, result == PIPELINE_FAILED ? &error : NULL);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static bool can_claim(const struct run *run)
{
    return run->claimed < run->read && run->claimed < run->end;
}

static void work_on_next(struct run *run, unsigned worker)
{
    uint64_t number = run->claimed++;
    size_t slot = number % run->batch_count;
    struct error error = {0};
    pthread_mutex_unlock(&run->lock);
    bool done = run->stages->work(run->stages->shared, worker, batch_at(run, slot), &error);
    pthread_mutex_lock(&run->lock);
    if (!done) {
        run_end(run, number, &error);
        return;
    }
    run->worked[slot] = true;
    if (number == run->written && run->caller_waits)
        wake_caller(run);
}

static void write_next(struct run *run)
{
    size_t slot = run->written % run->batch_count;
    struct error error = {0};
    /* The reader may have counted on the calling thread for a batch. */
    if (can_claim(run))
        pthread_cond_signal(&run->batch_read);
    pthread_mutex_unlock(&run->lock);
    bool done = run->stages->write(run->stages->shared, batch_at(run, slot), &error);
    pthread_mutex_lock(&run->lock);
    if (!done) {
        run_end(run, run->written, &error);
        return;
    }
    run->worked[slot] = false;
    run->weight -= run->weights[slot];
    run->written++;
    pthread_cond_signal(&run->slot_freed);
}

static void *worker_main(void *argument)
{
    const struct thread *self = argument;
    struct run *run = self->run;
    pthread_mutex_lock(&run->lock);
    while (run->claimed < run->end) {
        if (can_claim(run))
            work_on_next(run, self->worker);
        else
            pthread_cond_wait(&run->batch_read, &run->lock);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

/* All that was read is written, and was not handed on by `rest` yet. */
static bool can_rest(const struct run *run)
{
    return run->stages->rest && run->written == run->read && run->written > run->rested;
}

static void rest(struct run *run)
{
    struct error error = {0};
    run->rested = run->written;
    pthread_mutex_unlock(&run->lock);
    bool done = run->stages->rest(run->stages->shared, &error);
    pthread_mutex_lock(&run->lock);
    if (!done)
        run_end(run, run->written, &error);
}

static void caller_main(struct run *run)
{
    pthread_mutex_lock(&run->lock);
    while (run->written < run->end) {
        if (run->worked[run->written % run->batch_count]) {
            write_next(run);
        } else if (can_claim(run)) {
            work_on_next(run, 0);
        } else if (can_rest(run)) {
            rest(run);
        } else {
            run->caller_waits = true;
            pthread_cond_wait(&run->caller, &run->lock);
        }
    }
    pthread_mutex_unlock(&run->lock);
}

/* ---- threads ---- */

static void end_without_reader(struct run *run, int cause)
{
    struct error error;
    errno = cause;
    error_errno(&error, "starting a thread");
    pthread_mutex_lock(&run->lock);
    run_end(run, 0, &error);
    pthread_mutex_unlock(&run->lock);
}

/*
 * Starts the reader and the workers; returns how many threads run. Where the system gives no more
 * (a container's or a user's limit), those that there are do the work.
 */
static unsigned start_threads(struct run *run, struct thread *threads, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        threads[i] = (struct thread){.run = run, .worker = i};
        int cause = pthread_create(&threads[i].handle, NULL, i == 0 ? reader_main : worker_main,
                                   &threads[i]);
        if (cause && i == 0)
            end_without_reader(run, cause);
        if (cause)
            return i;
    }
    return count;
}

/* A reader, and one worker less than there are jobs, for the calling thread is one. */
static bool run_threads(struct run *run, unsigned jobs, struct error *error)
{
    struct thread *threads = memory_array(jobs, sizeof *threads);
    if (!threads)
        return error_memory(error, "starting threads");
    if (pipe(run->stop) != 0) {
        free(threads);
        return error_errno(error, "starting threads");
    }
    unsigned running = start_threads(run, threads, jobs);
    caller_main(run);
    close(run->stop[1]);
    for (unsigned i = 0; i < running; i++)
        pthread_join(threads[i].handle, NULL);
    close(run->stop[0]);
    free(threads);
    if (run->failed)
        *error = run->error;
    return !run->failed;
}

/* ---- the ring ---- */

size_t pipeline_batches(unsigned jobs)
{
    /* One in hand and one that waits for each worker, one for the reader, one for the writer. */
    return 2 * (size_t)jobs + 2;
}

static bool make_ring(struct run *run, struct error *error)
{
    const struct pipeline *stages = run->stages;
    run->batches = calloc(run->batch_count, stages->batch_size);
    run->worked = calloc(run->batch_count, sizeof *run->worked);
    run->weights = calloc(run->batch_count, sizeof *run->weights);
    if (!run->batches || !run->worked || !run->weights)
        return error_memory(error, "starting threads");
    for (size_t slot = 0; stages->prepare && slot < run->batch_count; slot++)
        if (!stages->prepare(stages->shared, batch_at(run, slot), error))
            return false;
    return true;
}

static void free_ring(struct run *run)
{
    for (size_t slot = 0; run->batches && run->stages->release && slot < run->batch_count; slot++)
        run->stages->release(batch_at(run, slot));
    free(run->batches);
    free(run->worked);
    free(run->weights);
}

bool pipeline_run(const struct pipeline *pipeline, unsigned jobs, struct error *error)
{
    struct run run = {.stages = pipeline,
                      .batch_count = pipeline_batches(jobs),
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .slot_freed = PTHREAD_COND_INITIALIZER,
                      .batch_read = PTHREAD_COND_INITIALIZER,
                      .caller = PTHREAD_COND_INITIALIZER,
                      .end = UINT64_MAX};
    if (pipeline->most_batches && run.batch_count > pipeline->most_batches)
        run.batch_count = pipeline->most_batches;
    if (jobs > run.batch_count)
        jobs = (unsigned)run.batch_count;
    bool done = make_ring(&run, error) && run_threads(&run, jobs, error);
    free_ring(&run);
    return done;
}
