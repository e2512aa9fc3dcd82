/* Blocks stay in memory while all of them fit; the first that does not sends them all to a file. */
#include "glove/shards.h"

#include "base/memory.h"

#include <stdlib.h>

bool shards_start(struct shards *shards, const struct grid *grid, size_t most_bytes,
                  const char *folder, struct error *error)
{
    *shards = (struct shards){
        .blocks = grid_blocks(grid), .most_bytes = most_bytes, .scratch = scratch_in(folder)};
    shards->shards = calloc(shards->blocks, sizeof *shards->shards);
    return shards->shards || error_memory(error, "arranging pairs of words");
}

static bool write_shard(struct shards *shards, struct shard *shard, struct error *error)
{
    shard->offset = shards->scratch.size;
    if (!scratch_append(&shards->scratch, shard->nonzeros, shard->count * sizeof *shard->nonzeros,
                        error))
        return false;
    free(shard->nonzeros);
    shard->nonzeros = NULL;
    return true;
}

/* Moves everything in memory to the file. */
static bool move_to_file(struct shards *shards, struct error *error)
{
    shards->in_file = true;
    shards->bytes = 0;
    for (size_t block = 0; block < shards->blocks; block++)
        if (shards->shards[block].nonzeros && !write_shard(shards, &shards->shards[block], error))
            return false;
    return true;
}

bool shards_put(struct shards *shards, uint32_t block, struct nonzero *nonzeros, size_t count,
                struct error *error)
{
    struct shard *shard = &shards->shards[block];
    *shard = (struct shard){.nonzeros = nonzeros, .count = count};
    shards->count += count;
    shards->longest = count > shards->longest ? count : shards->longest;
    if (shards->in_file)
        return write_shard(shards, shard, error);
    shards->bytes += count * sizeof *nonzeros;
    return shards->bytes <= shards->most_bytes || move_to_file(shards, error);
}

const struct nonzero *shards_get(const struct shards *shards, uint32_t block,
                                 struct nonzero *buffer, size_t *count, struct error *error)
{
    const struct shard *shard = &shards->shards[block];
    *count = shard->count;
    if (shard->nonzeros)
        return shard->nonzeros;
    if (!scratch_read(&shards->scratch, shard->offset, buffer, shard->count * sizeof *buffer,
                      error))
        return NULL;
    return buffer;
}

void shards_free(struct shards *shards)
{
    for (size_t block = 0; shards->shards && block < shards->blocks; block++)
        free(shards->shards[block].nonzeros);
    free(shards->shards);
    scratch_close(&shards->scratch);
    shards->shards = NULL;
    shards->blocks = 0;
}
