/* Where all fits, or there is no bound, nothing is sorted. */
#include "run/linear_keep.h"

#include "base/memory.h"
#include "linear/tfidf.h"

#include <math.h>
#include <stdlib.h>

struct candidate {
    double worth;
    uint32_t view, feature;
};

/*
 * A string's head has up to 5 bytes. A block's own, about 100, are shared by terms of 1 MiB of
 * text or of numbers.
 */
uint64_t linear_term_bytes(size_t size, uint64_t numbers)
{
    unsigned head = size < 32 ? 1 : size < 256 ? 2 : size < 65536 ? 3 : 5;
    uint64_t bytes = head + size + 4 * numbers;
    return bytes + 1 + bytes / 4096;
}

/* ---- what terms are worth ---- */

static double worth_of(const struct bag *bag, const float *weights, uint32_t feature,
                       uint32_t classes)
{
    double most = 0, held = bag_rows(bag, feature);
    for (uint32_t i = 0; i < classes; i++) {
        double size = fabs((double)weights[(size_t)feature * classes + i]);
        most = size > most ? size : most;
    }
    return most * tfidf_rarity(bag->rows, bag_rows(bag, feature)) * sqrt(held);
}

static int by_worth(const void *left, const void *right)
{
    const struct candidate *l = left, *r = right;
    if (l->worth != r->worth)
        return l->worth > r->worth ? -1 : 1;
    if (l->view != r->view)
        return l->view < r->view ? -1 : 1;
    return (l->feature > r->feature) - (l->feature < r->feature);
}

static size_t list_candidates(const struct bags *bags, const float *const *weights,
                              struct candidate *candidates)
{
    uint32_t classes = (uint32_t)bags->labels.count;
    size_t count = 0;
    for (uint32_t view = 0; view < VIEW_COUNT; view++)
        for (uint32_t i = 0; weights[view] && i < bags->of[view].features; i++)
            candidates[count++] =
                (struct candidate){worth_of(&bags->of[view], weights[view], i, classes), view, i};
    qsort(candidates, count, sizeof *candidates, by_worth);
    return count;
}

/* ---- keeping ---- */

static uint64_t bytes_of(const struct bags *bags, uint32_t view, uint32_t feature)
{
    const struct bag *bag = &bags->of[view];
    return linear_term_bytes(bag_text_size(bag, bag->kept[feature]), 1 + bags->labels.count);
}

/* How many of the candidates fit. */
static size_t count_fitting(const struct bags *bags, const struct candidate *candidates,
                            size_t count, uint64_t bytes)
{
    uint64_t used = 0;
    for (size_t i = 0; i < count; i++) {
        used += bytes_of(bags, candidates[i].view, candidates[i].feature);
        if (used > bytes)
            return i;
    }
    return count;
}

static int ascending(const void *left, const void *right)
{
    const uint32_t *l = left, *r = right;
    return (*l > *r) - (*l < *r);
}

static bool keep_worthiest(const struct bags *bags, const float *const *weights, uint64_t bytes,
                           size_t all, struct kept kept[VIEW_COUNT])
{
    struct candidate *candidates = memory_array(all, sizeof *candidates);
    if (!candidates)
        return false;
    size_t count = list_candidates(bags, weights, candidates);
    count = count_fitting(bags, candidates, count, bytes);
    for (size_t i = 0; i < count; i++) {
        struct kept *of = &kept[candidates[i].view];
        of->features[of->count++] = candidates[i].feature;
    }
    free(candidates);
    for (int view = 0; view < VIEW_COUNT; view++)
        if (kept[view].count)
            qsort(kept[view].features, kept[view].count, sizeof(uint32_t), ascending);
    return true;
}

bool linear_keep(const struct bags *bags, const float *const *weights, uint64_t bytes,
                 struct kept kept[VIEW_COUNT])
{
    size_t all = 0;
    uint64_t needed = 0;
    for (uint32_t view = 0; view < VIEW_COUNT; view++) {
        uint32_t features = weights[view] ? bags->of[view].features : 0;
        kept[view].features = memory_array(features, sizeof(uint32_t));
        if (!kept[view].features)
            return false;
        for (uint32_t i = 0; bytes != UINT64_MAX && i < features; i++)
            needed += bytes_of(bags, view, i);
        all += features;
    }
    if (needed > bytes)
        return keep_worthiest(bags, weights, bytes, all, kept);
    for (int view = 0; view < VIEW_COUNT; view++)
        for (uint32_t i = 0; weights[view] && i < bags->of[view].features; i++)
            kept[view].features[kept[view].count++] = i;
    return true;
}

void linear_keep_free(struct kept kept[VIEW_COUNT])
{
    for (int view = 0; view < VIEW_COUNT; view++)
        free(kept[view].features);
}
