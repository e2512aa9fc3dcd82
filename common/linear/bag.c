/*
 * A term of one word is looked up by its word's number, one of several by its run's: numbers are
 * dense. A term's entry in the row in hand is the last one that was made for it, if that lies
 * behind the row's begin. So nothing is cleared between rows.
 */
#include "linear/bag.h"

#include "base/ahead.h"
#include "base/memory.h"
#include "base/prefetch.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ROWS (UINT32_MAX - 1)
#define MOST_TERMS (UINT32_C(3) << 30)

/* ---- terms ---- */

static bool reserve_words(struct bag *bag, size_t words)
{
    size_t had = bag->words_capacity;
    if (words <= had)
        return true;
    if (!memory_reserve(&bag->by_word, &bag->words_capacity, words, sizeof *bag->by_word))
        return false;
    memset(bag->by_word + had, 0, (bag->words_capacity - had) * sizeof *bag->by_word);
    return true;
}

/* Mostly there is room, which is seen without a call. */
static bool reserve_term(struct bag *bag)
{
    return bag->count < MOST_TERMS && (bag->count < bag->grams_capacity ||
                                       memory_reserve(&bag->grams, &bag->grams_capacity,
                                                      (size_t)bag->count + 1, sizeof *bag->grams));
}

/* There is room for it. */
static inline uint32_t number_of(struct bag *bag, struct bag_place *place, uint32_t before,
                                 uint32_t word)
{
    if (!place->term) {
        bag->grams[bag->count] = (struct bag_gram){before, word};
        place->term = ++bag->count;
    }
    return place->term - 1;
}

/* Where a term of one word is, which is added if it is new; NULL when memory is out. */
static struct bag_place *place_of(struct bag *bag, uint32_t word)
{
    if (!reserve_words(bag, (size_t)word + 1) || !reserve_term(bag))
        return NULL;
    number_of(bag, &bag->by_word[word], BAG_NONE, word);
    return &bag->by_word[word];
}

/* ---- their text ---- */

size_t bag_text_size(const struct bag *bag, uint32_t term)
{
    size_t size = 0;
    for (;;) {
        struct bag_gram gram = bag->grams[term];
        size += words_text(bag->words, gram.word).size;
        if (gram.before == BAG_NONE)
            return size;
        size++;
        term = gram.before;
    }
}

char *bag_put_text(const struct bag *bag, uint32_t term, char *to)
{
    struct bag_gram gram = bag->grams[term];
    if (gram.before != BAG_NONE) {
        to = bag_put_text(bag, gram.before, to);
        *to++ = ' ';
    }
    struct text word = words_text(bag->words, gram.word);
    memcpy(to, word.data, word.size);
    return to + word.size;
}

/* ---- filling, a word at a time ---- */

