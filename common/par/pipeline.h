/*
 * pipeline: an ordered, bounded thread pipeline of three stages.
 *
 * `read` fills one batch after another, in order, on a thread of its own. `work` turns batches
 * over on `jobs` threads, of which the calling thread is one, in any order. `write` takes them in
 * the order in which they were read, on the calling thread. A batch belongs to the stage that
 * holds it; batches travel in a ring of as many as the caller gives, so memory is bounded by the
 * ring: `read` waits while no batch is free.
 *
 * A thread that has nothing to work on or to write may be of use in another way: `idle`, unless
 * NULL, does a part of whatever that is, for about a millisecond, and is false when there
 * is nothing to do until another batch was read. No more threads are at it, or work, or write,
 * than leave one of `jobs` to the reader.
 *
 * When a stage fails, the pipeline stops and reports the failure of the earliest batch, so that
 * the message does not depend on timing. A batch before the failing one is still written.
 */
#ifndef PAR_PIPELINE_H
#define PAR_PIPELINE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum pipeline_read {
    PIPELINE_BATCH, /* the batch was filled */
    PIPELINE_END,   /* there is no more; the batch was not used */
    PIPELINE_FAILED /* `error` says why */
};

struct pipeline {
    size_t batch_size; /* bytes of a batch */
    /* `shared` is the caller's; each stage documents for itself what of it it touches. */
    void *shared;
    enum pipeline_read (*read)(void *shared, void *batch, struct error *error);
    bool (*work)(void *shared, void *batch, struct error *error);
    bool (*write)(void *shared, void *batch, struct error *error);
    bool (*idle)(void *shared);
};

/*
 * Runs the stages until `read` ends. `batches` is the caller's array of `batch_count` (at least 1)
 * batches, prepared once and used again and again; 2 x jobs + 2 keep everyone busy.
 */
bool pipeline_run(const struct pipeline *pipeline, unsigned jobs, void *batches, size_t batch_count,
                  struct error *error);

#endif
