/*
 * Words are few and dense in number, so that a term of one word is looked up by its word's number.
 * A longer one is looked up by a hash of its words' numbers, and compared by the number of what
 * goes before its last word: two numbers, however long its text is.
 *
 * A term's entry in the row in hand is found by a place that the term remembers: it holds if it
 * lies behind the row's begin and the entry there is the term's. So nothing is cleared between
 * rows.
 */
#include "linear/bag.h"

#include "base/ahead.h"
#include "base/memory.h"
#include "linear/row.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ROWS (UINT32_MAX - 1)
#define MOST_TERMS (UINT32_C(3) << 30)

/* ---- terms ---- */

/* Multiply and fold; the multiplier is the golden ratio's. */
static uint64_t mix(uint64_t hash, uint32_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

/* The hash of a gram of `bag`, whose words are numbered by `words`; NULL: as in the gram. */
static uint64_t hash_gram(const struct bag *bag, struct bag_gram gram, const uint32_t *words)
{
    uint64_t before = gram.before == BAG_NONE ? UINT64_C(0xbf58476d1ce4e5b9)
                                              : hash_gram(bag, bag->terms[gram.before].gram, words);
    return mix(before, words ? words[gram.word] : gram.word);
}

static uint32_t new_term(struct bag *bag, struct bag_gram gram)
{
    bag->terms[bag->count] = (struct bag_term){.gram = gram};
    return bag->count++;
}

static bool reserve_words(struct bag *bag, uint32_t word)
{
    size_t had = bag->by_word_capacity;
    if (word < had)
        return true;
    if (!memory_reserve(&bag->by_word, &bag->by_word_capacity, (size_t)word + 1,
                        sizeof *bag->by_word))
        return false;
    memset(bag->by_word + had, 0, (bag->by_word_capacity - had) * sizeof *bag->by_word);
    return true;
}

static uint32_t number_word(struct bag *bag, uint32_t word)
{
    if (!reserve_words(bag, word))
        return BAG_NONE;
    if (!bag->by_word[word])
        bag->by_word[word] = 1 + new_term(bag, (struct bag_gram){BAG_NONE, word});
    return bag->by_word[word] - 1;
}

static uint32_t number_run(struct bag *bag, struct bag_gram gram, uint64_t hash)
{
    if (!slots_suffice(&bag->slots, bag->runs + 1) && !slots_reserve(&bag->slots, bag->runs + 1))
        return BAG_NONE;
    for (struct slot *slot = slots_first(&bag->slots, hash);;
         slot = slots_next(&bag->slots, slot)) {
        if (!slot->index) {
            *slot = slot_of(hash, new_term(bag, gram));
            bag->runs++;
            return slot->index - 1;
        }
        if (slot->tag != slots_tag(hash))
            continue;
        const struct bag_gram *there = &bag->terms[slot->index - 1].gram;
        if (there->before == gram.before && there->word == gram.word)
            return slot->index - 1;
    }
}

/* Mostly there is room, which is seen without a call. */
static bool reserve_term(struct bag *bag)
{
    return bag->count < MOST_TERMS && (bag->count < bag->terms_capacity ||
                                       memory_reserve(&bag->terms, &bag->terms_capacity,
                                                      (size_t)bag->count + 1, sizeof *bag->terms));
}

/* The number of a gram, which is added if it is new; BAG_NONE when memory is out. */
static uint32_t number_gram(struct bag *bag, struct bag_gram gram, uint64_t hash)
{
    if (!reserve_term(bag))
        return BAG_NONE;
    return gram.before == BAG_NONE ? number_word(bag, gram.word) : number_run(bag, gram, hash);
}

/* ---- their text ---- */

static struct bag_gram gram_of(const struct bag *bag, uint32_t term)
{
    return bag->grams ? bag->grams[term] : bag->terms[term].gram;
}

size_t bag_text_size(const struct bag *bag, uint32_t term)
{
    size_t size = 0;
    for (;;) {
        struct bag_gram gram = gram_of(bag, term);
        size += words_text(bag->words, gram.word).size;
        if (gram.before == BAG_NONE)
            return size;
        size++;
        term = gram.before;
    }
}

char *bag_put_text(const struct bag *bag, uint32_t term, char *to)
{
    struct bag_gram gram = gram_of(bag, term);
    if (gram.before != BAG_NONE) {
        to = bag_put_text(bag, gram.before, to);
        *to++ = ' ';
    }
    struct text word = words_text(bag->words, gram.word);
    memcpy(to, word.data, word.size);
    return to + word.size;
}

/* ---- filling ---- */

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

uint32_t bag_add(struct bag *bag, uint32_t before, uint32_t word)
{
    struct bag_gram gram = {before, word};
    uint32_t number = number_gram(bag, gram, before == BAG_NONE ? 0 : hash_gram(bag, gram, NULL));
    if (number == BAG_NONE || (bag->entries >= bag->value_capacity && !reserve_entries(bag, 1)))
        return BAG_NONE;
    struct bag_term *counted = &bag->terms[number];
    counted->times++;
    uint64_t place = counted->place;
    if (place >= row_start(bag) && place < bag->entries && bag->feature[place] == number)
        bag->value[place]++;
    else
        put_entry(bag, number);
    return number;
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
    for (uint32_t i = 0; i < bag->count; i++)
        if (bag->terms[i].gram.before == BAG_NONE)
            bag->by_word[bag->terms[i].gram.word] = 0;
    slots_clear(&bag->slots, bag->runs);
    bag->rows = bag->entries = bag->runs = 0;
    bag->count = 0;
}

/* ---- the words of longer terms ---- */

/* Adds the terms of one word, and the numbers that they get; BAG_NONE is that of others. */
static bool take_terms(struct bag *to, const struct bag *from, uint32_t *numbers)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct bag_term *term = &from->terms[i];
        numbers[i] = BAG_NONE;
        if (term->gram.before != BAG_NONE)
            continue;
        numbers[i] = number_gram(to, term->gram, 0);
        if (numbers[i] == BAG_NONE)
            return false;
        to->terms[numbers[i]].times = term->times;
        to->terms[numbers[i]].rows = term->rows;
    }
    return true;
}

