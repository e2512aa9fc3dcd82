/*
 * oob: each training sample's votes, of the trees whose bag it is not in.
 *
 * What a forest says of samples that it has not seen, without any held out (Breiman, "Out-of-bag
 * estimation", 1996). A sample's probabilities are the sum of the shares of its leaves in those
 * trees, tree by tree in index order, in double, divided by their number: rf-predict's, over fewer
 * trees. A sample that is in every bag has the shares of the classes among all samples.
 *
 * A worker finds the leaves of the tree that it has grown and packs a ballot; the parent adds
 * ballots in the order of the trees, so that the sums are the same for any number of workers.
 *
 * Memory, for n samples in c classes: n x (8 c + 12) bytes, and in each worker at most n x 24.
 */
#ifndef RUN_OOB_H
#define RUN_OOB_H

#include "base/output.h"
#include "base/tree.h"
#include "forest/growth.h"
#include "par/workers.h"
#include "stream/samples.h"
#include "vote/reach.h"

/* Start from `{0}`; freed by oob_free. A forked child has a copy for its ballots. */
struct oob {
    const struct samples *samples; /* borrowed, like the next */
    const struct growth *growth;
    double *sums;     /* rows x classes */
    uint32_t *votes;  /* rows: of how many trees */
    uint32_t *weight; /* rows: a bag that was drawn anew */
    uint32_t *rows;   /* rows: those that are not in a bag */
    struct reach reach;
    size_t *first; /* of the tree at hand: of each leaf, where its shares begin; and where
                      those of the last end */
    struct oob_share *shares; /* of the leaves' classes */
    size_t first_capacity, share_capacity;
};

/* Status SYSTEM. */
bool oob_start(struct oob *oob, const struct samples *samples, const struct growth *growth,
               struct error *error);
void oob_free(struct oob *oob);

/* How often each sample is in the bag of tree `index`, which was grown before; good until the next.
 */
const uint32_t *oob_draw(struct oob *oob, uint64_t index);

/* Appends the ballot of a tree whose bag holds each sample so often. Status SYSTEM. */
bool oob_ballot(struct oob *oob, const uint32_t *weight, const struct tree *tree,
                struct workers_result *ballot, struct error *error);

/* Adds a ballot of `size` bytes, aligned for uint32. False: it is none of the tree's. */
bool oob_add(struct oob *oob, const struct tree *tree, const unsigned char *ballot, size_t size);

struct oob_totals {
    uint64_t right;   /* samples whose label is the most probable class */
    uint64_t unvoted; /* that are in every bag */
};

/*
 * Writes the predictions, a row a sample, with labels and probabilities. The output still has to be
 * committed. Status SYSTEM.
 */
bool oob_write(const struct oob *oob, const struct lineage *lineage, struct output *output,
               struct oob_totals *totals, struct error *error);

#endif
