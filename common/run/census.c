/* Words are counted over distinct texts, so that copies do not speak louder. */
#include "run/census.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct counting {
    struct census *census;
    const struct kept *kept;
    struct words names; /* of labels, in order of appearance */
    uint32_t *label_of; /* of each document: its number in ascending order */
    uint64_t *texts;    /* of each label: distinct texts */
};

/* ---- labels ---- */

/* A label's name and number, for sorting. */
struct named {
    struct text name;
    uint32_t number;
};

static int by_name(const void *left, const void *right)
{
    return text_compare(((const struct named *)left)->name, ((const struct named *)right)->name);
}

/* Numbers the labels in ascending byte order. */
static bool number_labels(struct counting *counting)
{
    const struct kept *kept = counting->kept;
    struct census *census = counting->census;
    counting->label_of = memory_array(kept->count + 1, sizeof *counting->label_of);
    for (size_t i = 0; counting->label_of && i < kept->count; i++)
        if ((counting->label_of[i] = words_add(&counting->names, kept->rows[i].label, NULL)) ==
            WORDS_NONE)
            return false;
    size_t count = census->label_count = counting->names.count;
    struct named *order = memory_array(count + 1, sizeof *order);
    uint32_t *place = memory_array(count + 1, sizeof *place);
    census->labels = calloc(count + 1, sizeof *census->labels);
    counting->texts = calloc(count + 1, sizeof *counting->texts);
    bool done = counting->label_of && order && place && census->labels && counting->texts;
    for (uint32_t i = 0; done && i < count; i++)
        order[i] = (struct named){words_text(&counting->names, i), i};
    if (done)
        qsort(order, count, sizeof *order, by_name);
    for (uint32_t i = 0; done && i < count; i++)
        place[order[i].number] = i;
    for (size_t i = 0; done && i < kept->count; i++) {
        counting->label_of[i] = place[counting->label_of[i]];
        census->labels[counting->label_of[i]].label = kept->rows[i].label;
    }
    free(order);
    free(place);
    return done;
}

/* ---- documents by label ---- */

/*
 * Sorts numbers 0 .. count - 1 by their labels, by counting: those of label l are at begin[l] ..
 * begin[l + 1] - 1 of `order`, ascending. `label_of` tells the label of a number, `begin` has two
 * more than there are labels.
 */
static void sort_by_label(const uint32_t *label_of, size_t count, size_t labels, size_t *begin,
                          uint32_t *order)
{
    memset(begin, 0, (labels + 2) * sizeof *begin);
    for (size_t i = 0; i < count; i++)
        begin[label_of[i] + 2]++;
    for (size_t label = 2; label < labels + 2; label++)
        begin[label] += begin[label - 1];
    for (uint32_t i = 0; i < count; i++)
        order[begin[label_of[i] + 1]++] = i;
}

/* ---- lengths ---- */

static int ascending(const void *left, const void *right)
{
    uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
    return l < r ? -1 : l > r;
}

/* The lower of the two in the middle, where there are two. Sorts the lengths. */
static uint32_t median_of(uint32_t *lengths, size_t count)
{
    qsort(lengths, count, sizeof *lengths, ascending);
    return lengths[(count - 1) / 2];
}

/* What the documents of each label have; then of all. `lengths` holds their numbers by label. */
static void take_lengths(struct census *census, const size_t *begin, uint32_t *lengths)
{
    const size_t rows = census->twins.rows;
    for (size_t i = 0; i < rows; i++) {
        lengths[i] = census->twins.token_count[lengths[i]];
        census->empty += lengths[i] == 0;
    }
    for (size_t label = 0; label < census->label_count; label++) {
        const size_t count = begin[label + 1] - begin[label];
        census->labels[label].documents = count;
        census->labels[label].median = median_of(lengths + begin[label], count);
    }
    census->median = median_of(lengths, rows);
    census->shortest = lengths[0];
    census->longest = lengths[rows - 1];
}

