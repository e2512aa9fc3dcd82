/*
 * train: labelled samples to a forest stream, by forked workers.
 *
 * The workers share the samples copy-on-write: first each ranks some features, then each grows one
 * tree after another and sends it back whole. The trees are written in index order, whatever the
 * number of workers. As with all that forks, no thread may run beside (par/workers.h).
 */
#ifndef RUN_TRAIN_H
#define RUN_TRAIN_H

#include "base/cpu.h"
#include "base/error.h"
#include "base/output.h"
#include "forest/account.h"
#include "forest/growth.h"
#include "run/oob.h"
#include "stream/samples.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads samples that a forest can be trained on: there are some, not too many, and they have
 * labels. Of more than one job the second makes the memory that the first fills, on a thread that
 * has ended at return. Freed by samples_free, which is due in any case. Status INPUT, CUT or
 * SYSTEM.
 */
bool train_load(struct stream_reader *reader, unsigned jobs, struct samples *samples,
                struct error *error);

/* What a run works with; all borrowed. */
struct train {
    const struct samples *samples; /* from train_load */
    const struct growth *growth;
    uint64_t first, trees;                /* to grow: their numbers and how many; */
    uint64_t whole;                       /* of a forest of so many */
    const struct stream_opinion *opinion; /* that evidence has beside the trees */
    struct output *oob;                   /* for out-of-bag predictions; NULL: none are wanted */
    const char *warm_start; /* a model whose trees are the first of these; NULL: none */
    const char *checkpoint; /* where trees are kept as they come, and taken from; NULL: nowhere */
    bool sync;              /* what it keeps goes to the disk */
    const struct lineage *lineage; /* of the forest */
    enum cpu_level level;
    unsigned jobs;

    /* These are called from the calling thread: after each tree, with the trees so far; and when
       a task, `noun` of that number, is done again because of `cause`, a clause; and when the run
       goes on `without` something that it can do without, because of `cause`, a sentence. */
    void (*progressed)(void *context, uint64_t trees);
    void (*again)(void *context, const char *noun, uint64_t number, const char *cause);
    void (*goes_on)(void *context, const char *without, const char *cause);
    void *context;
};

struct train_totals {
    uint64_t nodes;              /* of all trees */
    uint64_t kept;               /* trees that were grown before */
    uint64_t damaged;            /* the byte of the checkpoint where damage was found; or 0 */
    struct grow_account account; /* of the trees that were grown */
    struct oob_totals oob;
};

/*
 * Writes the forest, and the out-of-bag predictions. The outputs still have to be committed. Status
 * SYSTEM; of what is gone on from, INPUT or CUT.
 */
bool train_run(const struct train *train, struct output *output, struct train_totals *totals,
               struct error *error);

#endif
