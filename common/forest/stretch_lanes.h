/*
 * stretch: a feature's ranks in stretches, of which those are passed by that hold no better cut
 * than there is, whatever the order within. Included, once, by the files that compile it for an
 * instruction set.
 *
 * With t the weights of the classes, T their sum, l and L those on the left of a cut and R = T - L,
 * a cut scores sum(t^2) / T + T sum(e^2) / (L R), where e = l - t L / T: how far the left side is
 * from one in which the classes are mixed as in all. Of a stretch that has the weights c, C in all,
 * and begins with e, no e is above e + c - t c / T, which all rows of the class and no others make
 * of it, nor below e - t (C - c) / T, which all others make of it. And L R is nowhere less than at
 * one of its ends.
 *
 * At the first cuts L is as little as a row's weight. But abs(e) is at most L max(t, T - t) / T,
 * too, so that L divides one factor of each square; and at the last ones R does.
 *
 * So are sums of the stretches enough, which need no order. Where two of them meet there is a cut,
 * and its score is one that others have to reach: then few are left, even of the first feature.
 * Those are mostly next to each other: a run, of which alone the rows are put in order.
 *
 * Sums are by class, then by stretch, so that as many stretches as a vector has lanes are bounded
 * at once and no sum goes over lanes. Bounds are compared in float32, with room for all that is
 * rounded: e is off by less than 0.01.
 */
#ifndef FOREST_STRETCH_LANES_H
#define FOREST_STRETCH_LANES_H

#include "base/unroll.h"
#include "forest/lanes.h"
#include "forest/order.h"

enum {
    STRETCH_LEAST = 256,            /* rows of a node from which it pays */
    STRETCH_ROWS = 8,               /* of a node in each stretch, about, or up to twice as many, */
    STRETCH_MOST = 256,             /* but no more stretches than that */
    STRETCH_NEAR = 2,               /* runs are one that begin so soon after each other */
    STRETCHES = LANES_OF(uint32_t), /* that are bounded at once */
    STRETCH_ROW = 1 << 16           /* what counts a row, beside its weight */
};
_Static_assert((int)FEW_WEIGHT < (int)STRETCH_ROW, "weights do not reach what counts rows");

/* The stretches of a feature. Those up to a multiple of STRETCHES are there, without a row. */
struct stretches {
    uint32_t shift; /* each has 2^shift ranks */
    uint32_t count;
    float gain; /* the least that a better cut has, see gain_of_score */
    float most[STRETCH_MOST] __attribute__((aligned(LANES_MOST))); /* at most, any cut of it */
    /* By class and stretch: the weight of its rows and STRETCH_ROW for each of them; then, of all
       that come before. */
    uint32_t sums[FEW_CLASSES][STRETCH_MOST] __attribute__((aligned(LANES_MOST)));
};

/* Whether a feature is taken in stretches: one that varies, as so many distinct ranks do. */
static inline bool stretch_takes(const struct scan_node *node, const struct rank_column *column)
{
    return node->count >= STRETCH_LEAST && node->whole.weight <= FEW_WEIGHT &&
           node->class_count <= FEW_CLASSES && node->count - 1 > column->span;
}

/* ---- sums ---- */

/* What each row adds to a sum. With arrays of its own and a number that it knows a compiler makes
   vector code. */
static inline void stretch_adds(const struct scan_node *node)
{
    enum { STEP = 16 };
    uint32_t i = 0;
    for (; i + STEP <= node->count; i += STEP) {
        uint16_t codes[STEP];
        uint32_t adds[STEP];
        memcpy(codes, node->codes + i, sizeof codes);
        for (unsigned k = 0; k < STEP; k++)
            adds[k] = STRETCH_ROW | code_weight(codes[k]);
        memcpy(node->adds + i, adds, sizeof adds);
    }
    for (; i < node->count; i++)
        node->adds[i] = STRETCH_ROW | code_weight(node->codes[i]);
}

/* Notes in which stretch each row is. */
static inline __attribute__((always_inline)) void stretch_find(const struct stretches *stretches,
                                                               const struct scan_node *node,
                                                               const void *ranks, bool wide)
{
    const uint32_t *rows = node->rows;
    const uint32_t shift = stretches->shift, count = node->count;
    uint8_t *number = node->number;
    UNROLL(4)
    for (uint32_t i = 0; i < count; i++)
        number[i] = (uint8_t)(rank_of(ranks, wide, rows[i]) >> shift);
}

/* Sums up the rows, which come class by class. In a loop of its own: a sum that is loaded has to
   wait for the addresses of those that are stored before, and these are near at hand here. */
static inline void stretch_sum(struct stretches *stretches, const struct scan_node *node)
{
    const uint32_t *adds = node->adds;
    const uint8_t *number = node->number;
    for (uint32_t class = 0, i = 0; class < node->class_count; class ++) {
        uint32_t *sums = stretches->sums[class];
        const uint32_t end = node->end[class];
        UNROLL(4)
        for (; i < end; i++)
            sums[number[i]] += adds[i];
    }
}

