/*
 * oob: each training sample's votes, of the trees whose bag it is not in.
 *
 * What a forest says of samples that it has not seen, without any held out (Breiman, "Out-of-bag
 * estimation", 1996). A sample's probabilities are the sum of the shares of its leaves in those
 * trees, tree by tree in index order, in double, divided by their number: rf-predict's, over fewer
 * trees. A sample that is in every bag has the shares of the classes among all samples. Where
 * evidence has an opinion of its own, it is pooled with these (vote/opinion.h).
 *
 * A worker that has grown a tree makes a ballot of it: the tree, ready to vote, and which samples
 * are not in its bag. Ballots wait in the parent, so that the values of a sample are fetched once
 * for many trees. At the end forked workers part the samples among themselves, and each sample's
 * sums are one worker's: they are the same for any number of workers. The parent writes what is
 * said of the first samples meanwhile. Where more ballots wait than OOB_BYTES hold, the parent lets
 * these vote before; it does so alone, and workers that have grown theirs wait for it.
 *
 * Memory, for n samples in c classes: n x (4 c + 4) bytes, and n x (8 c + 4) where trees voted
 * before the end; n x 4 where bags are drawn anew; the ballots that wait; and in each worker a tile
 * of samples.
 */
#ifndef RUN_OOB_H
#define RUN_OOB_H

#include "base/output.h"
#include "base/tree.h"
#include "forest/growth.h"
#include "par/workers.h"
#include "run/shared.h"
#include "stream/samples.h"
#include "vote/opinion.h"
#include "vote/unseen.h"

enum {
    OOB_BYTES = 64 << 20, /* of ballots that wait; each takes 8 or 16 a node, a bit a sample, and
                             some for mixed leaves */
    OOB_FEW = 1 << 20     /* meetings of a sample and a tree, which end before workers gain time */
};

struct oob_totals {
    uint64_t right;   /* samples whose label is the most probable class */
    uint64_t unvoted; /* that are in every bag */
    uint64_t crowds;  /* nodes of trees at which samples were parted together */
};

/* Start from `{0}`; freed by oob_free. A forked child has a copy for its ballots. */
struct oob {
    const struct samples *samples; /* borrowed, like the next */
    const struct growth *growth;
    struct opinion opinion; /* what it has is borrowed */
    enum cpu_level level;
    struct unseen_form form;
    uint64_t *unseen;          /* a bit a row: it is not in the bag at hand */
    uint32_t *weight;          /* rows: of a bag that was drawn anew */
    struct unseen_tree *trees; /* that wait */
    size_t count, capacity, bytes;
    size_t most;        /* bytes of these before they vote: OOB_BYTES, unless a test sets it */
    uint64_t few;       /* meetings that are left to no worker: OOB_FEW, likewise */
    struct unseen room; /* for a tile, once trees vote */
    double *sums;       /* rows x classes, of trees that voted before; NULL: none did */
    uint32_t *votes;    /* rows: of how many trees; likewise */
    double *prior;      /* classes: what is said without a vote */
    double *evidence;   /* classes: room for evidence's opinion; NULL: it has none */
    struct shared said; /* rows x classes probabilities, and then the rows' answers */
    struct oob_totals totals;
};

/* What is said of a sample: by class. */
static inline float *oob_proba(const struct oob *oob, size_t row)
{
    return oob->said.floats + row * oob->samples->class_count;
}

/* The rows' answers stand behind all probabilities: one takes as much room as one of these. */
static inline int32_t *oob_answers(const struct oob *oob)
{
    return (void *)oob_proba(oob, oob->samples->rows);
}

/* Status SYSTEM. */
bool oob_start(struct oob *oob, const struct samples *samples, const struct growth *growth,
               const struct opinion *opinion, enum cpu_level level, struct error *error);
void oob_free(struct oob *oob);

/* How often each sample is in the bag of tree `index`, which was grown before; good until the next.
 */
const uint32_t *oob_draw(struct oob *oob, uint64_t index);

/* Appends the ballot of a tree whose bag holds each sample so often. False when memory is out. */
bool oob_ballot(struct oob *oob, const struct tree *tree, const uint32_t *weight,
                struct workers_result *ballot);

/* Takes the ballot of the next tree, of `size` bytes. False: it is none, or memory is out. */
bool oob_add(struct oob *oob, const void *ballot, size_t size);

/*
 * When all trees are there: they vote. `jobs` workers do it, or this process where it is done as
 * soon; these call `again` as in par/workers.h, for a task that OOB_NOUN names. Status SYSTEM.
 */
#define OOB_NOUN "group of samples"
struct oob_jobs {
    unsigned jobs;
    void (*again)(void *context, uint64_t task, const char *cause);
    void *context;
};

/* Is called as votes are counted, with `rows` that grow, unless NULL: all is said of those before.
   A failure ends the vote. */
typedef bool oob_said(void *context, size_t rows, struct error *error);

/* Status SYSTEM, or what `said` says, which is handed `context`. */
bool oob_vote(struct oob *oob, const struct oob_jobs *jobs, oob_said *said, void *context,
              struct error *error);

/*
 * Lets them vote, and writes the predictions, a row a sample, with labels and probabilities, and
 * counts the right ones. The output still has to be committed. Status SYSTEM.
 */
bool oob_write(struct oob *oob, const struct oob_jobs *jobs, const struct lineage *lineage,
               struct output *output, struct error *error);

#endif
