/*
 * A radix sort, least significant digit first. Being stable, it leaves equal values in the order
 * of their rows. All digits are counted in one go, before any is sorted by.
 *
 * Of some thousand values few share all but the lowest bits. Where the counts of the highest digit
 * let expect it, two digits are sorted by instead of three, and what the bits below them would have
 * done is mended by insertion.
 */
#include "forest/sort.h"

/* Three digits cover the 32 bits of a value; four narrower ones where there are few rows. Two leave
   LOW_BITS below them. */
enum {
    VALUE_BITS = 32,
    DIGIT_BITS = 11,
    SHORT_DIGIT_BITS = 8,
    LONG_DIGITS_FROM = 4096,
    LOW_BITS = VALUE_BITS - 2 * DIGIT_BITS,
    LOW_BITS_UP_TO = 65536
};

/* Digits that have counters: of either width all that a value has. */
enum { COUNTERS = (VALUE_BITS + DIGIT_BITS - 1) / DIGIT_BITS << DIGIT_BITS };
_Static_assert(VALUE_BITS / SHORT_DIGIT_BITS << SHORT_DIGIT_BITS <= COUNTERS, "there are enough");

/* Counts the digits of all items from bit `from` on, each digit's counters behind those of the one
   below. */
static inline __attribute__((always_inline)) void count_digits(const uint64_t *items, size_t count,
                                                               unsigned bits, unsigned from,
                                                               uint32_t *counters)
{
    const uint32_t mask = (UINT32_C(1) << bits) - 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t *digit = counters, value = (uint32_t)(items[i] >> VALUE_BITS);
#pragma GCC unroll 4
        for (unsigned shift = from; shift < VALUE_BITS; shift += bits, digit += mask + 1)
            digit[value >> shift & mask]++;
    }
}

/* One pass: moves the items to `to`, ordered by the digit of `bits` bits at `shift`, of which there
   are so many of each value. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, size_t count, unsigned shift,
                          unsigned bits, uint32_t *counters)
{
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    uint32_t before = 0;
    for (uint64_t value = 0; value <= mask; value++) {
        uint32_t here = counters[value];
        counters[value] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[counters[from[i] >> shift & mask]++] = from[i];
}

/* Sorts by these digits; `spare` is as large. Returns where the items ended up. */
static uint64_t *sort_digits(uint64_t *items, uint64_t *spare, size_t count, unsigned bits,
                             unsigned from, uint32_t *digit)
{
    for (unsigned sorted = from; sorted < VALUE_BITS; sorted += bits, digit += 1 << bits) {
        sort_by_digit(items, spare, count, VALUE_BITS + sorted, bits, digit);
        uint64_t *moved = spare;
        spare = items;
        items = moved;
    }
    return items;
}

/* Whether no more items share the highest digit than the one below has values, twice. */
static bool lie_apart(const uint32_t *highest)
{
    uint32_t most = 0;
    for (uint32_t value = 0; value < 1 << DIGIT_BITS; value++)
        most = highest[value] > most ? highest[value] : most;
    return most <= 2 << DIGIT_BITS;
}

/* Sorts what is nearly sorted. False: it was not, nor is it now; equal values are, by rows. */
static bool insert_items(uint64_t *items, size_t count)
{
    size_t moves = 0;
    for (size_t i = 1; i < count; i++) {
        const uint64_t item = items[i];
        size_t at = i;
        if (items[i - 1] <= item)
            continue;
        do
            items[at] = items[at - 1];
        while (--at > 0 && items[at - 1] > item);
        items[at] = item;
        moves += i - at;
        if (moves > count)
            return false;
    }
    return true;
}

/* Sorts the items in place, which an even number of passes leaves them in, if they lie apart.
   False: they do not; equal values are in the order of their rows, as before. */
static bool sort_apart(uint64_t *items, uint64_t *spare, size_t count)
{
    uint32_t counters[2 << DIGIT_BITS] = {0};
    count_digits(items, count, DIGIT_BITS, LOW_BITS, counters);
    if (!lie_apart(counters + (1 << DIGIT_BITS)))
        return false;
    sort_digits(items, spare, count, DIGIT_BITS, LOW_BITS, counters);
    return insert_items(items, count);
}

/* Sorts the items by all that their values have; `spare` is as large. Returns where they ended up.
 */
static uint64_t *sort_whole(uint64_t *items, uint64_t *spare, size_t count)
{
    uint32_t counters[COUNTERS] = {0};
    if (count < LONG_DIGITS_FROM) {
        count_digits(items, count, SHORT_DIGIT_BITS, 0, counters);
        return sort_digits(items, spare, count, SHORT_DIGIT_BITS, 0, counters);
    }
    count_digits(items, count, DIGIT_BITS, 0, counters);
    return sort_digits(items, spare, count, DIGIT_BITS, 0, counters);
}

uint64_t *sort_items(uint64_t *items, uint64_t *spare, size_t count, bool *apart)
{
    *apart =
        count >= LONG_DIGITS_FROM && count <= LOW_BITS_UP_TO && sort_apart(items, spare, count);
    return *apart ? items : sort_whole(items, spare, count);
}
