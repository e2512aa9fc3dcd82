/*
 * linear_terms: the terms of views to a linear stream.
 *
 * One thread puts together the texts of a block's terms while the calling one writes the block
 * before: three blocks, of about 2 MiB each, are in memory.
 */
#ifndef RUN_LINEAR_TERMS_H
#define RUN_LINEAR_TERMS_H

#include "run/linear_keep.h"
#include "stream/stream.h"

/* All borrowed. */
struct linear_terms {
    const struct bags *bags;
    const float *const *weights; /* of each view, features x classes */
    const struct kept *kept;     /* of each view */
    const enum view *views;      /* those to write, */
    uint32_t view_count;         /* so many, in that order */
};

/* Status INPUT or SYSTEM. */
bool linear_terms_write(const struct linear_terms *terms, struct stream_writer *writer,
                        struct error *error);

#endif
