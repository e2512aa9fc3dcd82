/*
 * Apart from what reads streams: a program that reads nothing else is linked without the libraries
 * that unpack texts, and starts the sooner.
 */
#include "run/reading.h"

enum pipeline_read reading_chunk(struct texts *documents, size_t most_rows,
                                 struct texts_chunk *chunk, struct error *error)
{
    if (!texts_read(documents, most_rows, chunk, error))
        return PIPELINE_FAILED;
    return chunk->rows ? PIPELINE_BATCH : PIPELINE_END;
}
