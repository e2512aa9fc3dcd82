/*
 * reading: the first stage of the jobs' pipelines, of streams.
 */
#ifndef RUN_READING_H
#define RUN_READING_H

#include "par/pipeline.h"
#include "stream/stream.h"

/* The next block of a stream, up to its verified end. Status INPUT, CUT or SYSTEM. */
enum pipeline_read reading_record(struct stream_reader *reader, struct stream_record *record,
                                  struct error *error);

#endif
