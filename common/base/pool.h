/*
 * pool: memory that is taken piece by piece and freed as a whole.
 *
 * Its pages are as large as the system has (memory_large), since what is taken is soon used.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

/* Start from `{0}`; for one thread at a time. */
struct pool {
    struct pool_piece *pieces;
};

/* `size` bytes that begin with a cache line, until pool_free. NULL when memory is out. */
void *pool_take(struct pool *pool, size_t size);

void pool_free(struct pool *pool);

#endif
