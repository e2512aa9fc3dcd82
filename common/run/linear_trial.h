/*
 * linear_trial: whether a second view is worth its time, tried on a sample of the documents.
 *
 * Two views are trained on some 3,000 documents (6,000 at most, where texts have many copies), and
 * those say of how many of them, each by a model that has not seen it, the first view names the
 * label, and of how many the sum of both views' scores. What a view adds to a sample is near what
 * it adds to all: by the characters of fortunes, 0.053, 0.055, 0.050 and 0.046 more of 1,000,
 * 2,000, 4,000 and all 12,169 were named rightly.
 */
#ifndef RUN_LINEAR_TRIAL_H
#define RUN_LINEAR_TRIAL_H

#include "base/cpu.h"
#include "run/bags.h"

#include <stdbool.h>
#include <stdint.h>

enum { LINEAR_TRIAL_LEAST = 500 };

/* What is tried, and how: as it will be trained on all documents. */
struct linear_trial_how {
    enum view views[2];              /* the first alone, and both */
    const uint32_t *least_documents; /* by view, that hold a term, for it to count */
    uint32_t most_features;          /* of a view */
    double c;
    enum cpu_level level;
    unsigned jobs; /* threads */
};

struct linear_trial {
    uint32_t documents; /* that were tried; 0: none, for the sample says too little: it is smaller
                           than LINEAR_TRIAL_LEAST, or of more than 500 labels */
    uint32_t alone;     /* of these, how many the first view names rightly, */
    uint32_t together;  /* and how many both */
};

/*
 * Tries two views, whose bags must be there and not be selected from yet. What comes out does not
 * depend on level and jobs. Memory: 16 bytes for each document and label of the sample, its terms
 * as in bag.h, and what svm.h says of each thread. False when memory is out.
 */
bool linear_trial(const struct bags *bags, const struct linear_trial_how *how,
                  struct linear_trial *trial);

#endif