/* ---- bounds ---- */

/* What sum(e^2) / (L R) has to be for such a score, or somewhat less. */
static inline float gain_of_score(const struct scan_node *node, double score)
{
    const double weight = node->whole.weight;
    const double gain = (score * (1 - 0x1p-40) - node->whole.squares / weight) / weight;
    return gain > 0 ? (float)(gain * (1 - 0x1p-10)) : -1;
}

static inline lanes_float stretch_weights(lanes32 sums)
{
    const lanes_int weights = (lanes_int)(sums & (STRETCH_ROW - 1));
    lanes_float floats = {0};
    LANES_CONVERT(floats, weights);
    return floats;
}

/* Sums of some stretches, and of all before where each begins, and where it ends. */
struct stretch_step {
    lanes32 own, begin, end;
};

/* `before` is the sum of all before the first, and becomes that of all up to the last. */
static inline struct stretch_step stretch_step_of(lanes32 own, uint32_t *before)
{
    const lanes32 end = lanes_prefix(own) + *before;
    *before = end[STRETCHES - 1];
    return (struct stretch_step){own, end - own, end};
}

/* What the classes of some stretches have in common. */
struct stretch_bound {
    lanes_float own, begin, end; /* weights: C, and L where they begin, and where they end */
    lanes_int inside;            /* neither is 0, nor R: a mask */
    lanes_float most, squares;   /* the sum of e^2 at most, anywhere in them; and at their ends */
};

static inline struct stretch_bound bound_begin(const struct stretch_step *step, lanes_float all)
{
    struct stretch_bound bound = {.own = stretch_weights(step->own),
                                  .begin = stretch_weights(step->begin),
                                  .end = stretch_weights(step->end)};
    bound.inside = (bound.begin > 0) & (bound.end < all);
    return bound;
}

/* Adds a class; at the first cuts, and the last ones, one factor of a square is without L or R. */
static inline void bound_class(struct stretch_bound *to, const struct stretch_step *step,
                               float share, float reach)
{
    const lanes_float own = stretch_weights(step->own), before = stretch_weights(step->begin);
    const lanes_float begin = before - share * to->begin, end = before + own - share * to->end;
    const lanes_float up = begin + own, down = share * to->own - begin;
    const lanes_float far = float_most(up, down) - share * own + 0x1p-4f;
    to->most += far * float_select(to->inside, far, float_all(reach));
    to->squares += end * end;
}

/* L R at least, or R or L alone. */
static inline lanes_float bound_least(const struct stretch_bound *bound, lanes_float all)
{
    const lanes_float right = all - bound->end;
    const lanes_float first = bound->begin * (all - bound->begin), last = bound->end * right;
    const lanes_float least = float_select(first < last, first, last);
    return float_select(bound->inside, least, float_select(bound->begin > 0, bound->begin, right));
}

/* What a cut gains at the end of each of these stretches, or a little less; or `gain`, if that is
   more, or too few rows are on either side. */
static inline lanes_float bound_gain(const struct stretch_bound *bound,
                                     const struct stretch_step *step, const struct scan_node *node,
                                     lanes_float all, lanes_float gain)
{
    const int32_t enough = node->least < node->count ? (int32_t)node->least : (int32_t)node->count;
    const int32_t least = enough > 1 ? enough : 1;
    const lanes_int rows = (lanes_int)(step->end / STRETCH_ROW);
    const lanes_int cut = (rows >= least) & ((int32_t)node->count - rows >= least);
    const lanes_float product = bound->end * (all - bound->end);
    const lanes_float here = (bound->squares * (1 - 0x1p-9f) - 4) / product;
    return float_select(cut & (here > gain), here, gain);
}

static inline float float_highest(lanes_float lanes)
{
    float highest = lanes[0];
    for (unsigned i = 1; i < LANES_OF(float); i++)
        highest = lanes[i] > highest ? lanes[i] : highest;
    return highest;
}

/* Bounds what the cuts of each stretch gain. */
static inline void stretch_bounds(struct stretches *stretches, const struct scan_node *node)
{
    const struct stretch_shares *of = &node->shares;
    const lanes_float all = float_all((float)node->whole.weight);
    lanes_float gain = float_all(stretches->gain);
    uint32_t before_all = 0, before[FEW_CLASSES] = {0};
    for (uint32_t i = 0; i < stretches->count; i += STRETCHES) {
        lanes32 own = {0};
        for (uint32_t class = 0; class < node->class_count; class ++)
            own += *(const lanes32 *)(stretches->sums[class] + i);
        const struct stretch_step step = stretch_step_of(own, &before_all);
        struct stretch_bound bound = bound_begin(&step, all);
        for (uint32_t class = 0; class < node->class_count; class ++) {
            lanes32 *sums = (lanes32 *)(stretches->sums[class] + i);
            const struct stretch_step of_class = stretch_step_of(*sums, &before[class]);
            *sums = of_class.begin;
            bound_class(&bound, &of_class, of->share[class], of->reach[class]);
        }
        *(lanes_float *)(stretches->most + i) = bound.most / bound_least(&bound, all);
        gain = bound_gain(&bound, &step, node, all, gain);
    }
    stretches->gain = float_highest(gain);
}

