/*
 * Which terms become features, and what is left of a bag then: rows of features, and what terms are
 * made of.
 */
#include "linear/bag.h"

#include "base/memory.h"
#include "linear/row.h"

#include <stdlib.h>

/* ---- selecting ---- */

struct candidate {
    uint64_t times;
    struct text text;
    uint32_t number;
};

static int by_times(const void *left, const void *right)
{
    const struct candidate *l = left, *r = right;
    return l->times != r->times ? (l->times < r->times ? 1 : -1) : text_compare(l->text, r->text);
}

/* Those of the terms that are kept; their texts go to `bytes`. */
static size_t list_candidates(const struct bag *bag, const uint32_t *features,
                              const uint64_t *times, struct candidate *candidates, char *bytes)
{
    size_t count = 0;
    for (uint32_t i = 0; i < bag->count; i++) {
        if (features[i] == BAG_NONE)
            continue;
        char *end = bag_put_text(bag, i, bytes);
        candidates[count++] = (struct candidate){times[i], {bytes, (size_t)(end - bytes)}, i};
        bytes = end;
    }
    return count;
}

/* Marks as not kept all but the `most` that occur most often. */
static bool keep_most(const struct bag *bag, uint32_t *features, size_t most)
{
    size_t size = 0;
    for (uint32_t i = 0; i < bag->count; i++)
        size += features[i] == BAG_NONE ? 0 : bag_text_size(bag, i);
    struct candidate *candidates = memory_array(bag->count, sizeof *candidates);
    char *bytes = memory_array(size, 1);
    uint64_t *times = bag_times(bag);
    bool done = candidates && bytes && times;
    if (done) {
        size_t count = list_candidates(bag, features, times, candidates, bytes);
        qsort(candidates, count, sizeof *candidates, by_times);
        for (size_t i = most; i < count; i++)
            features[candidates[i].number] = BAG_NONE;
    }
    free(candidates);
    free(bytes);
    free(times);
    return done;
}

/*
 * Numbers what is kept, first the `shared` terms that several rows hold. Which of the two a term is
 * is as good as random, so that nothing branches on it.
 */
static void number_features(struct bag *bag, const uint32_t *rows, uint32_t *features,
                            uint32_t shared)
{
    uint32_t next[2] = {0, shared};
    for (uint32_t i = 0; i < bag->count; i++) {
        if (features[i] == BAG_NONE)
            continue;
        bool lone = rows[i] == 1;
        uint32_t feature = next[lone]++;
        bag->kept[feature] = i;
        bag->held[feature] = rows[i];
        features[i] = feature;
    }
    bag->features = next[1];
    bag->lone = next[1] - shared;
}

static uint32_t count_shared(const struct bag *bag, const uint32_t *rows, const uint32_t *features)
{
    uint32_t shared = 0;
    for (uint32_t i = 0; i < bag->count; i++)
        shared += (features[i] != BAG_NONE) & (rows[i] > 1);
    return shared;
}

/* Leaves the entries of features. */
static void drop_entries(struct bag *bag, const uint32_t *features)
{
    size_t to = 0, from = 0;
    for (size_t row = 0; row < bag->rows; row++) {
        for (; from < bag->begin[row + 1]; from++) {
            uint32_t feature = features[bag->feature[from]];
            bag->feature[to] = feature;
            bag->value[to] = bag->value[from];
            to += feature != BAG_NONE;
        }
        bag->begin[row + 1] = to;
    }
    bag->entries = to;
}

/* ---- ascending order ---- */

size_t bag_longest_row(const struct bag *bag, size_t first, size_t end)
{
    size_t longest = 0;
    for (size_t row = first; row < end; row++)
        if (bag->begin[row + 1] - bag->begin[row] > longest)
            longest = bag->begin[row + 1] - bag->begin[row];
    return longest;
}

bool bag_sort_rows(struct bag *bag, size_t first, size_t end)
{
    unsigned bits = row_bits(bag->features);
    uint64_t *keys = memory_array(bag_longest_row(bag, first, end), 2 * sizeof *keys);
    if (!keys)
        return false;
    for (size_t row = first; row < end; row++) {
        size_t start = bag->begin[row];
        row_sort(bag->feature + start, bag->value + start, bag->begin[row + 1] - start, bits, keys);
    }
    free(keys);
    return true;
}

/* What is left is read only. */
static void give_back(struct bag *bag)
{
    free(bag->by_word);
    bag->by_word = NULL;
    bag->words_capacity = 0;
    memory_shrink(&bag->grams, &bag->grams_capacity, bag->count, sizeof *bag->grams);
    memory_shrink(&bag->begin, &bag->begin_capacity, bag->rows + 1, sizeof *bag->begin);
    memory_shrink(&bag->feature, &bag->feature_capacity, bag->entries, sizeof *bag->feature);
    memory_shrink(&bag->value, &bag->value_capacity, bag->entries, sizeof *bag->value);
}

/* Where no row was added there are none. */
static bool begin_rows(struct bag *bag)
{
    if (!bag->begin)
        bag->begin = calloc(1, sizeof *bag->begin);
    return bag->begin;
}

/* A row has one entry of a term. NULL when memory is out. */
static uint32_t *count_rows(const struct bag *bag)
{
    uint32_t *rows = calloc((size_t)bag->count + 1, sizeof *rows);
    for (size_t i = 0; rows && i < bag->entries; i++)
        rows[bag->feature[i]]++;
    return rows;
}

bool bag_select(struct bag *bag, uint32_t least_rows, uint32_t most_features)
{
    uint32_t *features = memory_array(bag->count, sizeof *features), *rows = count_rows(bag);
    bag->kept = memory_array(bag->count, sizeof *bag->kept);
    bag->held = memory_array(bag->count, sizeof *bag->held);
    bool done = features && rows && bag->kept && bag->held && begin_rows(bag);
    size_t count = 0;
    for (uint32_t i = 0; done && i < bag->count; i++) {
        bool enough = rows[i] >= least_rows;
        features[i] = enough ? 0 : BAG_NONE;
        count += enough;
    }
    done = done && (count <= most_features || keep_most(bag, features, most_features));
    if (done) {
        number_features(bag, rows, features, count_shared(bag, rows, features));
        drop_entries(bag, features);
        give_back(bag);
    }
    free(features);
    free(rows);
    return done;
}

void bag_drop_rows(struct bag *bag)
{
    bag->rows = bag->entries = 0;
    free(bag->begin);
    bag->begin = NULL;
    bag->begin_capacity = 0;
    give_back(bag);
}