/* Large pages, where the bag is empty. */
static bool reserve_entries(struct bag *bag, size_t more)
{
    return memory_reserve_large(&bag->feature, &bag->feature_capacity, bag->entries + more,
                                sizeof *bag->feature) &&
           memory_reserve_large(&bag->value, &bag->value_capacity, bag->entries + more,
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

/*
 * Counts a term of the row that starts with entry number `start`; there is room. Whether the row
 * has it already is as good as random, so that nothing branches on it.
 */
static inline void count_term(struct bag *bag, uint64_t start, struct bag_place *place)
{
    bool is_there = place->entry > start;
    uint64_t entry = is_there ? place->entry - 1 : bag->entries;
    float times = (is_there ? place->times : 0) + 1;
    bag->entries += !is_there;
    bag->feature[entry] = place->term - 1;
    bag->value[entry] = times;
    place->entry = entry + 1;
    place->times = times;
}

bool bag_add(struct bag *bag, uint32_t word)
{
    struct bag_place *place = place_of(bag, word);
    if (!place || (bag->entries >= bag->value_capacity && !reserve_entries(bag, 1)))
        return false;
    count_term(bag, bag->begin ? bag->begin[bag->rows] : 0, place);
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
    for (uint32_t i = 0; i < bag->count; i++)
        bag->by_word[bag->grams[i].word] = (struct bag_place){0};
    bag->rows = bag->entries = 0;
    bag->count = 0;
}

/* ---- joining ---- */

/* The numbers that the terms of `from` have in `to`, which gets the new ones. */
static bool join_terms(struct bag *to, const struct bag *from, const uint32_t *words,
                       uint32_t *numbers)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct bag_place *place = place_of(to, words[from->grams[i].word]);
        if (!place)
            return false;
        numbers[i] = place->term - 1;
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
        memcpy(to->value + to->entries, from->value, from->entries * sizeof *from->value);
    to->rows += from->rows;
    to->entries += from->entries;
}

bool bag_join(struct bag *to, const struct bag *from, const uint32_t *words, uint32_t **numbers,
              size_t *capacity)
{
    if (!memory_reserve(numbers, capacity, from->count, sizeof **numbers) ||
        !join_terms(to, from, words, *numbers) || !reserve_rows(to, from->rows) ||
        !reserve_entries(to, from->entries))
        return false;
    join_rows(to, from, *numbers);
    return true;
}

/* ---- filling, with runs of words ---- */

struct filling {
    struct bag *bag;
    const struct runs *runs;
    const struct runs_numbers *numbers;
    unsigned longest;
    struct bag_place *places[RUNS_LONGEST]; /* of each run, by its number */
};

static inline void fill_place(struct bag *bag, const struct filling *filling, size_t i,
                              uint64_t start)
{
    const struct runs *runs = filling->runs;
    uint32_t term = BAG_NONE;
    for (unsigned n = 0; n < filling->longest && n < runs->reach[i]; n++) {
        struct bag_place *place = &filling->places[n][filling->numbers->of[n][i]];
        term = number_of(bag, place, term, runs->word[i + n]);
        count_term(bag, start, place);
    }
}

/* There are so many that what is known of them misses the cache. */
static inline void look_ahead(const struct filling *filling, size_t i)
{
    for (unsigned n = 0; n < filling->longest && i < filling->runs->count; n++)
        prefetch_line(&filling->places[n][filling->numbers->of[n][i]]);
}

/* By a copy of the bag, which compilers keep in registers. */
static void fill_rows(const struct filling *filling)
{
    struct bag bag = *filling->bag;
    const struct runs *runs = filling->runs;
    for (size_t row = 0; row < runs->rows; row++) {
        uint64_t start = bag.entries;
        for (uint64_t i = runs->begin[row]; i < runs->begin[row + 1]; i++) {
            look_ahead(filling, i + AHEAD);
            fill_place(&bag, filling, i, start);
        }
        bag.begin[++bag.rows] = bag.entries;
    }
    *filling->bag = bag;
}

/* At most. */
static uint64_t terms_of(const struct runs_numbers *numbers, unsigned longest)
{
    uint64_t terms = 0;
    for (unsigned n = 0; n < longest; n++)
        terms += numbers->counts[n];
    return terms;
}

/*
 * In how many rows the runs of a length are: a run counts where the last row that met it is another
 * one. UINT64_MAX: memory is out.
 */
static uint64_t count_of_length(const struct runs *runs, const uint32_t *numbers, uint32_t count,
                                unsigned length)
{
    uint64_t entries = 0;
    uint32_t *last = memory_cleared(count, sizeof *last);
    for (size_t row = 0; last && row < runs->rows; row++)
        for (uint64_t i = runs->begin[row]; i < runs->begin[row + 1]; i++)
            if (runs->reach[i] >= length) {
                entries += last[numbers[i]] != row + 1;
                last[numbers[i]] = (uint32_t)row + 1;
            }
    bool done = last;
    free(last);
    return done ? entries : UINT64_MAX;
}

uint64_t bag_entries(const struct runs *runs, const struct runs_numbers *numbers, unsigned longest)
{
    uint64_t entries = 0;
    for (unsigned n = 0; n < longest; n++) {
        uint64_t more = count_of_length(runs, numbers->of[n], numbers->counts[n], n + 1);
        if (more == UINT64_MAX)
            return more;
        entries += more;
    }
    return entries;
}

/* Room for all that there will be. */
static bool reserve_runs(struct filling *filling, uint64_t entries)
{
    struct bag *bag = filling->bag;
    const struct runs_numbers *numbers = filling->numbers;
    uint64_t terms = terms_of(numbers, filling->longest);
    if (terms > MOST_TERMS ||
        !memory_reserve_large(&bag->grams, &bag->grams_capacity, terms, sizeof *bag->grams) ||
        !reserve_words(bag, numbers->counts[0]) || !reserve_rows(bag, filling->runs->rows) ||
        entries > SIZE_MAX || !reserve_entries(bag, (size_t)entries))
        return false;
    filling->places[0] = bag->by_word;
    for (unsigned n = 1; n < filling->longest; n++) {
        filling->places[n] = memory_cleared(numbers->counts[n], sizeof *filling->places[n]);
        if (!filling->places[n])
            return false;
    }
    return true;
}

bool bag_fill(struct bag *bag, const struct runs *runs, const struct runs_numbers *numbers,
              unsigned longest, uint64_t entries)
{
    struct filling filling = {.bag = bag, .runs = runs, .numbers = numbers, .longest = longest};
    bool done = reserve_runs(&filling, entries);
    if (done) {
        fill_rows(&filling);
        memory_shrink(&bag->feature, &bag->feature_capacity, bag->entries, sizeof *bag->feature);
        memory_shrink(&bag->value, &bag->value_capacity, bag->entries, sizeof *bag->value);
    }
    for (unsigned n = 1; n < longest; n++)
        free(filling.places[n]);
    return done;
}

uint64_t bag_fill_bytes(const struct runs *runs, const struct runs_numbers *numbers,
                        unsigned longest, uint64_t entries)
{
    return terms_of(numbers, longest) * (sizeof(struct bag_gram) + sizeof(struct bag_place)) +
           entries * (sizeof(uint32_t) + sizeof(float)) + (runs->rows + 1) * sizeof(uint64_t);
}

/* ---- the whole ---- */

uint64_t *bag_times(const struct bag *bag)
{
    uint64_t *times = calloc((size_t)bag->count + 1, sizeof *times);
    for (size_t i = 0; times && i < bag->entries; i++)
        times[bag->feature[i]] += (uint64_t)bag->value[i];
    return times;
}

size_t bag_bytes(const struct bag *bag)
{
    return bag->words_capacity * sizeof *bag->by_word + bag->grams_capacity * sizeof *bag->grams +
           (bag->kept ? bag->count * (sizeof *bag->kept + sizeof *bag->held) : 0) +
           bag->begin_capacity * sizeof *bag->begin +
           bag->entries * (sizeof *bag->feature + sizeof *bag->value);
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
    free(bag->by_word);
    free(bag->grams);
    free(bag->begin);
    free(bag->feature);
    free(bag->value);
    free(bag->kept);
    free(bag->held);
    *bag = (struct bag){0};
}
