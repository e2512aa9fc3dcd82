/*
 * Sixteen walkers to a vector, and several vectors side by side, for a step has two gathers one
 * after the other. The first levels of the tree, which all take, are looked up in registers, so
 * that only the keys of the samples have to be gathered there.
 */
#include "vote/walk.h"

#ifdef __AVX512VBMI2__

#include "base/unroll.h"

#include <immintrin.h>

enum { WIDTH = 16, VECTORS = 4, LANES = VECTORS * WIDTH };
enum { TOP_LEVELS = 4, TOP_NODES = (1 << TOP_LEVELS) - 1 };

/*
 * Nodes breadth first: node i's children are 2i + 1 and 2i + 2. Behind the last level are the
 * places that it leads to.
 */
struct top {
    __m512i features, keys, ends;
};

/* Those on their way, in registers. */
struct group {
    __m512i places[VECTORS], rows[VECTORS];
    __m512i starts[VECTORS]; /* of their keys */
};

/* ---- gathers ---- */

/*
 * All lanes, made from what a compiler can't know: that there are features. Where it sees that a
 * mask is full it leaves out to clear the register that the lanes are put into, and the gather
 * waits for whatever was there before.
 */
static inline __mmask16 all_of(const struct walk *walk)
{
    return walk->dim ? 0xffff : 0;
}

static inline __m512i gather_32(__mmask16 all, __m512i at, const void *from, const int scale)
{
    const __m512i none = _mm512_setzero_si512();
    return scale == 4 ? _mm512_mask_i32gather_epi32(none, all, at, from, 4)
                      : _mm512_mask_i32gather_epi32(none, all, at, from, 8);
}

static inline __m512i gather_nodes(__mmask16 all, __m256i at, const struct packed_node *nodes)
{
    return _mm512_mask_i32gather_epi64(_mm512_setzero_si512(), (__mmask8)all, at, nodes, 8);
}

/* ---- groups ---- */

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
    const __m512i dim = _mm512_set1_epi32((int)walk->dim);
    UNROLL(4)
    for (size_t v = 0, at = first; v < VECTORS; v++, at += WIDTH) {
        __mmask16 lanes = lanes_of(at, count);
        group->places[v] =
            fresh ? _mm512_setzero_si512() : _mm512_maskz_loadu_epi32(lanes, walk->places + at);
        group->rows[v] = _mm512_maskz_loadu_epi32(lanes, (fresh ? walk->fresh : walk->rows) + at);
        group->starts[v] = _mm512_mullo_epi32(group->rows[v], dim);
    }
}

/* Whether these are all samples, whose codes then lie side by side. */
static inline bool all_fresh(const struct walk *walk, size_t count, bool fresh)
{
    return fresh && walk->fresh[count - 1] == count - 1;
}