/* ---- all of it ---- */

/* What all features of a node have in common. */
static inline void shares_begin(struct scan_node *node)
{
    struct stretch_shares *shares = &node->shares;
    const float weight = (float)node->whole.weight;
    for (uint32_t class = 0; class < node->class_count; class ++) {
        const float share = (float)scan_total(node, class) / weight;
        shares->share[class] = share;
        shares->reach[class] = share < 0.5f ? 1 - share : share;
    }
    while ((uint64_t)node->count << shares->shift < (uint64_t)STRETCH_ROWS * node->ranks ||
           (node->ranks - 1) >> shares->shift >= STRETCH_MOST)
        shares->shift++;
    shares->known = true;
    stretch_adds(node);
}

/* The stretches of a feature, for cuts that score more than `score`. */
static inline void stretches_begin(struct stretches *stretches, struct scan_node *node,
                                   const struct rank_column *column, double score)
{
    if (!node->shares.known)
        shares_begin(node);
    stretches->shift = node->shares.shift;
    stretches->count = ((node->ranks - 1) >> stretches->shift) + 1;
    stretches->gain = gain_of_score(node, score);
    const size_t room = (stretches->count + STRETCHES - 1) / STRETCHES * STRETCHES;
    for (uint32_t class = 0; class < node->class_count; class ++)
        memset(stretches->sums[class], 0, room * sizeof *stretches->sums[class]);
    if (column->wide)
        stretch_find(stretches, node, column->rank, true);
    else
        stretch_find(stretches, node, column->rank, false);
    stretch_sum(stretches, node);
    stretch_bounds(stretches, node);
}

/* ---- runs ---- */

struct stretch_run {
    uint32_t first, last; /* stretches */
    uint32_t first_rank, last_rank;
};

static inline bool stretch_open(const struct stretches *stretches, uint32_t number)
{
    return !(stretches->most[number] < stretches->gain);
}

/* Finds the next one from a stretch on. False: there is none. */
static inline bool run_next(const struct stretches *stretches, uint32_t first,
                            struct stretch_run *run)
{
    while (first < stretches->count && !stretch_open(stretches, first))
        first++;
    run->first = run->last = first;
    for (uint32_t i = first + 1; i < stretches->count && i <= run->last + STRETCH_NEAR; i++)
        if (stretch_open(stretches, i))
            run->last = i;
    run->first_rank = run->first << stretches->shift;
    run->last_rank = ((run->last + 1) << stretches->shift) - 1;
    return first < stretches->count;
}

/* The words of the bitmap of ranks that a run has: from run_word on, up to run_end. */
static inline size_t run_word(const struct stretch_run *run)
{
    return run->first_rank / 64;
}

static inline size_t run_end(const struct scan_node *node, const struct stretch_run *run)
{
    const size_t words = ranks_words(node->ranks), end = run->last_rank / 64 + 1;
    return end < words ? end : words;
}

/*
 * Tells of what was found in a run, as its cut's number in the node, which ranks it parts: of
 * `count` rows of the run, and `before` in front of it. The rank above a cut at the run's end is
 * not told. The best cut of all is at no run's end: it is the one at which the next stretch begins,
 * too, which is bounded by it, and so would be open and in the run; as would be, of stretches
 * without a row, the one behind these.
 */
static inline void run_neighbours(const struct scan_node *node, const struct stretch_run *run,
                                  uint32_t before, uint32_t count, struct found *found)
{
    found->below -= before;
    order_neighbours(node, run_word(run), found->below + 1 == count, found);
}

/* Looks through a run for a cut that is better than what was found; `column` is the feature's. */
typedef void run_scanner(const struct scan_node *node, const struct rank_column *column,
                         const struct stretches *stretches, const struct stretch_run *run,
                         struct found *found);

/* Finds the cut that is better than what `found` has, by runs. */
static inline __attribute__((always_inline)) void stretches_scan(struct scan_node *node,
                                                                 const struct rank_column *column,
                                                                 run_scanner *scan_run,
                                                                 struct found *found)
{
    struct stretches stretches;
    struct stretch_run run;
    stretches_begin(&stretches, node, column, found->score);
    for (uint32_t from = 0; from < stretches.count; from = run.last + 1) {
        const bool some = run_next(&stretches, from, &run);
        node->passed |= run.first > from;
        if (!some)
            break;
        scan_run(node, column, &stretches, &run, found);
    }
}

#endif
