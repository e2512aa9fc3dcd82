/*
 * network: the codes of few rows in a feature's order, by a sorting network. Included by the file
 * of AVX2's kernels, behind scan_lanes.h.
 *
 * A rank above a code is a key of 32 bits, and sorting keys sorts the codes. Eight vectors are
 * sorted lane by lane and turned over, so that each is in order; then neighbours are merged, again
 * and again, by the bitonic merger (Batcher, "Sorting networks and their applications", AFIPS
 * 1968). That compares places that are known beforehand: nothing branches on a rank, and nothing
 * waits for a store.
 *
 * Of two runs the second is taken from its end, and keeps that order in its vectors, for those are
 * sorted by themselves at the end of a merger, from whichever side. Comparisons all put the lesser
 * key first, so a last run may be short: what it lacks would be the highest keys, which stay where
 * they are.
 */
#ifndef FOREST_NETWORK_AVX2_H
#define FOREST_NETWORK_AVX2_H

#include "base/unroll.h"
#include "forest/narrow.h"

#include <immintrin.h>

enum {
    NETWORK_LANES = 8,
    NETWORK_GROUP = 8, /* vectors that are sorted in registers */
    NETWORK_KEYS = NETWORK_LANES * NETWORK_GROUP,
    NETWORK_RANK_AT = 16 /* of a key's bits, above those of the code */
};
_Static_assert(SCAN_COPIED % NETWORK_KEYS == 0, "whole groups");

/* ---- vectors ---- */

/* Lane by lane, the lesser one becomes the first. */
static inline void network_compare(__m256i *first, __m256i *second)
{
    const __m256i lesser = _mm256_min_epu32(*first, *second);
    *second = _mm256_max_epu32(*first, *second);
    *first = lesser;
}

static inline __m256i network_reverse(__m256i lanes)
{
    return _mm256_permutevar8x32_epi32(lanes, _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}

/* Sorts two vectors, each by itself, whose lanes, taken as a ring, rise once and fall once. */
static inline void network_clean(__m256i *one, __m256i *other)
{
    __m256i low = _mm256_permute2x128_si256(*one, *other, 0x20);
    __m256i high = _mm256_permute2x128_si256(*one, *other, 0x31);
    network_compare(&low, &high);
    __m256i even = _mm256_unpacklo_epi64(low, high), odd = _mm256_unpackhi_epi64(low, high);
    network_compare(&even, &odd);
    __m256i left = (__m256i)_mm256_shuffle_ps((__m256)even, (__m256)odd, 0x88);
    __m256i right = (__m256i)_mm256_shuffle_ps((__m256)even, (__m256)odd, 0xdd);
    network_compare(&left, &right);
    /* Lanes 0 1 4 5 of both, and 2 3 6 7. */
    const __m256i first = _mm256_unpacklo_epi32(left, right);
    const __m256i second = _mm256_unpackhi_epi32(left, right);
    low = _mm256_unpacklo_epi64(first, second);
    high = _mm256_unpackhi_epi64(first, second);
    *one = _mm256_permute2x128_si256(low, high, 0x20);
    *other = _mm256_permute2x128_si256(low, high, 0x31);
}

/* ---- groups ---- */

/* Sorts each lane over the vectors: the network of 19 comparisons (Knuth, "The Art of Computer
   Programming", volume 3, 5.3.4). */
static inline void network_columns(__m256i v[NETWORK_GROUP])
{
    static const unsigned char pairs[][2] = {
        {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}, {0, 1}, {2, 3},
        {4, 5}, {6, 7}, {2, 4}, {3, 5}, {1, 4}, {3, 6}, {1, 2}, {3, 4}, {5, 6},
    };
    UNROLL(19)
    for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++)
        network_compare(&v[pairs[i][0]], &v[pairs[i][1]]);
}

/* Makes rows of columns. */
static inline void network_turn(__m256i v[NETWORK_GROUP])
{
    __m256i pairs[NETWORK_GROUP], fours[NETWORK_GROUP];
    UNROLL(4)
    for (unsigned i = 0; i < NETWORK_GROUP; i += 2) {
        pairs[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
    }
    UNROLL(2)
    for (unsigned i = 0; i < NETWORK_GROUP; i += 4) {
        UNROLL(2)
        for (unsigned k = 0; k < 2; k++) {
            fours[i + 2 * k] = _mm256_unpacklo_epi64(pairs[i + k], pairs[i + k + 2]);
            fours[i + 2 * k + 1] = _mm256_unpackhi_epi64(pairs[i + k], pairs[i + k + 2]);
        }
    }
    UNROLL(4)
    for (unsigned i = 0; i < NETWORK_GROUP / 2; i++) {
        v[i] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x20);
        v[i + 4] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x31);
    }
}

/* Compares those `apart` from each other, and half as far, and so on, and then within vectors. */
static inline __attribute__((always_inline)) void network_finish(__m256i v[NETWORK_GROUP],
                                                                 unsigned apart)
{
    UNROLL(3)
    for (; apart; apart /= 2) {
        UNROLL(8)
        for (unsigned i = 0; i < NETWORK_GROUP; i++)
            if (!(i & apart))
                network_compare(&v[i], &v[i + apart]);
    }
    UNROLL(4)
    for (unsigned i = 0; i < NETWORK_GROUP; i += 2)
        network_clean(&v[i], &v[i + 1]);
}