/* Notes the codes, and puts those that go on behind the `left` who do already. */
static inline size_t keep_group(const struct walk *walk, size_t first, size_t count, bool in_row,
                                const struct group *group, size_t left)
{
    const __m512i leaf = _mm512_set1_epi32((int)PACKED_LEAF);
    const __mmask16 all = all_of(walk);
    UNROLL(4)
    for (size_t v = 0, at = first; v < VECTORS; v++, at += WIDTH) {
        __mmask16 lanes = lanes_of(at, count);
        __m512i keys = gather_32(all, group->places[v], &walk->nodes[0].key, 8);
        __m512i codes = _mm512_andnot_si512(leaf, keys);
        if (in_row)
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

/* ---- steps ---- */

/* Where those at `places`, whose keys start at `starts`, go. */
static inline __m512i step(const struct walk *walk, __mmask16 all, __m512i places, __m512i starts)
{
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    __m512i first = gather_nodes(all, _mm512_castsi512_si256(places), walk->nodes);
    __m512i last = gather_nodes(all, _mm512_extracti64x4_epi64(places, 1), walk->nodes);
    __m512i thresholds = _mm512_permutex2var_epi32(first, even, last);
    __m512i where = _mm512_permutex2var_epi32(first, odd, last);
    __m512i features = _mm512_and_si512(where, _mm512_set1_epi32((int)walk->feature_mask));
    __m512i keys = gather_32(all, _mm512_add_epi32(starts, features), walk->keys, 4);
    __m512i right = _mm512_srl_epi32(where, _mm_cvtsi32_si128((int)walk->feature_bits));
    __mmask16 goes_left = _mm512_cmple_epu32_mask(keys, thresholds);
    return _mm512_mask_sub_epi32(right, goes_left, right, _mm512_set1_epi32(1));
}

/* A leaf's children are itself. */
static struct top top_of(const struct walk *walk)
{
    uint32_t features[WIDTH] = {0}, keys[WIDTH] = {0}, places[2 * TOP_NODES + 1] = {0};
    for (int i = 0; i < TOP_NODES; i++) {
        const struct packed_node *node = &walk->nodes[places[i]];
        uint32_t right = node->where >> walk->feature_bits;
        features[i] = node->where & walk->feature_mask;
        keys[i] = node->key;
        places[2 * i + 1] = right - 1;
        places[2 * i + 2] = node->key < PACKED_LEAF ? right : right - 1;
    }
    return (struct top){_mm512_loadu_si512(features), _mm512_loadu_si512(keys),
                        _mm512_loadu_si512(places + TOP_NODES)};
}

/* TOP_LEVELS steps from the root. */
static inline void walk_top(const struct walk *walk, const struct top *top, struct group *group)
{
    const __m512i one = _mm512_set1_epi32(1), behind = _mm512_set1_epi32(TOP_NODES);
    const __mmask16 all = all_of(walk);
    __m512i at[VECTORS] = {0};
    for (int level = 0; level < TOP_LEVELS; level++) {
        UNROLL(4)
        for (int v = 0; v < VECTORS; v++) {
            __m512i features = _mm512_permutexvar_epi32(at[v], top->features);
            __m512i thresholds = _mm512_permutexvar_epi32(at[v], top->keys);
            __m512i keys =
                gather_32(all, _mm512_add_epi32(group->starts[v], features), walk->keys, 4);
            __m512i left = _mm512_add_epi32(_mm512_add_epi32(at[v], at[v]), one);
            __mmask16 goes_right = _mm512_cmpgt_epu32_mask(keys, thresholds);
            at[v] = _mm512_mask_add_epi32(left, goes_right, left, one);
        }
    }
    UNROLL(4)
    for (int v = 0; v < VECTORS; v++)
        group->places[v] = _mm512_permutexvar_epi32(_mm512_sub_epi32(at[v], behind), top->ends);
}

static size_t walk_round_avx512(const struct walk *walk, size_t count, uint32_t steps, bool fresh)
{
    const bool by_top = fresh && steps >= TOP_LEVELS;
    const struct top top = by_top ? top_of(walk) : (struct top){0};
    const __mmask16 all = all_of(walk);
    const bool in_row = all_fresh(walk, count, fresh);
    size_t left = 0;
    walk->account->rounds++;
    walk->account->topped += by_top;
    if (by_top)
        steps -= TOP_LEVELS;
    for (size_t first = 0; first < count; first += LANES) {
        struct group group;
        load_group(walk, first, count, fresh, &group);
        if (by_top)
            walk_top(walk, &top, &group);
        for (uint32_t i = 0; i < steps; i++) {
            UNROLL(4)
            for (int v = 0; v < VECTORS; v++)
                group.places[v] = step(walk, all, group.places[v], group.starts[v]);
        }
        left = keep_group(walk, first, count, in_row, &group, left);
    }
    return left;
}
const struct walk_kernel walk_avx512 = {
    .name = "avx512",
    .round = walk_round_avx512,
};

#endif
