/* The chunk that was looked at is kept, since the documents may come from a pipe. */
#include "run/linear_look.h"

#include <stdint.h>

bool linear_look_at(struct collection *documents, struct linear_look *look, struct error *error)
{
    struct texts_chunk *chunk = &look->chunk;
    if (!collection_read(documents, SIZE_MAX, chunk, error))
        return false;
    look->brief = chunk->size < LINEAR_LOOK_BRIEF * (uint64_t)chunk->rows;
    /* Where more follows, a chunk is full but for a line. */
    look->few = chunk->rows < LINEAR_LOOK_FEW && chunk->size < TEXTS_CHUNK / 8 * 7;
    return true;
}

double linear_look_unseen(const struct bag *bag)
{
    uint64_t words = 0, once = 0;
    for (uint32_t i = 0; i < bag->count; i++) {
        if (bag->terms[i].gram.before != BAG_NONE)
            continue;
        words += bag->terms[i].times;
        once += bag->terms[i].times == 1;
    }
    return words ? (double)once / (double)words : 1;
}
