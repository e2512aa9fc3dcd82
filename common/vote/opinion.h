/*
 * opinion: what evidence says of a sample for itself, beside the trees.
 *
 * A forest has to learn from its samples that a high score for a class speaks for it, class by
 * class; with few samples of many classes it can't. Evidence means it from the start: of the scores
 * that linear models of V views have for class c (linear/svm.h), s(v, c),
 *
 *     e(c) = exp(a(c)) / sum over k of exp(a(k)),    a(c) = sharpness x mean over v of s(v, c)
 *
 * and what is predicted is the linear opinion pool of both (Stone, "The opinion pool", Annals of
 * Mathematical Statistics 32, 1961):
 *
 *     p(c) = (1 - share) x votes(c) + share x e(c)
 *
 * which is as if evidence had cast share / (1 - share) votes for each tree's one.
 */
#ifndef VOTE_OPINION_H
#define VOTE_OPINION_H

#include <stddef.h>
#include <stdint.h>

/* Borrows its columns; {0}: evidence has no opinion. */
struct opinion {
    double share;     /* of the pool, 0 to 1 */
    double sharpness; /* above 0 */
    uint32_t views, classes;
    const uint32_t *columns; /* views x classes: where a view has its score for a class */
};

/* e by class, of a sample's float values, at any alignment; a score that is missing (NaN) is 0.
   None may be infinite. */
void opinion_of(const struct opinion *opinion, const void *x, double *e);

/* Makes the votes of a sample, by class, the pool of these and e. */
void opinion_pool(const struct opinion *opinion, const double *e, double *votes);

#endif
