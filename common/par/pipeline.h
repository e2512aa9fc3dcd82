/*
 * pipeline: an ordered, bounded thread pipeline of three stages.
 *
 * `read` fills one batch after another, in order, on a thread of its own. `work` turns batches
 * over on `jobs` threads, of which the calling thread is one, in any order. `write` takes them in
 * the order in which they were read, on the calling thread. A batch belongs to the stage that
 * holds it. Each worker is told its number, so that what it works with (a voter, a table) needs no
 * lock: the caller keeps an array of `jobs` of them.
 *
 * The batches are the pipeline's: a ring of pipeline_batches(jobs) of them, zeroed, prepared once
 * and used again and again. So memory is bounded by the ring: `read` waits while no batch is free;
 * and, where batches are weighed, while those at hand have the weight that is allowed.
 *
 * When a stage fails, the pipeline stops and reports the failure of the earliest batch, so that
 * the message does not depend on timing. A batch before the failing one is still written. A `read`
 * that waits for data by base/await.h does not hold the report up: it is told to stop waiting.
 */
#ifndef PAR_PIPELINE_H
#define PAR_PIPELINE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pipeline_read {
    PIPELINE_BATCH, /* the batch was filled */
    PIPELINE_END,   /* there is no more; the batch was not used */
    PIPELINE_FAILED /* `error` says why */
};

struct pipeline {
    size_t batch_size;    /* bytes of a batch */
    size_t most_batches;  /* a smaller ring, where batches are large; 0: pipeline_batches(jobs) */
    uint64_t most_weight; /* of the batches at hand, but for the latest; 0: they are not weighed */
    /* `shared` is the caller's; each stage documents for itself what of it it touches. */
    void *shared;

    /* These two, unless NULL, are called by the calling thread before and after all else: for
       each batch, and for each again, even if it could not be prepared. */
    bool (*prepare)(void *shared, void *batch, struct error *error);
    void (*release)(void *batch);

    enum pipeline_read (*read)(void *shared, void *batch, struct error *error);
    /* With `most_weight`: of a batch that was read; on the thread of `read`. */
    uint64_t (*weigh)(const void *shared, const void *batch);
    /* On worker number `worker`, below `jobs`; 0 is the calling thread. */
    bool (*work)(void *shared, unsigned worker, void *batch, struct error *error);
    bool (*write)(void *shared, void *batch, struct error *error);
    /* Unless NULL: on the calling thread, when all that was read is written and more has to be
       waited for: the time to hand on what `write` has gathered. */
    bool (*rest)(void *shared, struct error *error);
};

/* How many batches keep `jobs` workers busy, beside a reader and a writer. */
size_t pipeline_batches(unsigned jobs);

/* Runs the stages until `read` ends. Status SYSTEM, or what a stage says. */
bool pipeline_run(const struct pipeline *pipeline, unsigned jobs, struct error *error);

#endif
