/*
 * Batches are numbered in the order in which they are read: batch number s lives in slot
 * s % batch_count of the ring. Three counters run after one another,
 *
 *     written <= claimed <= read <= written + batch_count
 *
 * and say who owns a slot: those from `read` on are free and the reader's, those between
 * `claimed` and `read` wait for a worker, those between `written` and `claimed` are being worked
 * or, where `worked` says so, wait for the writer. The last inequality bounds the memory.
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
 * One mutex guards everything in `struct run` but the batches. It is taken a few times a batch,
 * never while a stage runs.
 */
#include "par/pipeline.h"

#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

struct run {
    const struct pipeline *stages;
    char *batches;
    size_t batch_count;

    pthread_mutex_t lock;
    pthread_cond_t slot_freed; /* the reader waits for it */
    pthread_cond_t batch_read; /* workers */
    pthread_cond_t caller;     /* the calling thread: for something to write, or to work on */
    bool caller_waits;
    unsigned busy, idling; /* threads that work or write; that idle */
    bool nothing_to_idle;  /* since the last batch was read */
    unsigned jobs;

    uint64_t read, claimed, written;
    uint64_t end;
    bool *worked; /* batch_count */
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

static void *reader_main(void *argument)
{
    struct run *run = argument;
    pthread_mutex_lock(&run->lock);
    for (;;) {
        while (run->read < run->end && run->read - run->written == run->batch_count)
            pthread_cond_wait(&run->slot_freed, &run->lock);
        if (run->read >= run->end)
            break;
        void *batch = batch_at(run, run->read % run->batch_count);
        struct error error = {0};
        pthread_mutex_unlock(&run->lock);
        enum pipeline_read result = run->stages->read(run->stages->shared, batch, &error);
        pthread_mutex_lock(&run->lock);
        if (result == PIPELINE_BATCH) {
            run->read++;
            run->nothing_to_idle = false;
            /* Those who idle come back for a batch soon. */
            if (run->read - run->claimed <= run->idling)
                continue;
            if (run->caller_waits)
                wake_caller(run);
            else
                pthread_cond_signal(&run->batch_read);
        } else {
            run_end(run, run->read, result == PIPELINE_FAILED ? &error : NULL);
        }
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static bool can_claim(const struct run *run)
{
    return run->claimed < run->read && run->claimed < run->end;
}

static void work_on_next(struct run *run)
{
    uint64_t number = run->claimed++;
    size_t slot = number % run->batch_count;
    struct error error = {0};
    run->busy++;
    pthread_mutex_unlock(&run->lock);
    bool done = run->stages->work(run->stages->shared, batch_at(run, slot), &error);
    pthread_mutex_lock(&run->lock);
    run->busy--;
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
    run->busy++;
    pthread_mutex_unlock(&run->lock);
    bool done = run->stages->write(run->stages->shared, batch_at(run, slot), &error);
    pthread_mutex_lock(&run->lock);
    run->busy--;
    if (!done) {
        run_end(run, run->written, &error);
        return;
    }
    run->worked[slot] = false;
    run->written++;
    pthread_cond_signal(&run->slot_freed);
}

static bool can_idle(const struct run *run)
{
    return run->stages->idle && !run->nothing_to_idle && run->busy + run->idling + 1 < run->jobs;
}

static void idle(struct run *run)
{
    run->idling++;
    pthread_mutex_unlock(&run->lock);
    bool done = run->stages->idle(run->stages->shared);
    pthread_mutex_lock(&run->lock);
    run->idling--;
    if (!done)
        run->nothing_to_idle = true;
}

static void *worker_main(void *argument)
{
    struct run *run = argument;
    pthread_mutex_lock(&run->lock);
    while (run->claimed < run->end) {
        if (can_claim(run))
            work_on_next(run);
        else if (can_idle(run))
            idle(run);
        else
            pthread_cond_wait(&run->batch_read, &run->lock);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static void caller_main(struct run *run)
{
    pthread_mutex_lock(&run->lock);
    while (run->written < run->end) {
        if (run->worked[run->written % run->batch_count]) {
            write_next(run);
        } else if (can_claim(run)) {
            work_on_next(run);
        } else if (can_idle(run)) {
            idle(run);
        } else {
            run->caller_waits = true;
            pthread_cond_wait(&run->caller, &run->lock);
        }
    }
    pthread_mutex_unlock(&run->lock);
}

/* Starts the reader and the workers; returns how many threads run. */
static unsigned start_threads(struct run *run, pthread_t *threads, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        int cause = pthread_create(&threads[i], NULL, i == 0 ? reader_main : worker_main, run);
        if (cause) {
            struct error error;
            errno = cause;
            error_errno(&error, "starting a thread");
            pthread_mutex_lock(&run->lock);
            run_end(run, 0, &error);
            pthread_mutex_unlock(&run->lock);
            return i;
        }
    }
    return count;
}

bool pipeline_run(const struct pipeline *pipeline, unsigned jobs, void *batches, size_t batch_count,
                  struct error *error)
{
    struct run run = {.stages = pipeline,
                      .batches = batches,
                      .batch_count = batch_count,
                      .jobs = jobs,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .slot_freed = PTHREAD_COND_INITIALIZER,
                      .batch_read = PTHREAD_COND_INITIALIZER,
                      .caller = PTHREAD_COND_INITIALIZER,
                      .end = UINT64_MAX,
                      .worked = calloc(batch_count, sizeof(bool))};
    /* A reader, and one worker less than there are jobs. */
    pthread_t *threads = memory_array(jobs, sizeof *threads);
    if (!run.worked || !threads) {
        free(run.worked);
        free(threads);
        return error_memory(error, "starting threads");
    }
    unsigned running = start_threads(&run, threads, jobs);
    caller_main(&run);
    for (unsigned i = 0; i < running; i++)
        pthread_join(threads[i], NULL);
    free(run.worked);
    free(threads);
    if (run.failed)
        *error = run.error;
    return !run.failed;
}
