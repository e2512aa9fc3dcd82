/*
 * linear_terms: the terms of views to a linear stream.
 *
 * A block is put together and written, or all that are left are: then one thread puts together the
 * texts of a block's terms while the calling one writes the block before, and three blocks, of
 * about 2 MiB each, are in memory.
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
    uint32_t view, at;           /* the next block begins with this term of that view of the list */
};

/* Writes a block; `*more` is whether there was one. Status INPUT or SYSTEM. */
bool linear_terms_step(struct linear_terms *terms, struct stream_writer *writer, bool *more,
                       struct error *error);

/* Writes all that are left. Status INPUT or SYSTEM. */
bool linear_terms_write(struct linear_terms *terms, struct stream_writer *writer,
                        struct error *error);

#endif
