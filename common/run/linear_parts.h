/*
 * linear_parts: the work of linear-train in parts that are made apart and brought together.
 *
 * A unit of work is a fold block of a view, with the block of whole models that it starts from; or
 * without folds, a block. Units are numbered view by view, and part k of n has a run of them that
 * costs about as much as those of other parts. A
 * part's stream (stream/pieces.h) holds, unit after unit, the weights of the block where the unit
 * is the first that starts from it, and the scores of the fold block, as linear/spans.h visits
 * them. Whoever has the same documents and options needs nothing else to put them where they
 * belong.
 */
#ifndef RUN_LINEAR_PARTS_H
#define RUN_LINEAR_PARTS_H

#include "base/digest.h"
#include "base/error.h"
#include "base/options.h"
#include "base/output.h"
#include "base/text.h"
#include "linear/svm.h"
#include "stream/lineage.h"
#include "text/views.h"

#include <stdbool.h>

/* The work of all views, and the arrays that it fills; all borrowed. */
struct linear_work {
    const struct svm_problem *problems[VIEW_COUNT]; /* NULL: no such view */
    float *weights[VIEW_COUNT], *scores[VIEW_COUNT];
    uint64_t documents;
    const struct text *classes; /* as many as each problem has */
    uint32_t class_count;
    const struct lineage *lineage; /* of the stream that all of it goes into */
    struct digest read;            /* the documents */
};

/*
 * Whether the part has this fold block to score, or, not `held_out`, this block of whole models to
 * train. All of them where the part's `whole` is 0.
 */
bool linear_part_has(const struct linear_work *work, const struct options_part *part,
                     enum view view, bool held_out, uint32_t block);

/* Writes the part's stream. The output still has to be committed. Status SYSTEM. */
bool linear_part_write(const struct linear_work *work, const struct options_part *part,
                       struct output *output, struct error *error);

/*
 * Fills the arrays from `count` streams, which must be all parts of this very work. Status INPUT,
 * CUT or SYSTEM.
 */
bool linear_parts_read(const struct linear_work *work, const char *const *paths, size_t count,
                       struct error *error);

#endif