/* Merges neighbouring runs of that many vectors. */
static inline __attribute__((always_inline)) void network_merge(__m256i v[NETWORK_GROUP],
                                                                unsigned run)
{
    UNROLL(4)
    for (unsigned begin = 0; begin < NETWORK_GROUP; begin += 2 * run) {
        UNROLL(4)
        for (unsigned i = 0; i < run; i++) {
            __m256i *second = &v[begin + 2 * run - 1 - i];
            *second = network_reverse(*second);
            network_compare(&v[begin + i], second);
        }
    }
    network_finish(v, run / 2);
}

static inline void network_load(__m256i v[NETWORK_GROUP], const __m256i *from)
{
    UNROLL(8)
    for (unsigned i = 0; i < NETWORK_GROUP; i++)
        v[i] = _mm256_load_si256(from + i);
}

static inline void network_store(const __m256i v[NETWORK_GROUP], __m256i *to)
{
    UNROLL(8)
    for (unsigned i = 0; i < NETWORK_GROUP; i++)
        _mm256_store_si256(to + i, v[i]);
}

static inline void network_group(__m256i *keys)
{
    __m256i v[NETWORK_GROUP];
    network_load(v, keys);
    network_columns(v);
    network_turn(v);
    network_merge(v, 1);
    network_merge(v, 2);
    network_merge(v, 4);
    network_store(v, keys);
}

/* ---- runs in memory ---- */

/* Compares the second run, from its end, with the first, which is whole. */
static inline void network_fold(__m256i *keys, unsigned run, unsigned count)
{
    for (unsigned second = run; second < count; second++) {
        const unsigned first = 2 * run - 1 - second;
        keys[second] = network_reverse(keys[second]);
        network_compare(&keys[first], &keys[second]);
    }
}

static inline void network_apart(__m256i *keys, unsigned apart, unsigned count)
{
    for (unsigned begin = 0; begin + apart < count; begin += 2 * apart)
        for (unsigned i = begin; i < begin + apart && i + apart < count; i++)
            network_compare(&keys[i], &keys[i + apart]);
}

/* Merges two runs, the first of `run` vectors, the second of what is left of `count`. */
static inline void network_runs(__m256i *keys, unsigned run, unsigned count)
{
    network_fold(keys, run, count);
    for (unsigned apart = run / 2; apart >= NETWORK_GROUP; apart /= 2)
        network_apart(keys, apart, count);
    for (unsigned i = 0; i < count; i += NETWORK_GROUP) {
        __m256i v[NETWORK_GROUP];
        network_load(v, keys + i);
        network_finish(v, NETWORK_GROUP / 2);
        network_store(v, keys + i);
    }
}

/* Sorts `count` vectors of keys, whole groups. */
static inline void network_sort(__m256i *keys, unsigned count)
{
    for (unsigned i = 0; i < count; i += NETWORK_GROUP)
        network_group(keys + i);
    for (unsigned run = NETWORK_GROUP; run < count; run *= 2)
        for (unsigned i = 0; i + run < count; i += 2 * run)
            network_runs(keys + i, run, count - i < 2 * run ? count - i : 2 * run);
}

/* ---- a feature ---- */

/* The keys of a node's rows, in any order, and up to whole groups the highest; returns how many
   vectors they are. */
static inline unsigned network_keys(const struct scan_node *node, const uint16_t *ranks,
                                    uint32_t *keys)
{
    const uint32_t all = (node->count + NETWORK_KEYS - 1) / NETWORK_KEYS * NETWORK_KEYS;
    uint32_t i = 0;
    for (; i + 2 * NETWORK_LANES <= node->count; i += 2 * NETWORK_LANES) {
        const __m256i rank = _mm256_loadu_si256((const __m256i *)(ranks + i));
        const __m256i code = _mm256_loadu_si256((const __m256i *)(node->codes + i));
        _mm256_store_si256((__m256i *)(keys + i), _mm256_unpacklo_epi16(code, rank));
        _mm256_store_si256((__m256i *)(keys + i) + 1, _mm256_unpackhi_epi16(code, rank));
    }
    for (; i < node->count; i++)
        keys[i] = (uint32_t)ranks[i] << NETWORK_RANK_AT | node->codes[i];
    for (; i < all; i++)
        keys[i] = UINT32_MAX;
    return all / NETWORK_LANES;
}

/* Leaves the codes in node->sorted, and some of no row behind them. */
static inline void network_codes(const struct scan_node *node, const uint32_t *keys)
{
    const __m256i code = _mm256_set1_epi32(UINT16_MAX);
    for (uint32_t i = 0; i < node->count; i += 2 * NETWORK_LANES) {
        const __m256i *from = (const __m256i *)(keys + i);
        const __m256i crossed =
            _mm256_packus_epi32(_mm256_and_si256(from[0], code), _mm256_and_si256(from[1], code));
        _mm256_storeu_si256((__m256i *)(node->sorted + i),
                            _mm256_permute4x64_epi64(crossed, 0xd8)); /* quarters 0 2 1 3 */
    }
}

/* As kernels.h has it of ranks that were copied. */
static bool network_feature(struct scan_node *node, const struct rank_column *column,
                            struct found *found)
{
    uint32_t keys[SCAN_COPIED] __attribute__((aligned(LANES_MOST)));
    const double before = found->score;
    network_sort((__m256i *)keys, network_keys(node, column->rank, keys));
    const uint32_t lowest = keys[0] >> NETWORK_RANK_AT;
    if ((keys[node->count - 1] >> NETWORK_RANK_AT) - lowest <= column->span)
        return false;
    network_codes(node, keys);
    scan_sorted(node, found);
    if (found->score > before) {
        const uint32_t *cut = keys + found->below;
        found->below = cut[0] >> NETWORK_RANK_AT;
        found->above = cut[1] >> NETWORK_RANK_AT;
    }
    return true;
}

#endif
