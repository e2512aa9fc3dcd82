/*
 * A decimal is read as an integer times a power of ten, m x 10^e. Three ways lead from there to
 * the float32, each exact:
 *
 * 1. m < 2^53 and |e| <= 22: both are doubles, so one division or multiplication gives the
 *    correctly rounded double (Clinger, "How to read floating point numbers accurately", PLDI
 *    1990), and the cast the float.
 *
 * 2. m of up to 19 digits, perhaps cut off there, and |e| <= 44: at most four roundings and the
 *    cut leave a double d within a factor of 1 +- 2^-50 of the value. Rounding is monotonic, so
 *    the correctly rounded double lies between the bounds d (1 - 2^-50) and d (1 + 2^-50) as
 *    well, and its float between their floats: where those are the same one, that is it. They
 *    differ only within 2^-50 of a tie between two floats.
 *
 * 3. The rest goes to strtod, which rounds correctly, from a copy that is plain ASCII digits. A
 *    double is decided by 768 significant digits: of more it only matters whether any is not
 *    zero, and a last digit of 1 says so.
 */
#include "vectors/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT_DIGITS = 19,         /* what fits a uint64_t */
    DECIDING_DIGITS = 768,    /* what can decide a double */
    EXACT_POWER = 22,         /* 10^22 is the last power of ten that is a double */
    MOST_EXPONENT = 100000000 /* stands for all beyond: no line has digits to make up for it */
};

static const double power_of_ten[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* What float() strips from a text that is ASCII. */
static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* ---- m x 10^e to float32 ---- */

static double scaled(double value, int exponent)
{
    if (exponent < -EXACT_POWER)
        return value / power_of_ten[EXACT_POWER] / power_of_ten[-exponent - EXACT_POWER];
    if (exponent < 0)
        return value / power_of_ten[-exponent];
    if (exponent <= EXACT_POWER)
        return value * power_of_ten[exponent];
    return value * power_of_ten[EXACT_POWER] * power_of_ten[exponent - EXACT_POWER];
}

/* False where ways 1 and 2 don't lead to a float. `cut`: digits behind m were left out. */
static bool to_float(uint64_t mantissa, int64_t exponent, bool cut, float *value)
{
    if (exponent < -2 * EXACT_POWER || exponent > 2 * EXACT_POWER)
        return false;
    double near = scaled((double)mantissa, (int)exponent);
    if (mantissa < UINT64_C(1) << 53 && !cut && exponent >= -EXACT_POWER &&
        exponent <= EXACT_POWER) {
        *value = (float)near;
        return true;
    }
    float low = (float)(near * (1 - 0x1p-50)), high = (float)(near * (1 + 0x1p-50));
    if (low != high)
        return false;
    *value = low;
    return true;
}

/* ---- the whole grammar ---- */

/* text[0 .. digits-1] x 10^exponent, where the first digit is not zero; no digits: zero. */
struct decimal {
    int64_t digits;    /* of which only the first are in `text` and `mantissa` */
    int64_t exponent;  /* of the last one */
    uint64_t mantissa; /* of the first KEPT_DIGITS */
    bool more;         /* a digit behind the first DECIDING_DIGITS is not zero */
    char text[DECIDING_DIGITS];
};

static void add_digit(struct decimal *decimal, char digit)
{
    if (decimal->digits == 0 && digit == '0')
        return;
    if (decimal->digits < KEPT_DIGITS)
        decimal->mantissa = decimal->mantissa * 10 + (uint64_t)(digit - '0');
    if (decimal->digits < DECIDING_DIGITS)
        decimal->text[decimal->digits] = digit;
    else if (digit != '0')
        decimal->more = true;
    decimal->digits++;
}

/*
 * Reads digits with single underscores between them; each adds `place` to the exponent. Returns
 * where they end: `at` itself where there are none.
 */
static const char *read_digits(const char *at, const char *end, int place, struct decimal *decimal)
{
    while (at < end && is_digit(*at)) {
        add_digit(decimal, *at++);
        decimal->exponent += place;
        if (end - at > 1 && at[0] == '_' && is_digit(at[1]))
            at++;
    }
    return at;
}

/* What stands behind `e`: a sign and digits, and no more. */
static bool read_exponent(const char *at, const char *end, struct decimal *decimal)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    struct decimal exponent = {.digits = 0};
    if (at == end || read_digits(at, end, 0, &exponent) != end)
        return false;
    bool beyond = exponent.digits > KEPT_DIGITS || exponent.mantissa > MOST_EXPONENT;
    int64_t magnitude = beyond ? MOST_EXPONENT : (int64_t)exponent.mantissa;
    decimal->exponent += negative ? -magnitude : magnitude;
    return true;
}

