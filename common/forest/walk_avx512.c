/*
 * Sixteen walkers to a vector, and so many vectors side by side that the gathers, which a step
 * has two of one after the other, never wait for each other.
 */
#ifdef __AVX512VBMI2__
#include "forest/walk.h"

#include <immintrin.h>

enum { WIDTH = 16, VECTORS = 4, LANES = VECTORS * WIDTH };

/* Those on their way, in registers. */
struct group {
    __m512i places[VECTORS], rows[VECTORS];
    __m512i starts[VECTORS]; /* of their keys */
};

/* Those of the 16 walkers from `first` on that there are. */
static inline __mmask16 lanes_of(size_t first, size_t count)
{
    size_t lanes = first < count ? count - first : 0;
    return lanes < WIDTH ? (__mmask16)((1u << lanes) - 1) : (__mmask16)0xffff;
}

/* A lane without a walker has the first sample, so that what it gathers is there. */
static inline void load_group(const struct walk *walk, size_t first, size_t count, bool fresh,
                              struct group *group)
{
    const __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i dim = _mm512_set1_epi32((int)walk->dim);
#pragma GCC unroll 4
    for (size_t v = 0, at = first; v < VECTORS; v++, at += WIDTH) {
        __mmask16 lanes = lanes_of(at, count);
        if (fresh) {
            group->places[v] = _mm512_setzero_si512();
            group->rows[v] = _mm512_maskz_add_epi32(lanes, _mm512_set1_epi32((int)at), numbers);
        } else {
            group->places[v] = _mm512_maskz_loadu_epi32(lanes, walk->places + at);
            group->rows[v] = _mm512_maskz_loadu_epi32(lanes, walk->rows + at);
        }
        group->starts[v] = _mm512_mullo_epi32(group->rows[v], dim);
    }
}

/* Where those at `places`, whose keys start at `starts`, go. */
static inline __m512i step(const struct walk *walk, __m512i places, __m512i starts)
{
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    __m512i first = _mm512_i32gather_epi64(_mm512_castsi512_si256(places), walk->nodes, 8);
    __m512i last = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(places, 1), walk->nodes, 8);
    __m512i lower = _mm512_permutex2var_epi32(first, even, last);
    __m512i thresholds = _mm512_permutex2var_epi32(first, odd, last);
    __m512i features = _mm512_and_si512(lower, _mm512_set1_epi32((int)walk->feature_mask));
    __m512i keys = _mm512_i32gather_epi32(_mm512_add_epi32(starts, features), walk->keys, 4);
    __m512i right = _mm512_srl_epi32(lower, _mm_cvtsi32_si128((int)walk->feature_bits));
    __mmask16 goes_left = _mm512_cmple_epu32_mask(keys, thresholds);
    return _mm512_mask_sub_epi32(right, goes_left, right, _mm512_set1_epi32(1));
}

/* Notes the codes, and puts those that go on behind the `left` who do already. */
static inline size_t keep_group(const struct walk *walk, size_t first, size_t count, bool fresh,
                                const struct group *group, size_t left)
{
    const __m512i leaf = _mm512_set1_epi32((int)PACKED_LEAF);
#pragma GCC unroll 4
    for (size_t v = 0, at = first; v < VECTORS; v++, at += WIDTH) {
        __mmask16 lanes = lanes_of(at, count);
        __m512i keys = _mm512_i32gather_epi32(group->places[v], &walk->nodes[0].key, 8);
        __m512i codes = _mm512_andnot_si512(leaf, keys);
        if (fresh)
            _mm512_mask_storeu_epi32(walk->codes + at, lanes, codes);
        else
            _mm512_mask_i32scatter_epi32(walk->codes, lanes, group->rows[v], codes, 4);
        __mmask16 goes_on = _mm512_mask_cmplt_epu32_mask(lanes, keys, leaf);
        _mm512_mask_compressstoreu_epi32(walk->places + left, goes_on, group->places[v]);
        _mm512_mask_compressstoreu_epi32(walk->rows + left, goes_on, group->rows[v]);
        left += (size_t)__builtin_popcount(goes_on);
    }
    return left;
}

size_t walk_round_avx512(const struct walk *walk, size_t count, uint32_t steps, bool fresh)
{
    size_t left = 0;
    for (size_t first = 0; first < count; first += LANES) {
        struct group group;
        load_group(walk, first, count, fresh, &group);
        for (uint32_t i = 0; i < steps; i++)
#pragma GCC unroll 4
            for (int v = 0; v < VECTORS; v++)
                group.places[v] = step(walk, group.places[v], group.starts[v]);
        left = keep_group(walk, first, count, fresh, &group, left);
    }
    return left;
}
#else
typedef int no_avx512; /* a file is never empty */
#endif
