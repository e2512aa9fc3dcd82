/*
 * numeric: logarithm and power, the same to the last bit on every machine.
 *
 * A libm's last bit may differ from another's. These use only operations that IEEE 754 rounds
 * exactly, in a fixed order; their errors are far below what is left when a result is rounded to
 * float32. Pure functions.
 */
#ifndef BASE_NUMERIC_H
#define BASE_NUMERIC_H

/*
 * The natural logarithm of a finite normal x > 0; relative error below 4e-16, near
 * x = 1 as well.
 */
double numeric_log(double x);

/* e^x, for -700 <= x <= 700; relative error below 1e-15. */
double numeric_exp(double x);

/*
 * x^exponent for x > 0 as in numeric_log, where |exponent x log x| <= 700; relative error below
 * 1e-15 (1 + |exponent x log x|).
 */
double numeric_power(double x, double exponent);

#endif