static bool measure(struct counting *counting)
{
    struct census *census = counting->census;
    const size_t rows = counting->kept->count;
    size_t *begin = memory_array(census->label_count + 2, sizeof *begin);
    uint32_t *lengths = memory_array(rows, sizeof *lengths);
    const bool done = begin && lengths;
    if (done) {
        sort_by_label(counting->label_of, rows, census->label_count, begin, lengths);
        take_lengths(census, begin, lengths);
    }
    free(begin);
    free(lengths);
    return done;
}

/* ---- copies ---- */

static bool count_copies(struct counting *counting)
{
    struct census *census = counting->census;
    const struct twins *twins = &census->twins;
    bool *conflict = calloc(twins->texts + 1, sizeof *conflict);
    if (!conflict)
        return false;
    for (size_t i = 0; i < twins->rows; i++) {
        uint32_t text = twins->text_of[i];
        conflict[text] |= counting->label_of[i] != counting->label_of[twins->first[text]];
    }
    for (size_t text = 0; text < twins->texts; text++) {
        census->conflicts += conflict[text];
        census->copies += twins->copies[text] - 1;
        counting->texts[counting->label_of[twins->first[text]]]++;
    }
    free(conflict);
    return true;
}

static void take_near(void *context, uint32_t x, uint32_t y, double index)
{
    bool *is_near = context;
    (void)index;
    is_near[x] = is_near[y] = true;
}

static bool count_near(struct census *census, double least)
{
    const struct near_sets sets = twins_sets(&census->twins);
    bool *is_near = calloc(census->twins.texts + 1, sizeof *is_near);
    const struct near near = {&sets, least, NULL, take_near, is_near};
    bool done = is_near && (least <= 0 || near_pairs(&near));
    for (size_t i = 0; done && i < census->twins.texts; i++)
        census->near += is_near[i];
    free(is_near);
    return done;
}

/* ---- words ---- */

/* Of n texts, `of` of the label: `with` have the word, `both` of these are of the label. */
static double chi_squared(double n, double of, double with, double both)
{
    double a = both, b = with - both, c = of - both, d = n - of - b;
    double root = a * d - c * b, below = (a + c) * (b + d) * (a + b) * (c + d);
    return root > 0 && below > 0 ? n * root * root / below : 0;
}

static bool speaks_more(struct census_word word, struct census_word than)
{
    return word.score > than.score || (word.score == than.score && word.word < than.word);
}

/* Keeps the best in order, of equals that of the lower number. */
static void keep_word(struct census_word *words, size_t most, struct census_word word)
{
    if (!most || !(word.score > 0) || !speaks_more(word, words[most - 1]))
        return;
    size_t at = most - 1;
    for (; at && speaks_more(word, words[at - 1]); at--)
        words[at] = words[at - 1];
    words[at] = word;
}

/* The distinct texts by label, and by word how many texts have it. */
struct choosing {
    const struct counting *counting;
    uint32_t *label_of, *order; /* by text */
    size_t *begin;              /* by label */
    uint32_t *with, *both;      /* by word: of all texts, and of those of the label at hand */
    uint32_t *words;            /* of these texts */
};

static bool choosing_begin(struct choosing *choosing)
{
    const struct counting *counting = choosing->counting;
    const struct twins *twins = &counting->census->twins;
    const size_t words = twins->words.count, texts = twins->texts;
    const size_t labels = counting->census->label_count;
    choosing->label_of = memory_array(texts + 1, sizeof *choosing->label_of);
    choosing->order = memory_array(texts + 1, sizeof *choosing->order);
    choosing->begin = memory_array(labels + 2, sizeof *choosing->begin);
    choosing->with = calloc(words + 1, sizeof *choosing->with);
    choosing->both = calloc(words + 1, sizeof *choosing->both);
    choosing->words = memory_array(words + 1, sizeof *choosing->words);
    if (!choosing->label_of || !choosing->order || !choosing->begin || !choosing->with ||
        !choosing->both || !choosing->words)
        return false;
    for (size_t i = 0; i < twins->member_count; i++)
        choosing->with[twins->word_of[twins->member[i]]]++;
    for (size_t text = 0; text < texts; text++)
        choosing->label_of[text] = counting->label_of[twins->first[text]];
    sort_by_label(choosing->label_of, texts, labels, choosing->begin, choosing->order);
    return true;
}