bool bag_take_words(struct bag *to, const struct bag *from, uint32_t **numbers, size_t *capacity)
{
    if (!memory_reserve(numbers, capacity, from->count, sizeof **numbers) ||
        !take_terms(to, from, *numbers) || !reserve_rows(to, from->rows) ||
        !reserve_entries(to, from->entries))
        return false;
    for (size_t row = 0, i = 0; row < from->rows; row++) {
        for (; i < from->begin[row + 1]; i++) {
            uint32_t number = (*numbers)[from->feature[i]];
            to->feature[to->entries] = number;
            to->value[to->entries] = from->value[i];
            to->entries += number != BAG_NONE;
        }
        to->begin[++to->rows] = to->entries;
    }
    return true;
}

/* ---- joining ---- */

struct join {
    struct bag *to;
    const struct bag *from;
    const uint32_t *words; /* numbers in `to`, by number in `from` */
    uint32_t *numbers;     /* of terms, likewise */
    struct ahead ahead;
};

static void look_ahead(struct join *join, uint32_t i)
{
    const struct bag *to = join->to, *from = join->from;
    if (i < from->count && from->terms[i].gram.before != BAG_NONE)
        ahead_put(&join->ahead, &to->slots, i, hash_gram(from, from->terms[i].gram, join->words));
    uint32_t nearer = i - HALFWAY;
    if (i < HALFWAY || nearer >= from->count || from->terms[nearer].gram.before == BAG_NONE)
        return;
    uint32_t number = slots_guess(&to->slots, ahead_hash(&join->ahead, nearer));
    if (number != UINT32_MAX)
        __builtin_prefetch(&to->terms[number]);
}

