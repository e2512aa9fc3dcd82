/* The first piece is small, the next ones double, up to what is little beside what is there. */
#include "base/pool.h"

#include "base/memory.h"

#include <stdlib.h>

enum { FIRST = 1 << 20, LARGEST = 64 << 20, CACHE_LINE = 64 };

struct pool_piece {
    struct pool_piece *next;
    size_t used, size;
    char *bytes;
};

/* A piece with room for `needed` bytes. */
static struct pool_piece *add_piece(struct pool *pool, size_t needed)
{
    size_t size = pool->pieces ? 2 * pool->pieces->size : FIRST;
    if (size > LARGEST)
        size = LARGEST;
    if (size < needed)
        size = needed;
    struct pool_piece *piece = malloc(sizeof *piece);
    char *bytes = memory_large(size);
    if (!piece || !bytes) {
        free(piece);
        free(bytes);
        return NULL;
    }
    *piece = (struct pool_piece){.next = pool->pieces, .size = size, .bytes = bytes};
    pool->pieces = piece;
    return piece;
}

void *pool_take(struct pool *pool, size_t size)
{
    struct pool_piece *piece = pool->pieces;
    size = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    if (!piece || piece->size - piece->used < size)
        piece = add_piece(pool, size);
    if (!piece)
        return NULL;
    void *bytes = piece->bytes + piece->used;
    piece->used += size;
    return bytes;
}

void pool_free(struct pool *pool)
{
    while (pool->pieces) {
        struct pool_piece *next = pool->pieces->next;
        free(pool->pieces->bytes);
        free(pool->pieces);
        pool->pieces = next;
    }
}
