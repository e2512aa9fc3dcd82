/*
 * mcnemar: whether two models differ on the same rows (McNemar, "Note on the sampling error of the
 * difference between correlated proportions or percentages", Psychometrika 12, 1947).
 *
 * Rows that both have right or both wrong say nothing. Of the others, `first` are those that only
 * the first has right, `second` those that only the second has. If the models were equally good,
 * each would be as likely on either side. With fewer than 25 such rows p is the exact binomial
 * one, two-sided; from there on it is that of
 *
 *     (|first - second| - 1)^2 / (first + second)
 *
 * under chi-squared with one degree of freedom, whose tail is erfc(sqrt(x / 2)).
 */
#ifndef SCORE_MCNEMAR_H
#define SCORE_MCNEMAR_H

#include <stdbool.h>
#include <stdint.h>

struct mcnemar {
    bool exact;
    double statistic; /* chi-squared; 0 where p is exact */
    double p;
};

struct mcnemar mcnemar_of(uint64_t first, uint64_t second);

/* The upper tail of chi-squared with one degree of freedom at x >= 0; relative error < 1e-12. */
double mcnemar_tail(double x);

#endif