/* The numbers that the terms of `from` have in `to`, which gets the new ones. */
static bool join_terms(struct join *join)
{
    for (uint32_t i = 0; i < AHEAD - 1; i++)
        look_ahead(join, i);
    for (uint32_t i = 0; i < join->from->count; i++) {
        const struct bag_term *term = &join->from->terms[i];
        uint32_t before = term->gram.before;
        struct bag_gram gram = {before == BAG_NONE ? BAG_NONE : join->numbers[before],
                                join->words[term->gram.word]};
        look_ahead(join, i + AHEAD - 1);
        uint32_t number = number_gram(join->to, gram, ahead_hash(&join->ahead, i));
        if (number == BAG_NONE)
            return false;
        join->to->terms[number].times += term->times;
        join->to->terms[number].rows += term->rows;
        join->numbers[i] = number;
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

bool bag_join(struct bag *to, const struct bag *from, const uint32_t *words, uint32_t **numbers,
              size_t *capacity)
{
    if (!memory_reserve(numbers, capacity, from->count, sizeof **numbers))
        return false;
    struct join join = {.to = to, .from = from, .words = words, .numbers = *numbers};
    if (!join_terms(&join) || !reserve_rows(to, from->rows) || !reserve_entries(to, from->entries))
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

/* Those of the terms that are kept; their texts go to `bytes`. */
static size_t list_candidates(const struct bag *bag, const uint32_t *features,
                              struct candidate *candidates, char *bytes)
{
    size_t count = 0;
    for (uint32_t i = 0; i < bag->count; i++) {
        if (features[i] == BAG_NONE)
            continue;
        char *end = bag_put_text(bag, i, bytes);
        candidates[count++] =
            (struct candidate){bag->terms[i].times, {bytes, (size_t)(end - bytes)}, i};
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
    bool done = candidates && bytes;
    if (done) {
        size_t count = list_candidates(bag, features, candidates, bytes);
        qsort(candidates, count, sizeof *candidates, by_times);
        for (size_t i = most; i < count; i++)
            features[candidates[i].number] = BAG_NONE;
    }
    free(candidates);
    free(bytes);
    return done;
}

/* Numbers what is kept of the terms that one row holds, or of those that several hold. */
static void number_part(struct bag *bag, uint32_t *features, bool lone)
{
    for (uint32_t i = 0; i < bag->count; i++) {
        if (features[i] == BAG_NONE || (bag->terms[i].rows == 1) != lone)
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
            to += feature != BAG_NONE;
        }
        bag->begin[row + 1] = to;
    }
    bag->entries = to;
}

/* ---- ascending order ---- */

bool bag_sort_rows(struct bag *bag, size_t first, size_t end)
{
    size_t longest = 0;
    unsigned bits = row_bits(bag->features);
    for (size_t row = first; row < end; row++)
        if (bag->begin[row + 1] - bag->begin[row] > longest)
            longest = bag->begin[row + 1] - bag->begin[row];
    uint64_t *keys = memory_array(longest, 2 * sizeof *keys);
    if (!keys)
        return false;
    for (size_t row = first; row < end; row++) {
        size_t start = bag->begin[row];
        row_sort(bag->feature + start, bag->value + start, bag->begin[row + 1] - start, bits, keys);
    }
    free(keys);
    return true;
}

/* What is left is read only. False when memory is out. */
static bool give_back(struct bag *bag)
{
    slots_free(&bag->slots);
    free(bag->by_word);
    bag->by_word = NULL;
    bag->by_word_capacity = 0;
    bag->grams = memory_array(bag->count, sizeof *bag->grams);
    if (!bag->grams)
        return false;
    for (uint32_t i = 0; i < bag->count; i++)
        bag->grams[i] = bag->terms[i].gram;
    free(bag->terms);
    bag->terms = NULL;
    bag->terms_capacity = 0;
    memory_shrink(&bag->begin, &bag->begin_capacity, bag->rows + 1, sizeof *bag->begin);
    memory_shrink(&bag->feature, &bag->feature_capacity, bag->entries, sizeof *bag->feature);
    memory_shrink(&bag->value, &bag->value_capacity, bag->entries, sizeof *bag->value);
    return true;
}

bool bag_select(struct bag *bag, uint32_t least_rows, uint32_t most_features)
{
    uint32_t *features = memory_array(bag->count, sizeof *features);
    bag->kept = memory_array(bag->count, sizeof *bag->kept);
    bag->held = memory_array(bag->count, sizeof *bag->held);
    bool done = features && bag->kept && bag->held && reserve_rows(bag, 0);
    size_t count = 0;
    for (uint32_t i = 0; done && i < bag->count; i++) {
        bool enough = bag->terms[i].rows >= least_rows;
        features[i] = enough ? 0 : BAG_NONE;
        count += enough;
    }
    done = done && (count <= most_features || keep_most(bag, features, most_features));
    if (done) {
        number_features(bag, features);
        drop_entries(bag, features);
        done = give_back(bag);
    }
    free(features);
    return done;
}

size_t bag_bytes(const struct bag *bag)
{
    return slots_bytes(&bag->slots) + bag->by_word_capacity * sizeof *bag->by_word +
           bag->terms_capacity * sizeof *bag->terms +
           (bag->grams ? bag->count * sizeof *bag->grams : 0) +
           (bag->kept ? bag->count * (sizeof *bag->kept + sizeof *bag->held) : 0) +
           bag->begin_capacity * sizeof *bag->begin +
           bag->entries * (sizeof *bag->feature + sizeof *bag->value);
}

bool bag_drop_rows(struct bag *bag)
{
    bag->rows = bag->entries = 0;
    free(bag->begin);
    bag->begin = NULL;
    bag->begin_capacity = 0;
    return give_back(bag);
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
    slots_free(&bag->slots);
    free(bag->by_word);
    free(bag->terms);
    free(bag->grams);
    free(bag->begin);
    free(bag->feature);
    free(bag->value);
    free(bag->kept);
    free(bag->held);
    *bag = (struct bag){0};
}
