/*
 * How streams say that there is more, put into the pipeline's words.
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