static bool read_decimal(const char *at, const char *end, struct decimal *decimal)
{
    const char *whole = at;
    at = read_digits(at, end, 0, decimal);
    bool has_digits = at > whole;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = read_digits(fraction, end, -1, decimal);
        has_digits = has_digits || at > fraction;
    }
    if (!has_digits || at == end)
        return has_digits;
    return (*at == 'e' || *at == 'E') && read_exponent(at + 1, end, decimal);
}

static float decimal_by_strtod(const struct decimal *decimal)
{
    char text[DECIDING_DIGITS + 32];
    int64_t kept = decimal->digits < DECIDING_DIGITS ? decimal->digits : DECIDING_DIGITS;
    int64_t exponent = decimal->exponent + decimal->digits - kept - decimal->more;
    snprintf(text, sizeof text, "%.*s%se%lld", (int)kept, decimal->text, decimal->more ? "1" : "",
             (long long)exponent);
    return (float)strtod(text, NULL);
}

static enum number_way decimal_to_float(const struct decimal *decimal, float *value)
{
    *value = 0;
    if (decimal->digits == 0)
        return NUMBER_OTHER;
    bool cut = decimal->digits > KEPT_DIGITS;
    int64_t exponent = decimal->exponent + (cut ? decimal->digits - KEPT_DIGITS : 0);
    if (to_float(decimal->mantissa, exponent, cut, value))
        return NUMBER_OTHER;
    *value = decimal_by_strtod(decimal);
    return NUMBER_STRTOD;
}

/* Whether the text is `word`, whose letters are small, in any case. */
static bool is_word(const char *at, const char *end, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(end - at) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((at[i] | 0x20) != word[i])
            return false;
    return true;
}

static enum number_way parse_any(const char *at, const char *end, float *value)
{
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    float magnitude;
    enum number_way way = NUMBER_OTHER;
    struct decimal decimal;
    decimal.digits = decimal.exponent = 0;
    decimal.mantissa = 0;
    decimal.more = false;
    if (read_decimal(at, end, &decimal))
        way = decimal_to_float(&decimal, &magnitude);
    else if (is_word(at, end, "inf") || is_word(at, end, "infinity"))
        magnitude = INFINITY;
    else if (is_word(at, end, "nan"))
        magnitude = NAN;
    else
        return NUMBER_NONE;
    *value = negative ? -magnitude : magnitude;
    return way;
}

/* ---- the usual decimal ---- */

/* `-0.1234`: a sign, up to KEPT_DIGITS digits, a point among them, and nothing else. */
enum number_way number_parse(const char *text, size_t size, float *value)
{
    const char *at = text, *end = text + size, *point = NULL;
    bool negative = size && *at == '-';
    at += negative;
    const char *first = at;
    uint64_t mantissa = 0;
    for (; at < end; at++) {
        if (is_digit(*at))
            mantissa = mantissa * 10 + (uint64_t)(*at - '0');
        else if (*at == '.' && !point)
            point = at;
        else
            return parse_any(text, end, value);
    }
    int64_t digits = end - first - (point != NULL);
    float magnitude;
    if (digits < 1 || digits > KEPT_DIGITS ||
        !to_float(mantissa, point ? point + 1 - end : 0, false, &magnitude))
        return parse_any(text, end, value);
    *value = negative ? -magnitude : magnitude;
    return NUMBER_USUAL;
}
