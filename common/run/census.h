/*
 * census: what is in labelled texts: what one should see before training.
 *
 * Words that speak for a label are those of the highest chi-squared (Yang and Pedersen, "A
 * comparative study on feature selection in text categorization", ICML 1997) among words that more
 * of the label's distinct texts have than of the others; of equals the first.
 */
#ifndef RUN_CENSUS_H
#define RUN_CENSUS_H

#include "run/kept.h"
#include "run/twins.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A word and its chi-squared; none where `score` is 0. */
struct census_word {
    uint32_t word; /* of the twins' words */
    double score;
};

struct census_label {
    struct text label; /* borrowed from the kept texts */
    uint64_t documents;
    uint32_t median;           /* of their tokens */
    struct census_word *words; /* `most` of them, the one that speaks most first */
};

/* Owned; freed by census_free. Start from `{0}`. */
struct census {
    struct twins twins;
    size_t label_count;
    struct census_label *labels;        /* in ascending byte order */
    struct census_word *words;          /* of all labels */
    uint32_t shortest, median, longest; /* of the documents' tokens */
    uint64_t empty;                     /* documents without a token */
    uint64_t copies;                    /* documents whose text another one before has */
    uint64_t conflicts;                 /* distinct texts that stand under several labels */
    uint64_t near; /* distinct texts to which another one is near that is no copy */
};

/* Of at least one document; `near`: Jaccard's index from which on texts are near, 0: not looked
   for. Status SYSTEM. */
bool census_take(struct census *census, const struct kept *kept, size_t most, double near,
                 struct error *error);
void census_free(struct census *census);

/* Of test texts, how many have the text of a training text, and how many under another label than
   the first of these. `census` is of the training texts. Status SYSTEM. */
struct census_overlap {
    uint64_t documents, equal, conflicts;
};
bool census_overlap(const struct census *census, const struct kept *training,
                    const struct kept *test, struct census_overlap *overlap, struct error *error);

#endif
