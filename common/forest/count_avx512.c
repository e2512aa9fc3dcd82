/*
 * What count_lanes.h does, eight vectors of 32 ranks at once.
 *
 * Rows come class by class, and the classes in pairs, as running_add takes them. Counting keeps
 * the sums of all features, and picking scores what the filter lets through: mostly a few cuts of
 * two or three features of a node.
 */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#include "forest/running_avx512.h"

enum { COUNT_SIDE = 8 /* vectors at once */ };

/* The sums of a vector of cuts: those that come out low of an unpacking, and those high. */
struct counted {
    struct running_sums halves[COUNT_SUMS];
};

static inline __m512i count_unpack(__m512i low, __m512i high, int half)
{
    return half ? _mm512_unpackhi_epi16(low, high) : _mm512_unpacklo_epi16(low, high);
}

/* Vectors of cuts: of one feature after another. */
struct counting {
    const uint32_t *twice[COUNT_SIDE]; /* the ranks of each one's feature */
    __m512i ranks[COUNT_SIDE];
};

static inline unsigned count_vectors(const struct count_node *node)
{
    return (node->count + COUNT_VECTOR - 1) / COUNT_VECTOR;
}

static inline __m512i count_ranks(const struct count_node *node, unsigned number, unsigned vector)
{
    return _mm512_load_si512(node->ranks[number] + vector * COUNT_VECTOR);
}

/* The vectors from number `first` on; where there are no more, the last is taken again. */
static inline void count_begin(const struct count_node *node, unsigned first, unsigned all,
                               struct counting *cuts, unsigned sides)
{
    unsigned vectors = count_vectors(node), number = first / vectors, vector = first % vectors;
    for (unsigned side = 0; side < sides; side++) {
        cuts->twice[side] = node->twice[number];
        cuts->ranks[side] = count_ranks(node, number, vector);
        if (first + side + 1 < all && ++vector == vectors) {
            vector = 0;
            number++;
        }
    }
}

/* The weights of a class on the left of each cut. */
static inline void count_class(const struct count_node *node, const struct counting *cuts,
                               uint32_t begin, uint32_t end, __m512i *left, unsigned sides)
{
#pragma GCC unroll 8
    for (unsigned side = 0; side < COUNT_SIDE; side++)
        left[side] = _mm512_setzero_si512();
    for (uint32_t i = begin; i < end; i++) {
        __m512i weight = _mm512_set1_epi32((int)node->weights[i]);
#pragma GCC unroll 8
        for (unsigned side = 0; side < sides; side++) {
            __m512i rank = _mm512_set1_epi32((int)cuts->twice[side][i]);
            __mmask32 is_left = _mm512_cmpge_epu16_mask(cuts->ranks[side], rank);
            left[side] = _mm512_mask_add_epi16(left[side], is_left, left[side], weight);
        }
    }
}

/* Fills the sums of so many vectors, at most COUNT_SIDE. */
static inline void count_sides(const struct count_node *node, const struct counting *cuts,
                               struct counted *counted, unsigned sides)
{
    const struct group *groups = node->groups;
    for (unsigned side = 0; side < 2 * sides; side++)
        counted[side / 2].halves[side % 2] = running_zero();
    for (uint32_t g = 0, begin = 0; g < node->group_count; g += 2) {
        __m512i first[COUNT_SIDE], second[COUNT_SIDE];
        /* An odd one out is paired with a class that no row has. */
        bool paired = g + 1 < node->group_count;
        uint32_t middle = groups[g].end, end = paired ? groups[g + 1].end : middle;
        uint32_t totals = groups[g].total | (paired ? groups[g + 1].total << 16 : 0);
        count_class(node, cuts, begin, middle, first, sides);
        count_class(node, cuts, middle, end, second, sides);
#pragma GCC unroll 8
        for (unsigned side = 0; side < sides; side++)
            for (int half = 0; half < 2; half++)
                running_add(&counted[side].halves[half],
                            count_unpack(first[side], second[side], half),
                            _mm512_set1_epi32((int)totals));
        begin = end;
    }
}

static inline void count_some(const struct count_node *node, unsigned first, unsigned all,
                              struct counted *counted, unsigned sides)
{
    struct counting cuts;
    count_begin(node, first, all, &cuts, sides);
    count_sides(node, &cuts, counted + first, sides);
}

void count_avx512(const struct count_node *node, unsigned features, void *counted)
{
    unsigned all = features * count_vectors(node);
    if (all == 1)
        count_some(node, 0, 1, counted, 1);
    else
        for (unsigned first = 0; first < all; first += COUNT_SIDE)
            count_some(node, first, all, counted, COUNT_SIDE);
}

/* The lowest rank of the node's above `below`, which there is. */
static inline uint32_t count_next(const struct count_node *node, unsigned number, uint32_t below)
{
    const __m512i limit = _mm512_set1_epi16((short)below);
    __m512i lowest = _mm512_set1_epi16(-1);
    for (uint32_t first = 0; first < node->count; first += COUNT_VECTOR) {
        __m512i ranks = count_ranks(node, number, first / COUNT_VECTOR);
        uint32_t left = node->count - first;
        __mmask32 there = left < COUNT_VECTOR ? (1u << left) - 1 : ~0u;
        __mmask32 above = _mm512_mask_cmpgt_epu16_mask(there, ranks, limit);
        lowest = _mm512_mask_min_epu16(lowest, above, lowest, ranks);
    }
    __m256i half =
        _mm256_min_epu16(_mm512_castsi512_si256(lowest), _mm512_extracti64x4_epi64(lowest, 1));
    __m128i quarter =
        _mm_min_epu16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    return (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(quarter)) & UINT16_MAX;
}

/* Scores a vector's cuts that may be better than `least`; returns whether there are any. */
static inline bool count_score(const struct counted *counted, const struct running_whole *whole,
                               __m512i ranks, double least, struct running_best *best)
{
    bool promising = false;
    for (int half = 0; half < 2; half++) {
        const struct running_sums *sums = &counted->halves[half];
        __mmask16 cuts = running_promising(sums, whole, least);
        if (!cuts)
            continue;
        promising = true;
        __m512i places = count_unpack(ranks, _mm512_setzero_si512(), half);
        running_score(sums, whole, places, cuts, best);
    }
    return promising;
}

bool pick_avx512(const struct count_node *node, unsigned number, const void *memory,
                 struct found *found)
{
    unsigned vectors = count_vectors(node);
    const struct counted *counted = (const struct counted *)memory + number * vectors;
    const struct running_whole whole = running_whole_of(&node->whole);
    struct running_best best = running_none();
    bool promising = false;
    for (unsigned vector = 0; vector < vectors; vector++)
        promising |= count_score(&counted[vector], &whole, count_ranks(node, number, vector),
                                 found->score, &best);
    if (!promising)
        return false;
    uint32_t below;
    double score = running_winner(&best, &below);
    if (score > found->score)
        *found = (struct found){score, below, count_next(node, number, below)};
    return true;
}

#endif
