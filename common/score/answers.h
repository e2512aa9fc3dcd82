/*
 * answers: a model's answers beside the true labels, row by row.
 *
 * All rows are counted in a confusion. Beyond that, `keeps` says what is kept of each row for the
 * measures: its pair of labels, and of its probabilities what the measures need. Of these only
 * those above 0 are stored for the areas under the curves, so memory goes by what is there, not by
 * rows x classes.
 *
 * The probabilities of a row are divided by their sum, for they come as float32. What a row's
 * label gets:
 *
 *   loss      -log of the label's probability, of 2^-52 at least: scikit-learn's log_loss
 *   brier     the sum over classes of (probability - 1 or 0)^2
 *   place     how many classes come before the label: of a higher probability, or of the same and
 *             with a lower number; ANSWERS_NOWHERE where the model does not have the label
 *
 * A label that the model lacks has the probability 0.
 */
#ifndef SCORE_ANSWERS_H
#define SCORE_ANSWERS_H

#include "base/text.h"
#include "base/words.h"
#include "score/metrics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANSWERS_NOWHERE = UINT32_MAX, ANSWERS_NO_CLASS = UINT32_MAX };

/* What stands for no answer in text, and what it is called in reports. */
#define ANSWERS_NO_ANSWER "?"

/* What is kept of rows beyond the counts. */
enum answers_keeps {
    ANSWERS_COUNTS,  /* nothing */
    ANSWERS_ROWS,    /* each row's pair of labels */
    ANSWERS_CHANCES, /* and what its probabilities say; where rows have some */
    ANSWERS_CURVES   /* and each probability above 0 */
};

/* What the probabilities say of one row. */
struct answers_chance {
    double loss, brier;
    uint32_t place;
    float confidence; /* of the predicted class, as it came; 0 without an answer */
};

/* A row's set of classes: how many they are, and whether its label is one. */
struct answers_set {
    uint32_t size;
    bool holds;
};

/* A probability above 0. */
struct answers_share {
    uint32_t row, class;
    float share;
};

/* Start from `{0}` and `keeps`; owns everything. */
struct answers {
    enum answers_keeps keeps;
    struct confusion confusion;
    struct words classes; /* the model's, as far as they are known */
    bool classes_known;   /* all of them */
    bool proba;           /* rows have probabilities */
    bool sets;            /* rows have sets of classes */

    uint32_t *label_of; /* by class: its label number; WORDS_NONE: not predicted so far */
    size_t label_of_capacity;
    uint32_t *class_of; /* by label number: the class; WORDS_NONE: the model lacks it */
    size_t class_of_capacity, class_of_count;

    uint32_t *pairs; /* by row */
    size_t pairs_capacity;
    struct answers_chance *chances; /* by row */
    size_t chances_capacity;
    struct answers_share *shares; /* row after row, in each by class */
    size_t share_count, share_capacity;
    uint64_t hopeless; /* rows whose label got no probability */

    struct answers_set *sizes; /* by row, where rows have sets and are kept */
    size_t sizes_capacity;
    uint64_t held, labels_in_sets, empty; /* rows whose set has their label; of all sets; none */
};

/* The number of a class, which is new or not. WORDS_NONE when memory is out. */
uint32_t answers_class(struct answers *answers, struct text class);

/*
 * What is wrong with a row's probabilities, as a sentence's end, or NULL: each is in 0 .. 1, and
 * they sum to 1 within 1/1000.
 */
const char *answers_check(const float *proba, size_t count);

/*
 * Adds a row: its label, the class that was predicted (ANSWERS_NO_CLASS: no answer), and (where
 * answers->proba) the checked probabilities of all classes. False when memory is out.
 */
bool answers_row(struct answers *answers, struct text label, uint32_t predicted,
                 const float *proba);

/* Adds the set of the row that was added last, `size` classes. False when memory is out. */
bool answers_set(struct answers *answers, struct text label, const uint32_t *set, uint32_t size);

void answers_free(struct answers *answers);

#endif
