/*
 * saved: trees that were grown before, for a run to go on from.
 *
 * A model is a forest stream, whole. A checkpoint is one in the making: its header says all that
 * there is to say, the digest of the samples included, and each tree ends with a sum of all bytes
 * before it, so that whatever a killed run has left of it is known to be right as far as it goes.
 */
#ifndef RUN_SAVED_H
#define RUN_SAVED_H

#include "base/error.h"
#include "base/tree.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stdint.h>

/* Gets the trees one by one, the first one first; `index` counts from 0. */
typedef bool saved_take(void *context, uint64_t index, const struct tree *tree,
                        struct error *error);

/*
 * Hands on all trees of the model at `path`, which have to be the first ones of a forest of that
 * header, grown from samples of that digest. That they were shows at the end only. Status INPUT,
 * CUT, SYSTEM, or what `take` set.
 */
bool saved_model(const char *path, const struct stream_header *wanted, struct digest samples,
                 saved_take *take, void *context, struct error *error);

/* Start from `{0}`; closed by checkpoint_close. */
struct checkpoint {
    struct output *output;        /* NULL: there is nothing to write any more */
    struct stream_writer *writer; /* likewise */
    uint64_t damaged; /* where what was no cut was found, and dropped with all behind it; or 0 */
    double saved;     /* report_seconds() when the disk last had all of it */
};

/*
 * Hands on the trees of the checkpoint at `path`, if there is one, and opens it to go on behind
 * them. It must be of the same forest: same trees, options and samples. No other run may be
 * writing it. With `sync` the disk has each tree a second after it came. Status INPUT, SYSTEM, or
 * what `take` set.
 */
bool checkpoint_open(struct checkpoint *checkpoint, const char *path, bool sync,
                     const struct stream_header *wanted, struct digest samples, saved_take *take,
                     void *context, struct error *error);

/* Adds the next tree, which the system has when this returns. Status SYSTEM. */
bool checkpoint_add(struct checkpoint *checkpoint, uint32_t class_count, const struct tree *tree,
                    struct error *error);

/* Makes it whole, when all trees are there. Status SYSTEM. */
bool checkpoint_end(struct checkpoint *checkpoint, struct digest samples, struct error *error);

void checkpoint_close(struct checkpoint *checkpoint);

#endif
