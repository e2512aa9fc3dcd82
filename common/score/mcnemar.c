/*
 * erfc, the same to the last bit on every machine: below 2 as 1 - erf by the series of positive
 * terms
 *
 *     erf z = 2/sqrt(pi) e^(-z^2) (z + 2 z^3 / 3 + 4 z^5 / 15 + ...)
 *
 * and from there on by the continued fraction (Abramowitz and Stegun, 7.1.6 and 7.1.14)
 *
 *     erfc z = e^(-z^2) / sqrt(pi) 1/(z + (1/2)/(z + 1/(z + (3/2)/(z + ...
 *
 * Both have the same number of terms everywhere, more than are needed.
 */
#include "score/mcnemar.h"

#include "base/numeric.h"

#include <math.h>

enum { EXACT_BELOW = 25, SERIES_TERMS = 60, FRACTION_TERMS = 120 };

static const double inverse_sqrt_pi = 0x1.20dd750429b6dp-1;
static const double most_exponent = 700; /* of numeric_exp */

static double erfc_by_series(double z)
{
    double term = z, sum = z;
    for (int i = 1; i < SERIES_TERMS; i++) {
        term *= 2 * z * z / (2 * i + 1);
        sum += term;
    }
    return 1 - 2 * inverse_sqrt_pi * numeric_exp(-z * z) * sum;
}

static double erfc_by_fraction(double z)
{
    double below = z;
    for (int i = FRACTION_TERMS; i > 0; i--)
        below = z + i / 2.0 / below;
    return numeric_exp(-z * z) * inverse_sqrt_pi / below;
}

double mcnemar_tail(double x)
{
    double z = sqrt(x / 2);
    if (z * z > most_exponent)
        return 0;
    return z < 2 ? erfc_by_series(z) : erfc_by_fraction(z);
}

/* 2 P(X <= fewer) where X counts heads of `all` coins; below 25 coins all sums are exact. */
static double two_sided(uint32_t fewer, uint32_t all)
{
    double ways = 1, sum = 1, coins = 1;
    for (uint32_t i = 0; i < fewer; i++) {
        ways = ways * (all - i) / (i + 1);
        sum += ways;
    }
    for (uint32_t i = 0; i < all; i++)
        coins *= 2;
    double p = 2 * sum / coins;
    return p < 1 ? p : 1;
}

struct mcnemar mcnemar_of(uint64_t first, uint64_t second)
{
    uint64_t all = first + second, fewer = first < second ? first : second;
    if (all < EXACT_BELOW)
        return (struct mcnemar){true, 0, two_sided((uint32_t)fewer, (uint32_t)all)};
    double apart = (double)(all - 2 * fewer) - 1;
    double statistic = apart * apart / (double)all;
    return (struct mcnemar){false, statistic, mcnemar_tail(statistic)};
}
