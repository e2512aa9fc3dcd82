#include "input/begin.h"

#include <string.h>

/*
 * A header, from its first bit:
 *
 *     bits    what
 *     1       0: not the last block
 *     2       2: with codes of its own
 *     5, 5    number of literal/length codes less 257, of distance codes less 1: 29 at the most
 *     4       number of lengths that follow, less 4
 *     3 each  the lengths of the code in which all other codes' lengths are written
 *     ...     the lengths of the literal/length codes, then of the distance codes
 */
enum {
    LEAD = 13, /* bits up to the two numbers of codes */
    LENGTHS_AT = LEAD + 4,
    MOST_LENGTHS = 19,
    LENGTH_BITS = 7, /* of the longest code for a length */
    CODE_BITS = 15,  /* of the longest other code */
    END_OF_BLOCK = 256,
    MOST_CODES = 286 + 30,
    REPEAT = 16,    /* the length before, 3 to 6 times */
    ZEROS = 17,     /* 3 to 10 zeros */
    MANY_ZEROS = 18 /* 11 to 138 */
};

/* ---- bits ---- */

/* The 57 bits or more from bit `at`, the first the lowest. Compilers make one load of it. */
static inline uint64_t bits_at(const unsigned char *bytes, uint64_t at)
{
    const unsigned char *from = bytes + at / 8;
    uint64_t value = from[0] | (uint64_t)from[1] << 8 | (uint64_t)from[2] << 16 |
                     (uint64_t)from[3] << 24 | (uint64_t)from[4] << 32 | (uint64_t)from[5] << 40 |
                     (uint64_t)from[6] << 48 | (uint64_t)from[7] << 56;
    return value >> at % 8;
}

/* Which of the 44 positions from a bit on may begin a header, by its LEAD bits: one bit each. */
static inline uint64_t possible(uint64_t bits)
{
    uint64_t kind = ~bits & ~(bits >> 1) & bits >> 2;
    uint64_t many = bits >> 4 & bits >> 5 & bits >> 6 & bits >> 7;
    uint64_t far = bits >> 9 & bits >> 10 & bits >> 11 & bits >> 12;
    return kind & ~many & ~far & ((UINT64_C(1) << (57 - LEAD)) - 1);
}

/* ---- the code for lengths ---- */

/* The share of all codes that one of `length` bits takes, in 1/128; of two lengths. */
#define SHARE(length) ((length) ? 1 << (LENGTH_BITS - (length)) : 0)
#define SHARES(length)                                                                             \
    SHARE(0) + SHARE(length), SHARE(1) + SHARE(length), SHARE(2) + SHARE(length),                  \
        SHARE(3) + SHARE(length), SHARE(4) + SHARE(length), SHARE(5) + SHARE(length),              \
        SHARE(6) + SHARE(length), SHARE(7) + SHARE(length)
static const unsigned char shares[64] = {SHARES(0), SHARES(1), SHARES(2), SHARES(3),
                                         SHARES(4), SHARES(5), SHARES(6), SHARES(7)};

/* The lengths of the code for lengths, 3 bits each, of a header at bit `at`. */
static inline uint64_t code_lengths(const unsigned char *bytes, uint64_t at)
{
    unsigned count = 4 + (bits_at(bytes, at + LEAD) & 15);
    return bits_at(bytes, at + LENGTHS_AT) & ((UINT64_C(1) << 3 * count) - 1);
}

static inline bool is_complete(uint64_t lengths)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < MOST_LENGTHS * 3; i += 6)
        sum += shares[lengths >> i & 63];
    return sum == 1 << LENGTH_BITS;
}

struct length_code {
    unsigned char symbol[1 << LENGTH_BITS], length[1 << LENGTH_BITS]; /* by the next bits */
};

static unsigned reversed(unsigned code, unsigned length)
{
    unsigned result = 0;
    for (unsigned i = 0; i < length; i++)
        result |= (code >> i & 1) << (length - 1 - i);
    return result;
}

