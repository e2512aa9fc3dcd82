/*
 * child: one forked process of a pool (workers.h), and the two pipes to it.
 *
 *     parent  ── request pipe: task numbers, 8 bytes each ──>  child
 *     parent  <── result pipe: struct child_reply, then its bytes ──  child
 *
 * The parent keeps the reading end of a request pipe open too: writing to a dead child is then
 * no SIGPIPE, its death shows on the result pipe. A child that waits still gets end of file
 * when the parent is gone, because nobody else holds the writing end.
 */
#ifndef PAR_CHILD_H
#define PAR_CHILD_H

#include "par/workers.h"

#include <sys/types.h>

/* Goes before a result's bytes. */
struct child_reply {
    uint64_t task;
    uint64_t size;
    uint64_t hash;   /* words_hash of the bytes */
    uint64_t failed; /* 1: the bytes are a sentence */
};

/* `{0}`: there is none. */
struct child {
    pid_t pid;
    int request, request_read;
    int result;
};

/*
 * Forks a child that does what is asked of it until its request pipe ends. It closes what it has
 * of the pipes of the `count` in `all`, of which `child` is one. On false errno says why.
 */
bool child_start(struct child *child, const struct child *all, unsigned count,
                 const struct workers *plan);

/* Asks for a task; at most two may wait. On false errno says why. */
bool child_ask(const struct child *child, uint64_t task);

/* Closes its pipes, at which one that waits leaves. */
void child_close(const struct child *child);

/* Waits for it to be gone, and kills it where it is stopped; `cause` becomes a clause of how it
 * ended. */
void child_reap(const struct child *child, char *cause, size_t size);

#endif
