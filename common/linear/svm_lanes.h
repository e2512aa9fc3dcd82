/*
 * svm_lanes: the kernels of svm_pass.h, in vectors of the width that the including file is compiled
 * for, in the C dialect that gcc and clang share. SVM_LANES_KERNELS makes a set of them; what the
 * number of lanes decides on is decided by the compiler.
 */
#ifndef LINEAR_SVM_LANES_H
#define LINEAR_SVM_LANES_H

#include "linear/svm_pass.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#define WIDTH_BYTES 64
#elif defined(__AVX2__)
#include <immintrin.h>
#define WIDTH_BYTES 32
#else
#define WIDTH_BYTES 16
#endif

typedef float lanes_float __attribute__((vector_size(WIDTH_BYTES)));
typedef uint32_t lanes_bits __attribute__((vector_size(WIDTH_BYTES)));

/* The same in arrays, at any place. No function takes one: for arm64 gcc 14 can't compile that. */
typedef lanes_float stored_float __attribute__((aligned(4), may_alias));
typedef lanes_bits stored_bits __attribute__((aligned(4), may_alias));

enum { WIDTH = WIDTH_BYTES / sizeof(float) };

static inline lanes_float load(const float *from)
{
    return *(const stored_float *)from;
}

static inline void store(float *to, lanes_float x)
{
    *(stored_float *)to = x;
}

static inline lanes_bits load_bits(const uint32_t *from)
{
    return *(const stored_bits *)from;
}

static inline lanes_float mask(lanes_bits lanes, lanes_float x)
{
    return (lanes_float)((lanes_bits)x & lanes);
}

static inline lanes_float choose(lanes_bits lanes, lanes_float yes, lanes_float no)
{
    return (lanes_float)(((lanes_bits)yes & lanes) | ((lanes_bits)no & ~lanes));
}

