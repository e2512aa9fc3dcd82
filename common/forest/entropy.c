/*
 * The binary logarithm by repeated squaring: for 1 <= m < 2 the next bit of log2 m is 1 where
 * m^2 >= 2, and then m^2 / 2 goes on for m (Knuth, "The Art of Computer Programming", volume 1,
 * section 1.2.2). m is kept as 64 bits, rounded down. What is lost at bit i is 2^-63 of m at
 * most, grows by 2^(j - i) until bit j, and weighs 2^-j there: 56 bits are short by 2^-56 at most.
 */
#include "forest/impurity.h"

#include "base/memory.h"

#include <stdlib.h>

enum { LOG_BITS = 56, EXACT_BITS = 52 };

/* The upper half of the product of two 64-bit numbers. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a_high = a >> 32, a_low = (uint32_t)a, b_high = b >> 32, b_low = (uint32_t)b;
    uint64_t middle = a_high * b_low + (a_low * b_low >> 32);
    uint64_t carry = a_low * b_high + (uint32_t)middle;
    return a_high * b_high + (middle >> 32) + (carry >> 32);
}

/* log2 n x 2^LOG_BITS, n >= 1. */
static uint64_t fixed_log2(uint32_t n)
{
    unsigned whole = 31 - (unsigned)__builtin_clz(n);
    uint64_t m = (uint64_t)n << (63 - whole);
    uint64_t log = whole;
    for (int bit = 0; bit < LOG_BITS; bit++) {
        /* m stands for m / 2^63, its square's upper half for m^2 / 2^62. */
        uint64_t square = multiply_high(m, m);
        uint64_t carried = square >> 63;
        log = log << 1 | carried;
        m = carried ? square : square << 1;
    }
    return log;
}

/* n log2 n x 2^shift, rounded down. */
static int64_t n_log2_n(uint32_t n, int shift)
{
    uint64_t log = fixed_log2(n);
    /* n x log has up to 32 + 61 bits. */
    uint64_t high = multiply_high(n, log), low = n * log;
    int drop = LOG_BITS - shift;
    return (int64_t)(high << (64 - drop) | low >> drop);
}

int64_t *entropy_terms(uint32_t most)
{
    int64_t *table = memory_array((size_t)most + 1, sizeof *table);
    if (!table)
        return NULL;
    int shift = EXACT_BITS;
    while (n_log2_n(most, 0) + 1 >= INT64_C(1) << (EXACT_BITS - shift))
        shift--;
    table[0] = 0;
    for (uint32_t n = 1; n <= most; n++)
        table[n] = n_log2_n(n, shift);
    return table;
}

/* ---- of weights ---- */

enum { LOGS_BITS = 11, WEIGHED_SHIFT = 26 };

int64_t *entropy_logs(uint32_t most)
{
    int64_t *logs = memory_array((size_t)1 << LOGS_BITS, sizeof *logs);
    (void)most;
    for (uint32_t i = 0; logs && i < 1u << LOGS_BITS; i++)
        logs[i] = (int64_t)(fixed_log2((1u << LOGS_BITS) + i) - ((uint64_t)LOGS_BITS << LOG_BITS));
    return logs;
}

/*
 * n = 2^e (1 + i / 2^11) (1 + x), x below 2^-11, and log2(1 + x) by its series (Abramowitz and
 * Stegun, 4.1.24), whose sixth term is below 2^-67. Each operation is rounded once, alike on every
 * machine.
 */
int64_t entropy_term(const int64_t *logs, uint32_t n)
{
    if (n == 0)
        return 0;
    const double log2_e = 0x1.71547652b82fep+0;
    const unsigned whole = 31 - (unsigned)__builtin_clz(n);
    const uint32_t fraction = (n << (31 - whole)) & INT32_MAX;
    const uint32_t i = fraction >> (31 - LOGS_BITS);
    const double rest = fraction & ((UINT32_C(1) << (31 - LOGS_BITS)) - 1);
    const double x = rest / (0x1p31 + i * (double)(UINT32_C(1) << (31 - LOGS_BITS)));
    const double series = x * (1 - x * (1.0 / 2 - x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5)))));
    const double log = whole + ((double)logs[i] * 0x1p-56 + series * log2_e);
    return (int64_t)(n * log * (1 << WEIGHED_SHIFT));
}
