/*
 * Any float32 is told from its neighbours by nine significant digits, and a decimal of up to six
 * survives as a float32 (FLT_DIG), so N from 6 to 9 is tried.
 *
 * The value is scaled by a power of ten to an integer part of N digits, in double. Powers up to
 * 10^22 are exact and so is the float, so the product is off by at most 2^-53 of itself, below
 * 1.2e-7 of a unit. Both questions, which integer is nearest and whether it lies within half a
 * step of the float's grid, are thereby answered unless a boundary is closer than that. Then,
 * and beyond the range of exact powers, printf and strtof decide.
 */
#include "base/shortest.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_DIGITS = FLT_DIG,
    MOST_DIGITS = FLT_DECIMAL_DIG,
    EXACT_POWER = 22,
    LEAST_EXPONENT = MOST_DIGITS - 1 - EXACT_POWER,
    MOST_EXPONENT = EXACT_POWER
};

static const double powers[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#define LOG10_OF_2 0.30102999566398120

/* Closer to a boundary than this many units, the scaled value may be on its other side. */
static const double margin = 1e-6;

/* A decimal of `count` digits, the first of them worth 10^exponent. */
struct decimal {
    uint32_t digits;
    int count;
    int exponent;
};

enum answer { YES, NO, UNCLEAR };

/* ---- digits ---- */

static double scale(double value, int power)
{
    return power < 0 ? value / powers[-power] : value * powers[power];
}

/* The power of ten of the first digit of a positive value, or one that is out of range, too. */
static int exponent_of(float value)
{
    int binary;
    frexpf(value, &binary); /* value >= 2^(binary - 1) */
    int exponent = (int)floor((binary - 1) * LOG10_OF_2);
    if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT)
        return exponent;
    return scale(value, -exponent) >= 10 ? exponent + 1 : exponent;
}

/* Half the distance to the next float above or below: at powers of two they differ. */
static double half_step(float value, bool up)
{
    uint32_t bits;
    float next;
    memcpy(&bits, &value, sizeof bits);
    bits = up ? bits + 1 : bits - 1;
    memcpy(&next, &bits, sizeof next);
    return fabs((double)next - (double)value) / 2;
}

/* Whether the nearest decimal of `count` digits reads back as `value`; if so, sets it. */
static enum answer try_digits(float value, int exponent, int count, struct decimal *decimal)
{
    int power = count - 1 - exponent;
    double scaled = scale(value, power);
    double nearest = floor(scaled + 0.5);
    double off = fabs(scaled - nearest);
    double reach = scale(half_step(value, nearest > scaled), power);
    if (off > 0.5 - margin || fabs(off - reach) < margin)
        return UNCLEAR;
    if (off > reach)
        return NO;
    *decimal = (struct decimal){(uint32_t)nearest, count, exponent};
    if (nearest >= powers[count])
        *decimal = (struct decimal){(uint32_t)(nearest / 10), count, exponent + 1};
    return YES;
}

static enum answer find_digits(float value, struct decimal *decimal)
{
    int exponent = exponent_of(value);
    if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT)
        return UNCLEAR;
    enum answer answer = NO;
    for (int count = LEAST_DIGITS; count <= MOST_DIGITS && answer == NO; count++)
        answer = try_digits(value, exponent, count, decimal);
    return answer;
}

/* ---- writing ---- */

/* The digits without trailing zeros; returns how many. */
static int spell_digits(const struct decimal *decimal, char *digits)
{
    uint32_t rest = decimal->digits;
    for (int i = decimal->count; i-- > 0; rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    int count = decimal->count;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

static char *put(char *to, const char *from, int count)
{
    memcpy(to, from, (size_t)count);
    return to + count;
}

static char *put_zeros(char *to, int count)
{
    memset(to, '0', (size_t)count);
    return to + count;
}

static char *put_exponent(char *to, int exponent)
{
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    *to++ = (char)('0' + abs(exponent) / 10);
    *to++ = (char)('0' + abs(exponent) % 10);
    return to;
}

/* %g takes an exponent where the first digit's is below -4, or not below its precision. */
static char *put_decimal(char *to, const struct decimal *decimal)
{
    char digits[MOST_DIGITS];
    int count = spell_digits(decimal, digits), exponent = decimal->exponent;
    bool scientific = exponent < -4 || exponent >= decimal->count;
    int whole = scientific ? 1 : exponent + 1; /* digits before the point */
    if (whole <= 0) {
        to = put_zeros(put(to, "0.", 2), -whole);
        return put(to, digits, count);
    }
    int before = count < whole ? count : whole;
    to = put_zeros(put(to, digits, before), whole - before);
    if (count > whole) {
        *to++ = '.';
        to = put(to, digits + whole, count - whole);
    }
    return scientific ? put_exponent(to, exponent) : to;
}

/* Apart, or each float would have its registers saved for it. */
__attribute__((noinline)) static int write_slowly(float value, char text[SHORTEST_SIZE])
{
    int count = fabsf(value) < FLT_MIN ? 1 : LEAST_DIGITS, size;
    do
        size = snprintf(text, SHORTEST_SIZE, "%.*g", count++, (double)value);
    while (count <= MOST_DIGITS && strtof(text, NULL) != value);
    return size;
}

int shortest_quickly(float value, char text[SHORTEST_SIZE])
{
    char *to = text;
    if (signbit(value))
        *to++ = '-';
    float size = fabsf(value);
    struct decimal decimal = {0, 1, 0};
    if (size != 0 && find_digits(size, &decimal) != YES)
        return 0;
    to = put_decimal(to, &decimal);
    *to = '\0';
    return (int)(to - text);
}

int shortest_float(float value, char text[SHORTEST_SIZE])
{
    int written = shortest_quickly(value, text);
    return written ? written : write_slowly(value, text);
}
