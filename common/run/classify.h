/*
 * classify: documents to classes, one at a time, by the folder that `glovepipe train` made.
 *
 * It is what `vectorize --no-label | rf-predict` does, without a stream between: the same sources
 * fill the same row (features.h), the same check says whether they are those of the forest
 * (trained_fit), the same trees vote (vote.h), and where the folder has decisions, the same rule
 * makes answers of votes (rule.h). So the probabilities are the same bits.
 */
#ifndef RUN_CLASSIFY_H
#define RUN_CLASSIFY_H

#include "decide/rule.h"
#include "run/sources.h"
#include "run/trained.h"
#include "text/tokens.h"
#include "vote/vote.h"

/* Start from `{0}`; owns everything, freed by classify_free; stays where it was loaded. Read by any
   number of threads. */
struct classifier {
    struct sources sources;
    struct trained model;
    char *model_name;
    bool decides;     /* the folder has decisions: */
    struct rule rule; /* them */
};

/* What one thread at a time works with; owned, freed by classify_end. */
struct classify_worker {
    const struct classifier *classifier; /* borrowed */
    struct tokens tokens;
    struct features_scratch scratch;
    struct voter voter;
    float *proba;      /* of each class, of the last document */
    double *room;      /* for as many */
    bool classes_only; /* the caller's to set: `proba` isn't wanted, and means nothing */
    char *text;
    size_t text_capacity;
};

/*
 * Reads FOLDER/model.mp, and FOLDER/vectors.mp, FOLDER/linear.mp and FOLDER/decide.mp as far as
 * they are there, to their verified ends; `jobs` threads pack the trees. Status INPUT (also: they
 * are of different models), CUT or SYSTEM; then nothing is left to free.
 */
bool classify_load(struct classifier *classifier, const char *folder, unsigned jobs,
                   struct error *error);

/* Status SYSTEM; then nothing is left to free. */
bool classify_begin(struct classify_worker *worker, const struct classifier *classifier,
                    struct error *error);

/*
 * The class of one document, or RULE_NONE, goes to `answer`. Its text is copied; what vectorize
 * drops of a line (bytes that are not UTF-8, marks of labels) is dropped, and a line feed is a
 * space. Status SYSTEM, or INPUT where it is longer than 1 GiB or the vectors make a value that is
 * not finite.
 */
bool classify_document(struct classify_worker *worker, const char *text, size_t size,
                       uint32_t *answer, struct error *error);

void classify_end(struct classify_worker *worker);
void classify_free(struct classifier *classifier);

#endif
