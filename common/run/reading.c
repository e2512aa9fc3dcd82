/*
 * How streams and documents say that there is more, put into the pipeline's words.
 */
#include "run/reading.h"

enum pipeline_read reading_record(struct stream_reader *reader, struct stream_record *record,
                                  struct error *error)
{
    switch (stream_next(reader, record, error)) {
    case STREAM_BLOCK:
        return PIPELINE_BATCH;
    case STREAM_END:
        return PIPELINE_END;
    case STREAM_FAILED:
        break;
    }
    return PIPELINE_FAILED;
}

enum pipeline_read reading_chunk(struct documents *documents, size_t most_rows,
                                 struct documents_chunk *chunk, struct error *error)
{
    if (!documents_read(documents, most_rows, chunk, error))
        return PIPELINE_FAILED;
    return chunk->size ? PIPELINE_BATCH : PIPELINE_END;
}
