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

/* `count` zeros, shared with all processes that are forked from now on. False when memory is out.
 */
bool shared_make(struct shared *shared, size_t count);

void shared_free(struct shared *shared);

#endif