static void choosing_end(struct choosing *choosing)
{
    free(choosing->label_of);
    free(choosing->order);
    free(choosing->begin);
    free(choosing->with);
    free(choosing->both);
    free(choosing->words);
}

/* Counts the words of a label's texts; returns how many there are. */
static size_t count_words(struct choosing *choosing, uint32_t label)
{
    const struct twins *twins = &choosing->counting->census->twins;
    size_t count = 0;
    for (size_t at = choosing->begin[label]; at < choosing->begin[label + 1]; at++) {
        const uint32_t text = choosing->order[at];
        for (size_t i = twins->begin[text]; i < twins->begin[text + 1]; i++) {
            const uint32_t word = twins->word_of[twins->member[i]];
            if (!choosing->both[word]++)
                choosing->words[count++] = word;
        }
    }
    return count;
}

/* Words that no text of the label has do not speak for it. */
static void choose_of_label(struct choosing *choosing, size_t most, uint32_t label)
{
    const struct counting *counting = choosing->counting;
    struct census_word *best = counting->census->labels[label].words;
    const size_t count = count_words(choosing, label);
    for (size_t i = 0; i < count; i++) {
        const uint32_t word = choosing->words[i];
        const double score =
            chi_squared((double)counting->census->twins.texts, (double)counting->texts[label],
                        choosing->with[word], choosing->both[word]);
        keep_word(best, most, (struct census_word){word, score});
        choosing->both[word] = 0;
    }
}

static bool choose_words(struct counting *counting, size_t most)
{
    struct census *census = counting->census;
    struct choosing choosing = {.counting = counting};
    census->words = calloc(census->label_count * most + 1, sizeof *census->words);
    const bool done = census->words && choosing_begin(&choosing);
    for (uint32_t label = 0; done && label < census->label_count; label++) {
        census->labels[label].words = census->words + label * most;
        choose_of_label(&choosing, most, label);
    }
    choosing_end(&choosing);
    return done;
}

/* ---- the whole ---- */

bool census_take(struct census *census, const struct kept *kept, size_t most, double near,
                 struct error *error)
{
    struct counting counting = {.census = census, .kept = kept};
    bool done = twins_find(&census->twins, kept, error);
    if (done)
        done = (number_labels(&counting) && measure(&counting) && count_copies(&counting) &&
                count_near(census, near) && choose_words(&counting, most)) ||
               error_memory(error, "counting what is in the documents");
    words_free(&counting.names);
    free(counting.label_of);
    free(counting.texts);
    return done;
}

void census_free(struct census *census)
{
    twins_free(&census->twins);
    free(census->labels);
    free(census->words);
    *census = (struct census){0};
}

/* ---- training and test ---- */

bool census_overlap(const struct census *census, const struct kept *training,
                    const struct kept *test, struct census_overlap *overlap, struct error *error)
{
    uint32_t *text_of = memory_array(test->count + 1, sizeof *text_of);
    const bool done = text_of ? twins_match(&census->twins, test, text_of, error)
                              : error_memory(error, "comparing training and test");
    *overlap = (struct census_overlap){.documents = test->count};
    for (size_t i = 0; done && i < test->count; i++) {
        if (text_of[i] == WORDS_NONE)
            continue;
        const struct kept_row *first = &training->rows[census->twins.first[text_of[i]]];
        overlap->equal++;
        overlap->conflicts += !text_equal(first->label, test->rows[i].label);
    }
    free(text_of);
    return done;
}
