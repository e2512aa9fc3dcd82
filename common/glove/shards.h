/*
 * shards: the pairs of each block of the grid, in the order in which training takes them; in
 * memory while they fit, else in a temporary file.
 *
 * Shards are put by one thread; then any number of threads may get them.
 */
#ifndef GLOVE_SHARDS_H
#define GLOVE_SHARDS_H

#include "glove/adagrad.h"
#include "glove/grid.h"
#include "glove/scratch.h"

struct shard {
    struct nonzero *nonzeros; /* NULL: in the file, at `offset` */
    uint64_t offset;
    size_t count;
};

/* Start from shards_start; freed by shards_free. */
struct shards {
    struct shard *shards; /* by block */
    size_t blocks;
    uint64_t count;           /* nonzeros in all */
    size_t longest;           /* nonzeros of the longest shard */
    size_t bytes, most_bytes; /* in memory */
    bool in_file;             /* everything is, or goes, there */
    struct scratch scratch;
};

/* At most `most_bytes` in memory; a temporary file in `folder`, which is borrowed. Status SYSTEM.
 */
bool shards_start(struct shards *shards, const struct grid *grid, size_t most_bytes,
                  const char *folder, struct error *error);

/* Puts a block's pairs; the array, from malloc, belongs to the shards from then on. */
bool shards_put(struct shards *shards, uint32_t block, struct nonzero *nonzeros, size_t count,
                struct error *error);

/*
 * The pairs of a block. Those in the file are read to `buffer`, which has room for `longest`.
 * NULL on failure, status SYSTEM.
 */
const struct nonzero *shards_get(const struct shards *shards, uint32_t block,
                                 struct nonzero *buffer, size_t *count, struct error *error);

void shards_free(struct shards *shards);

#endif