static inline bool any(lanes_bits lanes)
{
#if defined(__AVX512F__)
    return _mm512_test_epi32_mask((__m512i)lanes, (__m512i)lanes) != 0;
#elif defined(__AVX2__)
    return !_mm256_testz_si256((__m256i)lanes, (__m256i)lanes);
#else
    uint64_t halves[2];
    memcpy(halves, &lanes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
#endif
}

/* A kernel's loops know how many lanes there are. */
#define KNOWING static inline __attribute__((always_inline))

KNOWING lanes_float dot(const struct svm_pass *pass, const struct svm_row *row, unsigned lane,
                        size_t lanes)
{
    lanes_float first = {0}, second = {0};
    const uint32_t *feature = pass->feature + row->begin, *end = feature + row->count;
    const float *value = pass->value + row->begin, *weights = pass->weights + lane;
    for (; feature + 1 < end; feature += 2, value += 2) {
        first += value[0] * load(weights + feature[0] * lanes);
        second += value[1] * load(weights + feature[1] * lanes);
    }
    if (feature < end)
        first += value[0] * load(weights + feature[0] * lanes);
    return first + second + load(pass->bias + lane);
}

/* weights += times x */
KNOWING void add(struct svm_pass *pass, const struct svm_row *row, unsigned lane, size_t lanes,
                 lanes_float times)
{
    const uint32_t *feature = pass->feature + row->begin, *end = feature + row->count;
    const float *value = pass->value + row->begin;
    float *weights = pass->weights + lane;
    for (; feature < end; feature++, value++) {
        float *at = weights + *feature * lanes;
        store(at, load(at) + times * *value);
    }
    store(pass->bias + lane, load(pass->bias + lane) + times);
}

/* x y: the sign of each lane whose label the row does not have is changed. */
static inline lanes_float times_y(const struct svm_pass *pass, const struct svm_row *row,
                                  unsigned lane, lanes_float x)
{
    lanes_bits same = (lanes_bits)(load_bits(pass->labels + lane) == row->class_number);
    return (lanes_float)((lanes_bits)x ^ (~same & UINT32_C(0x80000000)));
}

/* Widens the bounds of the projected gradient. */
static inline void widen(struct svm_pass *pass, unsigned lane, lanes_float projected)
{
    lanes_float high = load(pass->high + lane), low = load(pass->low + lane);
    store(pass->high + lane, choose((lanes_bits)(projected > high), projected, high));
    store(pass->low + lane, choose((lanes_bits)(projected < low), projected, low));
}

struct outcome {
    bool keep, busy;
};

/* The step of WIDTH of the lanes. */
KNOWING struct outcome step(struct svm_pass *pass, const struct svm_row *row, float *duals,
                            bool busy, unsigned lane, size_t lanes)
{
    const lanes_float zero = {0};
    lanes_bits unseen =
        load_bits(pass->dead + lane) | (lanes_bits)(load_bits(pass->left_out + lane) == row->fold);
    lanes_float a = busy ? load(duals + lane) : zero;
    lanes_float gradient =
        times_y(pass, row, lane, dot(pass, row, lane, lanes)) - 1.0f + row->diagonal * a;
    lanes_bits at_zero = (lanes_bits)(a == zero);
    lanes_bits held = at_zero & (lanes_bits)(gradient > zero);
    lanes_bits idle = at_zero & (lanes_bits)(gradient > load(pass->idle + lane));
    widen(pass, lane, mask(~(held | unseen), gradient));

    lanes_float to = a - gradient * row->inverse;
    to = mask((lanes_bits)(to > zero) & ~unseen, to);
    lanes_float change = to - a;
    if (any((lanes_bits)(change != zero))) {
        store(duals + lane, to);
        add(pass, row, lane, lanes, times_y(pass, row, lane, change));
    }
    return (struct outcome){any(~(idle | unseen)), any((lanes_bits)(to != zero))};
}

enum { CACHE_LINE = 64, FETCH_ROW = 12, FETCH_NONZEROS = 8, FETCH_WEIGHTS = 2, FETCHED = 16 };

/*
 * Rows come in no order: what one needs is fetched in three steps, as they become known. Of a long
 * row the first weights: the others come in time by themselves, and fetched so early they push out
 * those of the row in hand.
 */
KNOWING void fetch(const struct svm_pass *pass, const uint32_t *list, uint32_t left, size_t lanes)
{
    if (left > FETCH_ROW)
        __builtin_prefetch(&pass->rows[list[FETCH_ROW] & ~SVM_BUSY]);
    if (left > FETCH_NONZEROS) {
        uint32_t number = list[FETCH_NONZEROS];
        const struct svm_row *row = &pass->rows[number & ~SVM_BUSY];
        for (uint64_t i = 0; i < row->count; i += CACHE_LINE / sizeof(float)) {
            __builtin_prefetch(pass->feature + row->begin + i);
            __builtin_prefetch(pass->value + row->begin + i);
        }
        if (number & SVM_BUSY)
            __builtin_prefetch(pass->duals + (number & ~SVM_BUSY) * lanes);
    }
    if (left > FETCH_WEIGHTS) {
        const struct svm_row *row = &pass->rows[list[FETCH_WEIGHTS] & ~SVM_BUSY];
        const uint32_t *feature = pass->feature + row->begin;
        for (uint32_t i = 0; i < row->count && i < FETCHED; i++)
            __builtin_prefetch(pass->weights + feature[i] * lanes);
    }
}

KNOWING uint32_t lanes_pass(struct svm_pass *pass, uint32_t *list, uint32_t count, size_t lanes)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        fetch(pass, list + i, count - i, lanes);
        uint32_t number = list[i] & ~SVM_BUSY;
        bool was_busy = list[i] & SVM_BUSY, keep = false, busy = false;
        for (unsigned lane = 0; lane < lanes; lane += WIDTH) {
            struct outcome outcome = step(pass, &pass->rows[number], pass->duals + number * lanes,
                                          was_busy, lane, lanes);
            keep |= outcome.keep;
            busy |= outcome.busy;
        }
        list[kept] = number | (busy ? SVM_BUSY : 0);
        kept += keep;
    }
    return kept;
}

KNOWING void lanes_add(struct svm_pass *pass, uint32_t number, size_t lanes)
{
    const struct svm_row *row = &pass->rows[number];
    for (unsigned lane = 0; lane < lanes; lane += WIDTH) {
        lanes_float a = load(pass->duals + number * lanes + lane);
        add(pass, row, lane, lanes, times_y(pass, row, lane, a));
    }
}

KNOWING void lanes_score(const struct svm_pass *pass, uint32_t number, float *scores, size_t lanes)
{
    for (unsigned lane = 0; lane < lanes; lane += WIDTH)
        store(scores + lane, dot(pass, &pass->rows[number], lane, lanes));
}

/* Defines `name`, the kernels of `count` lanes. */
#define SVM_LANES_KERNELS(name, count)                                                             \
    static uint32_t name##_pass(struct svm_pass *pass, uint32_t *list, uint32_t rows)              \
    {                                                                                              \
        return lanes_pass(pass, list, rows, count);                                                \
    }                                                                                              \
    static void name##_add(struct svm_pass *pass, uint32_t row)                                    \
    {                                                                                              \
        lanes_add(pass, row, count);                                                               \
    }                                                                                              \
    static void name##_score(const struct svm_pass *pass, uint32_t row, float scores[SVM_LANES])   \
    {                                                                                              \
        lanes_score(pass, row, scores, count);                                                     \
    }                                                                                              \
    const struct svm_kernels name = {count, name##_pass, name##_add, name##_score}

#endif
