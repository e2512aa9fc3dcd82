/*
 * A term's entry in the row in hand is found by a place that the term remembers: it holds if it
 * lies behind the row's begin and the entry there is the term's. So nothing is cleared between
 * rows.
 */
#include "linear/bag.h"

#include "base/memory.h"
#include "linear/row.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ROWS (UINT32_MAX - 1)

/* ---- filling ---- */

static bool reserve_terms(struct bag *bag, size_t count)
{
    return memory_reserve(&bag->terms, &bag->terms_capacity, count, sizeof *bag->terms);
}

static bool reserve_entries(struct bag *bag, size_t more)
{
    return memory_reserve(&bag->feature, &bag->feature_capacity, bag->entries + more,
                          sizeof *bag->feature) &&
           memory_reserve(&bag->value, &bag->value_capacity, bag->entries + more,
                          sizeof *bag->value);
}

static bool reserve_rows(struct bag *bag, size_t more)
{
    if (more > MOST_ROWS - bag->rows || !memory_reserve(&bag->begin, &bag->begin_capacity,
                                                        bag->rows + more + 1, sizeof *bag->begin))
        return false;
    bag->begin[0] = 0;
    return true;
}

static uint64_t row_start(const struct bag *bag)
{
    return bag->begin ? bag->begin[bag->rows] : 0;
}

static void put_entry(struct bag *bag, uint32_t number)
{
    bag->terms[number].place = bag->entries;
    bag->terms[number].rows++;
    bag->feature[bag->entries] = number;
    bag->value[bag->entries++] = 1;
}

bool bag_add(struct bag *bag, struct text term, uint64_t hash)
{
    bool added;
    uint32_t number = words_add_hashed(&bag->words, term, hash, &added);
    if (number == WORDS_NONE || !reserve_terms(bag, bag->words.count) || !reserve_entries(bag, 1))
        return false;
    struct bag_term *counted = &bag->terms[number];
    if (added)
        *counted = (struct bag_term){0};
    counted->times++;
    uint64_t place = counted->place;
    if (place >= row_start(bag) && place < bag->entries && bag->feature[place] == number)
        bag->value[place]++;
    else
        put_entry(bag, number);
    return true;
}

bool bag_end_row(struct bag *bag)
{
    if (!reserve_rows(bag, 1))
        return false;
    bag->begin[++bag->rows] = bag->entries;
    return true;
}

void bag_clear(struct bag *bag)
{
    words_free(&bag->words);
    bag->rows = bag->entries = 0;
}

/* ---- joining ---- */

/* The hashes of the terms ahead, whose places in a table are fetched before they are needed. */
enum { AHEAD = 16, HALFWAY = AHEAD / 2 };

static void look_ahead(const struct bag *to, const struct bag *from, uint32_t i,
                       uint64_t hashes[AHEAD])
{
    if (i < from->words.count) {
        struct text term = words_text(&from->words, i);
        hashes[i % AHEAD] = words_hash(term.data, term.size);
        words_prefetch(&to->words, hashes[i % AHEAD]);
    }
    if (i >= HALFWAY && i - HALFWAY < from->words.count)
        words_prefetch_text(&to->words, hashes[(i - HALFWAY) % AHEAD]);
}

/* The numbers that the terms of `from` have in `to`, which gets the new ones. */
static bool join_terms(struct bag *to, const struct bag *from, uint32_t *numbers)
{
    uint64_t hashes[AHEAD];
    for (uint32_t i = 0; i < AHEAD - 1; i++)
        look_ahead(to, from, i, hashes);
    for (uint32_t i = 0; i < from->words.count; i++) {
        bool added;
        look_ahead(to, from, i + AHEAD - 1, hashes);
        uint32_t number =
            words_add_hashed(&to->words, words_text(&from->words, i), hashes[i % AHEAD], &added);
        if (number == WORDS_NONE || !reserve_terms(to, to->words.count))
            return false;
        if (added)
            to->terms[number] = (struct bag_term){0};
        to->terms[number].times += from->terms[i].times;
        to->terms[number].rows += from->terms[i].rows;
        numbers[i] = number;
    }
    return true;
}

static void join_rows(struct bag *to, const struct bag *from, const uint32_t *numbers)
{
    for (size_t row = 1; row <= from->rows; row++)
        to->begin[to->rows + row] = to->entries + from->begin[row];
    for (size_t i = 0; i < from->entries; i++)
        to->feature[to->entries + i] = numbers[from->feature[i]];
    if (from->entries)
        memcpy(to->value + to->entries, from->value, from->entries * sizeof *to->value);
    to->rows += from->rows;
    to->entries += from->entries;
}

bool bag_join(struct bag *to, const struct bag *from, uint32_t **numbers, size_t *capacity)
{
    if (!memory_reserve(numbers, capacity, from->words.count, sizeof **numbers) ||
        !join_terms(to, from, *numbers) || !reserve_rows(to, from->rows) ||
        !reserve_entries(to, from->entries))
        return false;
    join_rows(to, from, *numbers);
    return true;
}

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

