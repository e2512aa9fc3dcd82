/*
 * light: the scan of scan_lanes.h for nodes whose weight is not too large for sums in one word.
 * Internal to it.
 *
 * A row adds to the sums over the left side: w (2l + w) to that of l^2, 2 t w to twice that of t l,
 * and w to the weight, where w is its own weight, l its class's on the left before it, and t its
 * class's total. All three are w times what the class can tell beforehand, so that one product and
 * one addition move a row, if its class holds 2l, 2t and 1 as parts of a word. For that to have
 * room for the sums they begin anew with every block of rows, and what was before is added when
 * they are taken apart.
 *
 * Scores take a division, and few cuts are better than the best so far. A block is scored only if a
 * cut in it may be: where the score's numerator n, which is exact for these nodes, and denominator
 * d are such that n > b d, with b a little less than the best score so far.
 */
#include "base/unroll.h"
#include "forest/lanes.h"

enum {
    LIGHT_ROWS = 32,
    LIGHT_TWICE_AT = 27, /* where the sum of 2 t w begins, above that of w (2l + w) */
    LIGHT_LEFT_AT = 54
};
/* The sums of a block are at most 2 x its weight x that of the node. */
_Static_assert(2ull * LIGHT_ROWS * CODE_MAX_WEIGHT * LIGHT_WEIGHT < 1ull << LIGHT_TWICE_AT &&
                   LIGHT_ROWS * CODE_MAX_WEIGHT < 1 << (64 - LIGHT_LEFT_AT),
               "the sums of a block have room");

/* 2^52 less each sum before a block. */
struct light_state {
    double squares, twice, left;
};

/* The sums of vectors of cuts. */
struct light_cuts {
    lanes_double squares, twice, left;
};

/* Begins with nothing on the left. */
static inline struct light_state light_begin(const struct scan_node *node)
{
    for (uint32_t i = 0; i < node->class_count; i++) {
        uint32_t class = scan_class(node, i);
        uint64_t total = node->total[class];
        node->by_class[class] =
            (struct class_sums){UINT64_C(1) << LIGHT_LEFT_AT | 2 * total << LIGHT_TWICE_AT, 0};
    }
    return (struct light_state){0x1p52, 0x1p52, 0x1p52};
}

/* Puts a weight of a class there, before any row is moved. */
static inline void light_put(const struct scan_node *node, struct light_state *state,
                             uint32_t class, uint32_t weight)
{
    node->by_class[class].even += 2 * (uint64_t)weight;
    state->squares -= (double)weight * weight;
    state->twice -= 2 * (double)node->total[class] * weight;
    state->left -= weight;
}

/* by_class[code_class(code)], whose address is in the code as it is. */
static inline struct class_sums *light_class(struct class_sums *by_class, uint32_t code)
{
    _Static_assert(sizeof *by_class == 1 << CODE_WEIGHT_BITS, "a class is as large as its step");
    return (struct class_sums *)((char *)by_class + (code & ~(uint32_t)CODE_MAX_WEIGHT));
}

/* What a row adds. `own` is the sum that rows at places like this one keep. */
static inline uint64_t light_move(const struct class_sums *class, uint64_t *own, uint64_t weight)
{
    uint64_t sums = class->even + class->odd + weight;
    *own += 2 * weight;
    return weight * sums;
}

/* Moves a block's rows to the left side. */
static inline void light_rows(struct class_sums *by_class, const uint16_t *codes, uint64_t *packed)
{
    uint64_t sums = 0;
    UNROLL(4)
    for (uint32_t i = 0; i < LIGHT_ROWS; i += 2) {
        uint32_t first = codes[i], second = codes[i + 1];
        struct class_sums *even = light_class(by_class, first);
        packed[i] = sums += light_move(even, &even->even, first & CODE_MAX_WEIGHT);
        struct class_sums *odd = light_class(by_class, second);
        packed[i + 1] = sums += light_move(odd, &odd->odd, second & CODE_MAX_WEIGHT);
    }
}

static inline lanes_double light_part(lanes64 part, double before)
{
    return (lanes_double)(part | LANES_MAGIC) - lanes_all(before);
}

