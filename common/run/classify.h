/*
 * classify: documents to classes, one at a time, by the folder that `glovepipe train` made.
 *
 * It is what `vectorize --no-label | rf-predict` does, without a stream between: the same sources
 * fill the same row (features.h), the same check says whether they are those of the forest
 * (trained_fit), and the same trees vote (vote.h). So the probabilities are the same bits.
 */
#ifndef RUN_CLASSIFY_H
#define RUN_CLASSIFY_H

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
};

/* What one thread at a time works with; owned, freed by classify_end. */
struct classify_worker {
    const struct classifier *classifier; /* borrowed */
    struct tokens tokens;
    struct features_scratch scratch;
    struct voter voter; /* of the last document: classes[0], and proba[0 .. class_count-1] */
    char *text;
    size_t text_capacity;
};

/*
 * Reads FOLDER/model.mp, and FOLDER/vectors.mp and FOLDER/linear.mp as far as they are there, to
 * their verified ends; `jobs` threads pack the trees. Status INPUT (also: they are of different
 * models), CUT or SYSTEM; then nothing is left to free.
 */
bool classify_load(struct classifier *classifier, const char *folder, unsigned jobs,
                   struct error *error);

/* Status SYSTEM; then nothing is left to free. */
bool classify_begin(struct classify_worker *worker, const struct classifier *classifier,
                    struct error *error);

/*
 * Votes on one document, whose text is copied; what vectorize drops of a line (bytes that are not
 * UTF-8, marks of labels) is dropped, and a line feed is a space. Status SYSTEM, or INPUT where
 * it is longer than 1 GiB or the vectors make a value that is not finite.
 */
bool classify_document(struct classify_worker *worker, const char *text, size_t size,
                       struct error *error);

void classify_end(struct classify_worker *worker);
void classify_free(struct classifier *classifier);

#endif
