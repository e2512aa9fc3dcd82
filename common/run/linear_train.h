/*
 * linear_train: labelled documents to a linear stream.
 *
 * Documents are read once, by threads, into a bag a view. Forked workers then train the models of
 * all views on all documents, and from these those that have not seen a fold. Models and scores lie
 * in memory that parent and workers share, so that no result is sent. All threads have ended when
 * it forks.
 *
 * Memory: what bag.h and linear_room.h say. What is to be had is asked for while documents are read
 * and again before models are trained, so that a sentence comes before the system ends the program.
 */
#ifndef RUN_LINEAR_TRAIN_H
#define RUN_LINEAR_TRAIN_H

#include "base/cpu.h"
#include "base/error.h"
#include "base/options.h"
#include "base/output.h"
#include "base/room.h"
#include "input/texts.h"
#include "run/bags.h"
#include "run/linear_look.h"
#include "stream/lineage.h"
#include "text/views.h"

#include <stdbool.h>
#include <stdint.h>

/* What a run works with; all borrowed. */
struct linear_train {
    struct collection *documents;
    struct linear_look *look; /* NULL: nothing was read before */
    bool wanted[VIEW_COUNT];
    uint32_t least_documents[VIEW_COUNT]; /* that hold a term, for it to count */
    bool bayes;
    uint32_t most_features; /* of a view */
    uint32_t folds;         /* 0: no training scores */
    double c;
    uint64_t most_bytes; /* of the stream without the documents' scores; UINT64_MAX: any */
    const struct lineage *lineage; /* of the stream */
    struct options_part part;      /* to do and write instead of evidence; `whole` 0: none */
    const char *const *parts;      /* which hold all that was to be trained for */
    size_t part_count;             /* 0: it is trained here */
    enum cpu_level level;
    unsigned jobs;
    uint64_t memory;         /* bytes to use at most; UINT64_MAX: what is to be had */
    const struct room *room; /* tells what that is */
    const char *temp_dir;    /* for what memory can't hold */

    /*
     * Unless NULL, called when all documents are read, with what they hold: may take away what was
     * wanted. False with `error` filled ends the run.
     */
    bool (*settle)(void *context, const struct bags *bags, struct linear_train *train,
                   struct error *error);

    /* Unless NULL, called where memory is short before that: sets the views that settle would take
       away by the documents so far. Where it does not in the end, the run is refused. */
    void (*spare)(void *context, const struct bags *bags, bool spared[VIEW_COUNT]);

    /* These are called from the calling thread: with the documents read so far; once, with all of
       them and how many labels they have, before anything is trained; when weights and
       scores are going to lie in temp_dir; after a piece of work, with how many of how many are
       done; and when piece `number` is done again because of `cause`, a clause. */
    void (*read)(void *context, uint64_t documents);
    void (*counted)(void *context, uint64_t documents, uint64_t labels);
    void (*spills)(void *context);
    void (*progressed)(void *context, uint64_t done, uint64_t all);
    void (*again)(void *context, uint64_t number, const char *cause);
    void *context;
};

/* Which kernels do it at that level for so many labels and folds, in words: whole models of few
   labels may take others than the many of the folds. */
void linear_train_kernels(enum cpu_level level, uint32_t labels, uint32_t folds, char *text,
                          size_t size);

struct linear_train_totals {
    uint64_t documents;
    uint32_t labels;
    uint32_t features[VIEW_COUNT]; /* of the wanted views */
    uint32_t written[VIEW_COUNT];  /* of these */
    uint32_t tokens;               /* distinct ones, of bayes */
    uint64_t passes;               /* over documents, of all models */
    uint64_t unfinished;           /* pieces of work that came to the most passes */
    struct repairs repairs;
};

/*
 * Writes the stream, or with `part` a part of what it is made of (linear_parts.h). The output still
 * has to be committed. Status INPUT (also: more labels than samples have room for the features of)
 * or SYSTEM, or what reading the documents says.
 */
bool linear_train_run(const struct linear_train *train, struct output *output,
                      struct linear_train_totals *totals, struct error *error);

#endif
