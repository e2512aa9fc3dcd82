/*
 * parted: what the fuzzers of programs share that make one stream of the parts of it.
 */
#ifndef TESTS_FUZZ_PARTED_H
#define TESTS_FUZZ_PARTED_H

#include "fuzz.h"
#include "run/parted.h"

/* Runs it on the parts of an input, and hands what it made to `check`, with what it said of it. */
void fuzz_parted(const uint8_t *data, size_t size, parted_run *run,
                 void (*check)(struct stream_reader *reader, const struct stream_header *header,
                               const struct parted_totals *totals));

#endif
