/*
 * weigh: what each sample weighs: a weight of its own, from the samples or a file, times its
 * class's.
 *
 * As scikit-learn has them: of n samples in k classes a balanced class of m of them weighs
 * n / (k m). Where classes are balanced in each bag, that is done by the bag (forest/bag.h).
 */
#ifndef RUN_WEIGH_H
#define RUN_WEIGH_H

#include "forest/growth.h"
#include "stream/samples.h"

#include <stdbool.h>

/* What options ask for. */
struct weigh {
    const char *class_weight;  /* `balanced`, `balanced-subsample`, a file of label<TAB>weight
                                  lines; NULL: classes weigh 1 */
    const char *sample_weight; /* a file, a weight a line; NULL: the samples' own, or 1 */
    bool draws;                /* weights are chances to be drawn */
};

/* Owns its arrays; start from `{0}`, end with weighed_free. */
struct weighed {
    struct weights weights;
    double *exact, *chance;
    uint64_t digest;     /* of all weights, so that others are other options; not 0 */
    uint64_t weightless; /* samples that weigh nothing, and are in no bag */
};

/* Whether that is for each bag to do. */
bool weigh_balances_bags(const struct weigh *weigh);

/* Whether any sample may weigh anything but 1. */
bool weigh_wanted(const struct weigh *weigh, const struct samples *samples);

/*
 * Fills in the weights, which may be those of a forest from then on. Status INPUT for a file that
 * does not fit the samples, CUT, SYSTEM; USAGE for a folder.
 */
bool weigh_samples(const struct weigh *weigh, const struct samples *samples,
                   struct weighed *weighed, struct error *error);
void weighed_free(struct weighed *weighed);

#endif