enum { LIGHT_MASK = (1 << LIGHT_TWICE_AT) - 1 };

/* The sums of the cuts from this one of the block on. */
static inline struct light_cuts light_take(const struct light_state *state, const uint64_t *packed)
{
    const lanes64 sums = *(const lanes64 *)packed;
    return (struct light_cuts){light_part(sums & LIGHT_MASK, state->squares),
                               light_part(sums >> LIGHT_TWICE_AT & LIGHT_MASK, state->twice),
                               light_part(sums >> LIGHT_LEFT_AT, state->left)};
}

static inline void light_next(struct light_state *state, uint64_t sums)
{
    state->squares -= (double)(int64_t)(sums & LIGHT_MASK);
    state->twice -= (double)(int64_t)(sums >> LIGHT_TWICE_AT & LIGHT_MASK);
    state->left -= (double)(int64_t)(sums >> LIGHT_LEFT_AT);
}

/* Whether a block may have a cut that scores more than `least`. */
static inline bool light_promising(const struct scan_node *node, const struct light_state *state,
                                   const uint64_t *packed, double least)
{
    const lanes_double squares = lanes_all(node->whole.squares);
    const lanes_double weight = lanes_all(node->whole.weight);
    const lanes_double bound = lanes_all(least * (1 - 0x1p-51));
    lanes64 any = {0};
    UNROLL(2)
    for (uint32_t i = 0; i < LIGHT_ROWS; i += LANES_OF(uint64_t)) {
        struct light_cuts cuts = light_take(state, packed + i);
        lanes_double right = weight - cuts.left;
        lanes_double above = cuts.squares * weight + (squares - cuts.twice) * cuts.left;
        any |= (lanes64)(above > bound * (cuts.left * right));
    }
    return lanes_any(any);
}

/* Scores a block's cuts, the first of which is number `first` of the node. */
static inline void light_score(const struct scan_node *node, const struct light_state *state,
                               const uint64_t *packed, uint32_t first, struct found *found)
{
    const lanes_double lowest = lanes_all((double)node->least - 1);
    const lanes_double beyond = lanes_all((double)node->count - node->least);
    struct lanes_best best = lanes_none();
    lanes_double at = lanes_all(first);
    const uint32_t lanes = LANES_OF(uint64_t);
    for (uint32_t i = 0; i < lanes; i++)
        at[i] += i;
    for (uint32_t i = 0; i < LIGHT_ROWS; i += lanes) {
        struct light_cuts cuts = light_take(state, packed + i);
        /* Cut i leaves i + 1 rows on the left. One that may not be has nothing there. */
        lanes64 allowed = (lanes64)(at >= lowest) & (lanes64)(at < beyond);
        lanes_double left = (lanes_double)((lanes64)cuts.left & allowed);
        lanes_double squared = (lanes_double)((lanes64)cuts.squares & allowed);
        lanes_score(&best, &node->whole, squared, cuts.twice * lanes_all(0.5), left, at);
        at += lanes_all(lanes);
    }
    uint32_t place;
    double score = lanes_winner(&best, &place);
    if (score > found->score)
        *found = (struct found){score, place, place};
}

/* Finds the cut that is better than what `found` has, among `count` rows that are in order, with
   `before` in front of them; its `below` is the cut's number. */
static inline void light_scan(const struct scan_node *node, struct light_state *state,
                              uint32_t before, uint32_t count, struct found *found)
{
    uint64_t packed[LIGHT_ROWS] __attribute__((aligned(LANES_MOST)));
    /* Rows of no weight fill the last block. */
    memset(node->sorted + count, 0, LIGHT_ROWS * sizeof *node->sorted);
    for (uint32_t i = 0; i < count; i += LIGHT_ROWS) {
        light_rows(node->by_class, node->sorted + i, packed);
        if (light_promising(node, state, packed, found->score))
            light_score(node, state, packed, before + i, found);
        light_next(state, packed[LIGHT_ROWS - 1]);
    }
}

/* Of all rows. */
static inline void light_sorted(const struct scan_node *node, struct found *found)
{
    struct light_state state = light_begin(node);
    light_scan(node, &state, 0, node->count, found);
}
