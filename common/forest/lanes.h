/*
 * lanes: vectors of LANES_BYTES, which the including file sets, in the C dialect that gcc and
 * clang share; and the score of a cut in each lane. Internal to the kernels.
 *
 * Each lane does what the scalar definition does, so the width changes no result. Nothing here asks
 * what a compiler has been told of the machine: the width is the including file's.
 */
#ifndef FOREST_LANES_H
#define FOREST_LANES_H

#include "forest/impurity.h"
#include "forest/narrow.h"

#include <string.h>

#define LANES_OF(type) (LANES_BYTES / sizeof(type))

typedef uint16_t lanes16 __attribute__((vector_size(LANES_BYTES)));
typedef uint32_t lanes32 __attribute__((vector_size(LANES_BYTES)));
typedef uint64_t lanes64 __attribute__((vector_size(LANES_BYTES)));
typedef int32_t lanes_int __attribute__((vector_size(LANES_BYTES)));
typedef float lanes_float __attribute__((vector_size(LANES_BYTES)));
typedef double lanes_double __attribute__((vector_size(LANES_BYTES)));

/* Makes each number in `from` one of the type of `to`; gcc before 9 has no word for it. */
#if defined __clang__ || __GNUC__ >= 9
#define LANES_CONVERT(to, from) (to) = __builtin_convertvector(from, __typeof__(to))
#else
#define LANES_CONVERT(to, from)                                                                    \
    do {                                                                                           \
        for (size_t lane = 0; lane < sizeof(from) / sizeof(from)[0]; lane++)                       \
            (to)[lane] = (from)[lane];                                                             \
    } while (0)
#endif

/* Whether the first of two neighbours is the upper half of a lane of twice the width. */
enum { LANES_FIRST_IS_UPPER = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ };

/* The bits of 2^52: a whole number below 2^52, or-ed to them, is that number + 2^52. */
#define LANES_MAGIC UINT64_C(0x4330000000000000)

/* A number in every lane. */
static inline lanes_double lanes_all(double number)
{
    const lanes_double zero = {0};
    return number - zero;
}

static inline lanes_double lanes_to_double(lanes64 magic)
{
    return (lanes_double)magic - lanes_all(0x1p52);
}

static inline lanes_double lanes_select(lanes64 mask, lanes_double yes, lanes_double no)
{
    return (lanes_double)(((lanes64)yes & mask) | ((lanes64)no & ~mask));
}

static inline lanes_float float_all(float number)
{
    const lanes_float zero = {0};
    return number - zero;
}

/* Which a file may have as its instructions are, for compilers do not always see these in others.
 */
#ifdef LANES_OWN
#include LANES_OWN
#else

static inline lanes_float float_select(lanes_int mask, lanes_float yes, lanes_float no)
{
    return (lanes_float)(((lanes_int)yes & mask) | ((lanes_int)no & ~mask));
}

/* `b` where `a` is not a number. */
static inline lanes_float float_most(lanes_float a, lanes_float b)
{
    return float_select(a > b, a, b);
}

/* Adds to each lane all lanes before it. */
static inline lanes32 lanes_prefix(lanes32 lanes)
{
    for (unsigned i = 1; i < LANES_OF(uint32_t); i++)
        lanes[i] += lanes[i - 1];
    return lanes;
}

#endif

/* The bits that are set in any lane. */
static inline uint64_t lanes_or(lanes64 mask)
{
    uint64_t any = 0;
    for (unsigned i = 0; i < LANES_OF(uint64_t); i++)
        any |= mask[i];
    return any;
}

/* Whether one is. */
static inline bool lanes_any(lanes64 mask)
{
    return lanes_or(mask) != 0;
}

/* The best cut so far in each lane. */
struct lanes_best {
    lanes_double score;
    lanes_double at; /* where it is; the lowest wins among equal scores */
};

/*
 * Scores cuts: `squares` the sum of l^2, `products` that of t l with t the class's total, and
 * `weight` that of l. A cut with nothing on one side scores NaN and wins nothing.
 */
static inline void lanes_score(struct lanes_best *best, const struct whole *whole,
                               lanes_double squares, lanes_double products, lanes_double left,
                               lanes_double at)
{
    /* sum(r^2) = sum((t - l)^2) = sum(t^2) - 2 sum(t l) + sum(l^2) */
    lanes_double right_squares = lanes_all(whole->squares) - (products + products) + squares;
    lanes_double right = lanes_all(whole->weight) - left;
    lanes_double score = (squares * right + right_squares * left) / (left * right);
    lanes64 higher = (lanes64)(score > best->score);
    lanes64 sooner = (lanes64)(score == best->score) & (lanes64)(at < best->at);
    best->score = lanes_select(higher, score, best->score);
    best->at = lanes_select(higher | sooner, at, best->at);
}

static inline struct lanes_best lanes_none(void)
{
    return (struct lanes_best){lanes_all(-INFINITY), lanes_all(0)};
}

/* The highest score of all lanes. */
static inline double lanes_highest(const struct lanes_best *best)
{
    double scores[LANES_OF(double)];
    memcpy(scores, &best->score, sizeof scores);
    for (unsigned half = LANES_OF(double) / 2; half; half /= 2)
        for (unsigned i = 0; i < half; i++)
            scores[i] = scores[i + half] > scores[i] ? scores[i + half] : scores[i];
    return scores[0];
}

/* The best of all lanes; its place, meaningless where the score is -INFINITY. */
static inline double lanes_winner(const struct lanes_best *best, uint32_t *at)
{
    double highest = lanes_highest(best), lowest = UINT32_MAX;
    for (unsigned i = 0; i < LANES_OF(double); i++) {
        double place = best->score[i] == highest ? best->at[i] : lowest;
        lowest = place < lowest ? place : lowest;
    }
    *at = (uint32_t)lowest;
    return highest;
}

#endif
