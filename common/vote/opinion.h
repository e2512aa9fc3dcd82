/*
 * opinion: what evidence says of a sample for itself, beside the trees.
 *
 * A forest has to learn from its samples that a high score for a class speaks for it, class by
 * class; with few samples of many classes it can't. Evidence means it from the start: of the scores
 * that linear models of V views have for class c (linear/svm.h), s(v, c), and of weights w(v) of
 * the views, whose sum is 1 (run/opinions.h),
 *
 *     e(c) = exp(a(c)) / sum over k of exp(a(k)),    a(c) = sharpness x sum over v of w(v) s(v, c)
 *
 * and what is predicted is the linear opinion pool of both (Stone, "The opinion pool", Annals of
 * Mathematical Statistics 32, 1961):
 *
 *     p(c) = (1 - share) x votes(c) + share x e(c)
 *
 * To that end evidence casts share / (1 - share) votes for each tree's one.
 */
#ifndef VOTE_OPINION_H
#define VOTE_OPINION_H

#include <stddef.h>
#include <stdint.h>

/* Borrows its weights and columns; {0}: evidence has no opinion. */
struct opinion {
    double share;     /* of the pool, from 0 to below 1 */
    double sharpness; /* above 0 */
    uint32_t views, classes;
    const double *weights;   /* views of them */
    const uint32_t *columns; /* views x classes: where a view has its score for a class */
};

/* How many votes it casts beside those of so many trees; 0 where evidence has no opinion. */
double opinion_votes(const struct opinion *opinion, size_t trees);

/* e by class, of a sample's float values, at any alignment; a score that is missing (NaN) is 0. Of
   values that are infinite it means nothing. */
void opinion_of(const struct opinion *opinion, const void *x, double *e);

#endif
