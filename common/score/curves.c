/*
 * A class's rows with a probability above 0 are sorted by it once; all others are tied below them.
 * A resample changes how often each row counts, not their order, so that its area is one walk over
 * the sorted rows.
 */
#include "score/curves.h"

#include "base/memory.h"
#include "base/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a float32 in 0 .. 1 the two upper bits are 0. */
enum { ROW_BITS = 32, SHARE_BITS = 30 };

static uint64_t key_of(const struct answers_share *share)
{
    uint32_t bits;
    memcpy(&bits, &share->share, sizeof bits);
    return (uint64_t)bits << ROW_BITS | share->row;
}

/* Puts the shares of each class side by side, in the order of their rows. */
static void gather(const struct answers *answers, struct curves *curves)
{
    size_t before = 0;
    memset(curves->first, 0, (curves->class_count + (size_t)1) * sizeof *curves->first);
    for (size_t i = 0; i < answers->share_count; i++)
        curves->first[answers->shares[i].class]++;
    for (uint32_t class = 0; class <= curves->class_count; class ++) {
        size_t count = curves->first[class];
        curves->first[class] = before;
        before += count;
    }
    for (size_t i = 0; i < answers->share_count; i++)
        curves->keys[curves->first[answers->shares[i].class]++] = key_of(&answers->shares[i]);
    for (uint32_t class = curves->class_count; class > 0; class --)
        curves->first[class] = curves->first[class - 1];
    curves->first[0] = 0;
}

static void find_labels(const struct answers *answers, struct curves *curves)
{
    for (size_t row = 0; row < curves->row_count; row++) {
        struct confusion_pair pair = confusion_pair(&answers->confusion, answers->pairs[row]);
        curves->labels[row] = answers->class_of[pair.label];
    }
}

bool curves_of(const struct answers *answers, struct curves *curves)
{
    *curves = (struct curves){.class_count = (uint32_t)answers->classes.count,
                              .row_count = answers->confusion.rows};
    curves->keys = memory_array(answers->share_count + 1, sizeof *curves->keys);
    curves->first = memory_array(curves->class_count + (size_t)1, sizeof *curves->first);
    curves->labels = memory_array(curves->row_count, sizeof *curves->labels);
    curves->support = memory_array(curves->class_count, sizeof *curves->support);
    if (curves->keys && curves->first && curves->labels && curves->support) {
        gather(answers, curves);
        find_labels(answers, curves);
        curves_weigh(curves, NULL);
        if (radix_sort_runs(curves->keys, curves->first, curves->class_count, ROW_BITS, SHARE_BITS))
            return true;
    }
    curves_free(curves);
    return false;
}

/* ---- areas ---- */

void curves_weigh(struct curves *curves, const uint32_t *weights)
{
    curves->weights = weights;
    curves->rows = 0;
    memset(curves->support, 0, curves->class_count * sizeof *curves->support);
    for (size_t row = 0; row < curves->row_count; row++) {
        uint32_t weight = weights ? weights[row] : 1;
        curves->rows += weight;
        if (curves->labels[row] != WORDS_NONE)
            curves->support[curves->labels[row]] += weight;
    }
}

/* How often rows count, of the class and of the rest. */
struct sides {
    uint64_t own, other;
};

/* The rows of the share that keys[*at] has; `*at` moves behind them. */
static struct sides take_tied(const struct curves *curves, uint32_t class, size_t *at)
{
    struct sides tied = {0};
    uint64_t share = curves->keys[*at] >> ROW_BITS;
    for (; *at < curves->first[class + 1] && curves->keys[*at] >> ROW_BITS == share; ++*at) {
        uint32_t row = (uint32_t)curves->keys[*at];
        uint32_t weight = curves->weights ? curves->weights[row] : 1;
        *(curves->labels[row] == class ? &tied.own : &tied.other) += weight;
    }
    return tied;
}

double curves_area(const struct curves *curves, uint32_t class)
{
    uint64_t own = curves->support[class], other = curves->rows - own;
    struct sides below = {0}; /* of the rows with a share */
    uint64_t half = 0;        /* pairs in order, each counting 2, and equal ones, counting 1 */
    if (own == 0 || other == 0)
        return NAN;
    for (size_t at = curves->first[class]; at < curves->first[class + 1];) {
        struct sides tied = take_tied(curves, class, &at);
        half += tied.own * (2 * below.other + tied.other);
        below.own += tied.own;
        below.other += tied.other;
    }
    uint64_t zeros = other - below.other;
    half += zeros * (2 * below.own + (own - below.own));
    return (double)half / (double)(2 * own * other);
}

struct curves_mean curves_mean(const struct curves *curves)
{
    double sum = 0, weighted = 0;
    uint64_t count = 0, rows = 0;
    for (uint32_t class = 0; class < curves->class_count; class ++) {
        double area = curves_area(curves, class);
        if (isnan(area))
            continue;
        sum += area;
        weighted += area * (double)curves->support[class];
        count++;
        rows += curves->support[class];
    }
    if (count == 0)
        return (struct curves_mean){NAN, NAN};
    return (struct curves_mean){sum / (double)count, weighted / (double)rows};
}

void curves_free(struct curves *curves)
{
    free(curves->keys);
    free(curves->first);
    free(curves->labels);
    free(curves->support);
    *curves = (struct curves){0};
}
