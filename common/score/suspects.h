/*
 * suspects: samples whose label looks wrong, by what a model says of each that has not seen it.
 *
 * Confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in
 * Dataset Labels", JAIR 70, 2021). Of class j the threshold is the mean probability of j over the
 * samples that are labelled so,
 *
 *     t[j] = mean of p[j] over the samples of label j
 *
 * so that a class of which the model is rarely sure asks for less. A sample belongs confidently to
 * the class of highest p[j] among those with p[j] >= t[j], where there is one. Samples that
 * confidently belong to another class than their label are those off the diagonal of the confident
 * joint. Of them those whose label is the most probable class of all are passed over, as cleanlab
 * does: the threshold of a class of one sample is what the model says of that one, and may be next
 * to nothing. The number of the others says how many labels may be wrong.
 *
 * Which samples these are likeliest to be is another question, and self-confidence answers it best:
 * the lower the probability of its own label, the more suspect a sample. What it should be is the
 * most probable class but its label: the one that it confidently belongs to may be far less likely.
 */
#ifndef SCORE_SUSPECTS_H
#define SCORE_SUSPECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SUSPECTS_NOWHERE = UINT32_MAX /* the model lacks the label */ };

/* Borrowed. */
struct suspects_input {
    size_t rows;
    uint32_t classes;
    const uint32_t *label; /* of each row: a class, or SUSPECTS_NOWHERE */
    const float *proba;    /* rows x classes */
};

struct suspect {
    uint32_t row;
    uint32_t should;                       /* the most probable class but its label */
    bool confident;                        /* off the diagonal, and not passed over */
    float probability, should_probability; /* of the label; of the other */
};

/* Owned; freed by suspects_free. Start from `{0}`. */
struct suspects {
    struct suspect *all; /* of each row that has a class */
    size_t count;
    size_t off_diagonal; /* how many are confident */
    double *thresholds;  /* of each class; NaN where no sample is labelled so */
};

/* False when memory is out. */
bool suspects_of(const struct suspects_input *input, struct suspects *suspects);
void suspects_free(struct suspects *suspects);

#endif