/* The canonical code (RFC 1951, 3.2.2) of lengths that are complete. */
static void make_length_code(struct length_code *code, uint64_t lengths)
{
    static const unsigned char order[MOST_LENGTHS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    unsigned char of_symbol[MOST_LENGTHS] = {0};
    for (int i = 0; i < MOST_LENGTHS; i++)
        of_symbol[order[i]] = lengths >> 3 * i & 7;
    unsigned next = 0;
    for (unsigned length = 1; length <= LENGTH_BITS; length++, next <<= 1)
        for (unsigned symbol = 0; symbol < MOST_LENGTHS; symbol++) {
            if (of_symbol[symbol] != length)
                continue;
            for (unsigned i = reversed(next++, length); i < 1 << LENGTH_BITS; i += 1u << length) {
                code->symbol[i] = (unsigned char)symbol;
                code->length[i] = (unsigned char)length;
            }
        }
}

/* ---- the other codes ---- */

/* Reads `count` lengths from bit `at`. False where they are none, or run behind bit `end`. */
static bool read_lengths(const unsigned char *bytes, uint64_t at, uint64_t end,
                         const struct length_code *code, unsigned count, unsigned char *lengths)
{
    unsigned done = 0;
    while (done < count) {
        uint64_t bits = bits_at(bytes, at);
        unsigned symbol = code->symbol[bits & 127], used = code->length[bits & 127], times = 1;
        unsigned char length = (unsigned char)symbol;
        bits >>= used;
        if (symbol >= REPEAT) {
            static const unsigned char extra[] = {2, 3, 7}, least[] = {3, 3, 11};
            unsigned kind = symbol - REPEAT;
            times = least[kind] + (bits & ((1u << extra[kind]) - 1));
            used += extra[kind];
            if (symbol == REPEAT && !done)
                return false;
            length = symbol == REPEAT ? lengths[done - 1] : 0;
        }
        at += used;
        if (at > end || times > count - done)
            return false;
        memset(lengths + done, length, times);
        done += times;
    }
    return true;
}

/* The sum of all codes' shares, in 1/32768: of a complete code, 32768. */
static unsigned sum_of_shares(const unsigned char *lengths, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += lengths[i] ? 1u << (CODE_BITS - lengths[i]) : 0;
    return sum;
}

/* Complete, or a single code of one bit, or none, where all of the block is literals. */
static bool is_distance_code(const unsigned char *lengths, unsigned count)
{
    unsigned sum = sum_of_shares(lengths, count), used = 0;
    for (unsigned i = 0; i < count; i++)
        used += lengths[i] != 0;
    return sum == 1u << CODE_BITS || used == 0 || (used == 1 && sum == 1u << (CODE_BITS - 1));
}

/* `lengths`: complete ones, of the header at bit `at`. */
static bool is_header(const unsigned char *bytes, uint64_t at, uint64_t end, uint64_t lengths)
{
    struct length_code code;
    unsigned char all[MOST_CODES] = {0};
    uint64_t lead = bits_at(bytes, at);
    unsigned literals = 257 + (lead >> 3 & 31), distances = 1 + (lead >> 8 & 31);
    uint64_t behind = at + LENGTHS_AT + 3 * (4 + (lead >> LEAD & 15));
    make_length_code(&code, lengths);
    return read_lengths(bytes, behind, end, &code, literals + distances, all) &&
           all[END_OF_BLOCK] && sum_of_shares(all, literals) == 1u << CODE_BITS &&
           is_distance_code(all + literals, distances);
}

bool begin_find(const unsigned char *bytes, size_t size, uint64_t from, uint64_t *found)
{
    /* A header is never shorter than its fixed part and one length for each kind of code. */
    uint64_t end = 8 * (uint64_t)size;
    for (uint64_t at = from; at + LENGTHS_AT < end; at += 57 - LEAD) {
        uint64_t candidates = possible(bits_at(bytes, at));
        for (; candidates; candidates &= candidates - 1) {
            *found = at + (unsigned)__builtin_ctzll(candidates);
            uint64_t lengths = code_lengths(bytes, *found);
            if (is_complete(lengths) && is_header(bytes, *found, end, lengths))
                return true;
        }
    }
    return false;
}
