/*
 * reading: the first stage of the jobs' pipelines, of streams and of documents.
 */
#ifndef RUN_READING_H
#define RUN_READING_H

#include "par/pipeline.h"
#include "stream/stream.h"
#include "text/documents.h"

/* The next block of a stream, up to its verified end. Status INPUT, CUT or SYSTEM. */
enum pipeline_read reading_record(struct stream_reader *reader, struct stream_record *record,
                                  struct error *error);

/* The next chunk, of `most_rows` documents at most. Status INPUT or SYSTEM. */
enum pipeline_read reading_chunk(struct documents *documents, size_t most_rows,
                                 struct documents_chunk *chunk, struct error *error);

#endif
