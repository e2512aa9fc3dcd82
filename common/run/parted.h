/*
 * parted: what programs share that make one stream of the parts of it.
 */
#ifndef RUN_PARTED_H
#define RUN_PARTED_H

#include "base/error.h"
#include "base/output.h"
#include "base/program.h"
#include "stream/stream.h"

#include <stddef.h>
#include <stdint.h>

/* The parts, in any order; all borrowed. */
struct parted {
    const char *const *paths; /* one of them may be standard input */
    size_t count;             /* at least 1 */
    void (*progressed)(void *context, uint64_t units);
    void *context;
};

/* What the stream has: trees and their nodes, or rows and their blocks. */
struct parted_totals {
    uint64_t units, inner;
};

/*
 * Writes the stream. The parts must be of the same one, and together all of it. The output still
 * has to be committed. Status INPUT, CUT or SYSTEM.
 */
typedef bool parted_run(const struct parted *parted, struct output *output,
                        struct parted_totals *totals, struct error *error);

/* One of the parts, open from its header to its turn, so that it may be a pipe. */
struct part {
    struct stream_reader *reader;
    struct stream_header header;
};

/* Opens a part and reads its header, of the right kind; `first` is the first that was opened, which
   it may be itself. Status INPUT, CUT or SYSTEM. */
typedef bool part_open(const char *path, const struct part *first, struct part *part,
                       struct error *error);

/*
 * Opens all, and puts them in the order of what their headers call `first`. NULL on failure; else
 * parted_close is due.
 */
struct part *parted_open(const struct parted *parted, part_open *open, struct error *error);
void parted_close(const struct parted *parted, struct part *parts);

/* A program that makes one of them. */
struct parted_program {
    parted_run *run;
    const char *made_by;       /* what wrote the parts */
    const char *units, *inner; /* what they are called */
};

/* Runs it on the operands and says what came of it. Status USAGE as well. */
bool parted_call(const struct parted_program *program, const struct call *call,
                 struct error *error);

#endif