/* Marks as not kept all but the `most` that occur most often. */
static bool keep_most(const struct bag *bag, uint32_t *features, size_t most)
{
    struct candidate *candidates = memory_array(bag->words.count, sizeof *candidates);
    size_t count = 0;
    if (!candidates)
        return false;
    for (uint32_t i = 0; i < bag->words.count; i++)
        if (features[i] != WORDS_NONE)
            candidates[count++] =
                (struct candidate){bag->terms[i].times, words_text(&bag->words, i), i};
    qsort(candidates, count, sizeof *candidates, by_times);
    for (size_t i = most; i < count; i++)
        features[candidates[i].number] = WORDS_NONE;
    free(candidates);
    return true;
}

/* Numbers what is kept of the terms that one row holds, or of those that several hold. */
static void number_part(struct bag *bag, uint32_t *features, bool lone)
{
    for (uint32_t i = 0; i < bag->words.count; i++) {
        if (features[i] == WORDS_NONE || (bag->terms[i].rows == 1) != lone)
            continue;
        bag->kept[bag->features] = i;
        bag->held[bag->features] = bag->terms[i].rows;
        features[i] = bag->features++;
    }
}

static void number_features(struct bag *bag, uint32_t *features)
{
    number_part(bag, features, false);
    uint32_t shared = bag->features;
    number_part(bag, features, true);
    bag->lone = bag->features - shared;
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
            to += feature != WORDS_NONE;
        }
        bag->begin[row + 1] = to;
    }
    bag->entries = to;
}

/* ---- ascending order ---- */

static bool sort_rows(struct bag *bag)
{
    size_t longest = 0;
    unsigned bits = row_bits(bag->features);
    for (size_t row = 0; row < bag->rows; row++)
        if (bag->begin[row + 1] - bag->begin[row] > longest)
            longest = bag->begin[row + 1] - bag->begin[row];
    uint64_t *keys = memory_array(longest, 2 * sizeof *keys);
    if (!keys)
        return false;
    for (size_t row = 0; row < bag->rows; row++) {
        size_t start = bag->begin[row];
        row_sort(bag->feature + start, bag->value + start, bag->begin[row + 1] - start, bits, keys);
    }
    free(keys);
    return true;
}

/* What is left is read only. */
static void give_back(struct bag *bag)
{
    words_seal(&bag->words);
    free(bag->terms);
    bag->terms = NULL;
    bag->terms_capacity = 0;
    memory_shrink(&bag->begin, &bag->begin_capacity, bag->rows + 1, sizeof *bag->begin);
    memory_shrink(&bag->feature, &bag->feature_capacity, bag->entries, sizeof *bag->feature);
    memory_shrink(&bag->value, &bag->value_capacity, bag->entries, sizeof *bag->value);
}

bool bag_select(struct bag *bag, uint32_t least_rows, uint32_t most_features)
{
    uint32_t *features = memory_array(bag->words.count, sizeof *features);
    bag->kept = memory_array(bag->words.count, sizeof *bag->kept);
    bag->held = memory_array(bag->words.count, sizeof *bag->held);
    bool done = features && bag->kept && bag->held && reserve_rows(bag, 0);
    size_t count = 0;
    for (uint32_t i = 0; done && i < bag->words.count; i++) {
        bool enough = bag->terms[i].rows >= least_rows;
        features[i] = enough ? 0 : WORDS_NONE;
        count += enough;
    }
    done = done && (count <= most_features || keep_most(bag, features, most_features));
    if (done) {
        number_features(bag, features);
        drop_entries(bag, features);
        give_back(bag);
    }
    free(features);
    return done && sort_rows(bag);
}

size_t bag_bytes(const struct bag *bag)
{
    return words_bytes(&bag->words) + bag->terms_capacity * sizeof *bag->terms +
           bag->begin_capacity * sizeof *bag->begin +
           bag->entries * (sizeof *bag->feature + sizeof *bag->value);
}

void bag_drop_rows(struct bag *bag)
{
    bag->rows = bag->entries = 0;
    free(bag->begin);
    bag->begin = NULL;
    bag->begin_capacity = 0;
    give_back(bag);
}

struct sparse bag_sparse(const struct bag *bag)
{
    return (struct sparse){.rows = (uint32_t)bag->rows,
                           .features = bag->features,
                           .lone = bag->lone,
                           .begin = bag->begin,
                           .feature = bag->feature,
                           .value = bag->value};
}

void bag_free(struct bag *bag)
{
    words_free(&bag->words);
    free(bag->terms);
    free(bag->begin);
    free(bag->feature);
    free(bag->value);
    free(bag->kept);
    free(bag->held);
    *bag = (struct bag){0};
}
