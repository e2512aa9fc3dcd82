/*
 * The logarithm: x = 2^e m with m in [sqrt(1/2), sqrt(2)), so that
 *
 *     log x = e log 2 + 2 (s + s^3/3 + s^5/5 + ...),     s = (m - 1) / (m + 1), |s| < 0.172
 *
 * (Abramowitz and Stegun, 4.1.27), of which ten terms leave less than 2^-53 of the sum.
 *
 * The exponential: x = k log 2 + r with |r| <= log(2) / 2, so that e^x = 2^k e^r, and fourteen
 * terms of e^r = 1 + r + r^2/2! + ... leave less than 2^-53.
 *
 * log 2 is held in two parts; the first has so many zero bits that its product with an exponent
 * is exact.
 */
#include "base/numeric.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double log2_high = 0x1.62e42fefa38p-1;
static const double log2_low = 0x1.ef35793c7673p-45;

/* 1/3, 1/5, .. 1/19 and 1, 1, 1/2!, .. 1/14!, each rounded once. */
static const double odd_inverses[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                                      1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19};
static const double factorial_inverses[] = {1.0,
                                            1.0,
                                            1.0 / 2,
                                            1.0 / 6,
                                            1.0 / 24,
                                            1.0 / 120,
                                            1.0 / 720,
                                            1.0 / 5040,
                                            1.0 / 40320,
                                            1.0 / 362880,
                                            1.0 / 3628800,
                                            1.0 / 39916800,
                                            1.0 / 479001600,
                                            1.0 / 6227020800,
                                            1.0 / 87178291200};

enum {
    LOG_TERMS = sizeof odd_inverses / sizeof *odd_inverses,
    EXP_TERMS = sizeof factorial_inverses / sizeof *factorial_inverses
};

/* a[0] + a[1] x + a[2] x^2 + ... */
static double polynomial(const double *a, int terms, double x)
{
    double sum = a[terms - 1];
    for (int term = terms - 2; term >= 0; term--)
        sum = a[term] + x * sum;
    return sum;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

double numeric_log(double x)
{
    enum { MANTISSA = 52, BIAS = 1023 };
    uint64_t bits = bits_of(x), mantissa = bits & ((UINT64_C(1) << MANTISSA) - 1);
    /* Halving by the exponent, not by a branch: which way it goes is a toss. */
    unsigned halved = mantissa > UINT64_C(0x6a09e667f3bcd);
    int exponent = (int)(bits >> MANTISSA) - BIAS + (int)halved;
    double m = of_bits(mantissa | (uint64_t)(BIAS - halved) << MANTISSA);
    double s = (m - 1) / (m + 1), square = s * s;
    double series = square * polynomial(odd_inverses, LOG_TERMS, square);
    return exponent * log2_high + (2 * s + (2 * s * series + exponent * log2_low));
}

double numeric_exp(double x)
{
    double k = floor(x * 0x1.71547652b82fep+0 + 0.5);
    double r = (x - k * log2_high) - k * log2_low;
    return polynomial(factorial_inverses, EXP_TERMS, r) * of_bits((uint64_t)(1023 + (int)k) << 52);
}

double numeric_power(double x, double exponent)
{
    return numeric_exp(exponent * numeric_log(x));
}
