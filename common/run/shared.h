/*
 * shared: numbers that forked workers write and their parent reads.
 */
#ifndef RUN_SHARED_H
#define RUN_SHARED_H

#include <stdbool.h>
#include <stddef.h>

/* Start from `{0}`; freed by shared_free. */
struct shared {
    float *floats;
    size_t size; /* bytes */
};

/*
 * `count` zeros, shared with all processes that are forked from now on: in memory, or, where
 * `folder` is not NULL, in a temporary file there, which takes its place on the disk at once. False
 * with errno when there is none.
 */
bool shared_make(struct shared *shared, size_t count, const char *folder);

void shared_free(struct shared *shared);

#endif
