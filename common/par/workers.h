/*
 * workers: a pool of forked processes that work on numbered tasks and send bytes back.
 *
 * The children share the parent's memory copy-on-write, so that a task needs nothing but its
 * number. Each has two pipes: on one it reads task numbers, on the other it writes results.
 * The parent hands tasks out as workers finish, keeps results that come early, and passes them
 * to `take` in the order of the tasks, whatever the number of workers.
 *
 * A worker that dies is noticed by the end of file on its results. Its tasks go to a fresh
 * worker; what it was writing is thrown away, because a result counts only when its length and
 * its hash are right. The same becomes of a worker that a signal has stopped, and that is not made
 * to go on within two seconds. A task that fails WORKERS_TRIES times (its worker died, or `work`
 * said false) fails the run, and the sentence names the last cause.
 *
 * Processes and descriptors. A pool forks, so it is used while the process has no other thread,
 * by the thread that lives as long as the process. A child closes every descriptor of the pool
 * but its own two, keeps those that the caller had open and does not touch them, and leaves by
 * _exit, so that nothing of the caller's is flushed twice. No child outlives the call, nor the
 * parent: where the system can (Linux), the kernel kills it with its parent, and anywhere its
 * next read or write finds the pipe closed. The call returns with every child reaped.
 */
#ifndef PAR_WORKERS_H
#define PAR_WORKERS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORKERS_TRIES = 3 };

/* What a task brings back: bytes that `work` appends to, in the child. */
struct workers_result {
    unsigned char *bytes;
    size_t size, capacity;
};

/* Appends to a result. False when memory is out. */
bool workers_append(struct workers_result *result, const void *bytes, size_t size);

struct workers {
    void *context;       /* handed to the functions below */
    const char *noun;    /* what messages call a task: `tree` */
    uint64_t first;      /* the number of the first task */
    uint64_t tasks;      /* how many; their numbers follow each other */
    unsigned jobs;       /* children at a time, at least 1; never more than tasks */
    size_t result_limit; /* bytes that a result can't exceed */

    /*
     * In the parent, unless NULL: how many of the first tasks have to be taken before this one is
     * handed out; no more than there are before it. Of those that wait for no other the first one
     * is handed out. What a worker is to see of the others lies in memory that is shared, since it
     * may have been forked before.
     */
    uint64_t (*after)(void *context, uint64_t task);

    /* In the child: does a task. What it changes in `context` stays in the child. */
    bool (*work)(void *context, uint64_t task, struct workers_result *result, struct error *error);
    /* In the parent: takes the results, the first task's first. NULL: results are empty. */
    bool (*take)(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                 struct error *error);
    /*
     * In the parent, unless NULL: does a little of its own while workers are at work, which wait
     * for it when they have done theirs, as does whatever else this run looks after. Called when
     * results were taken, and again and again until it sets `*more` to false.
     */
    bool (*meanwhile)(void *context, bool *more, struct error *error);
    /* In the parent, unless NULL: a task failed and is done again; `cause` is a clause. */
    void (*again)(void *context, uint64_t task, const char *cause);
};

/* Does all tasks. Status SYSTEM, or what `take` or `meanwhile` says. */
bool workers_run(const struct workers *workers, struct error *error);

#endif
