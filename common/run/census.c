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

static bool measure(struct counting *counting)
{
    struct census *census = counting->census;
    size_t rows = counting->kept->count;
    uint32_t *lengths = memory_array(rows, sizeof *lengths);
    if (!lengths)
        return false;
    for (size_t label = 0; label < census->label_count; label++) {
        size_t count = 0;
        for (size_t i = 0; i < rows; i++)
            if (counting->label_of[i] == label)
                lengths[count++] = census->twins.token_count[i];
        census->labels[label].documents = count;
        census->labels[label].median = median_of(lengths, count);
    }
    for (size_t i = 0; i < rows; i++) {
        lengths[i] = census->twins.token_count[i];
        census->empty += lengths[i] == 0;
    }
    census->median = median_of(lengths, rows);
    census->shortest = lengths[0];
    census->longest = lengths[rows - 1];
    free(lengths);
    return true;
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

/* Keeps the best in order, of equals the first. */
static void keep_word(struct census_word *words, size_t most, struct census_word word)
{
    if (!most || word.score <= words[most - 1].score)
        return;
    size_t at = most - 1;
    for (; at && words[at - 1].score < word.score; at--)
        words[at] = words[at - 1];
    words[at] = word;
}

/* Numbers of a set are turned back into those of words by `word_of`. */
static void count_words(const struct counting *counting, uint32_t *with, uint32_t *both,
                        uint32_t label)
{
    const struct twins *twins = &counting->census->twins;
    for (size_t text = 0; text < twins->texts; text++) {
        bool of = counting->label_of[twins->first[text]] == label;
        for (size_t i = twins->begin[text]; i < twins->begin[text + 1]; i++) {
            with[twins->word_of[twins->member[i]]]++;
            both[twins->word_of[twins->member[i]]] += of;
        }
    }
}

static bool choose_words(struct counting *counting, size_t most)
{
    struct census *census = counting->census;
    const struct twins *twins = &census->twins;
    size_t words = twins->words.count;
    uint32_t *with = calloc(words + 1, sizeof *with), *both = calloc(words + 1, sizeof *both);
    census->words = calloc(census->label_count * most + 1, sizeof *census->words);
    bool done = with && both && census->words;
    for (uint32_t label = 0; done && label < census->label_count; label++) {
        struct census_word *best = census->words + label * most;
        memset(with, 0, words * sizeof *with);
        memset(both, 0, words * sizeof *both);
        count_words(counting, with, both, label);
        for (uint32_t word = 0; word < words; word++)
            keep_word(best, most,
                      (struct census_word){word, chi_squared((double)twins->texts,
                                                             (double)counting->texts[label],
                                                             with[word], both[word])});
        census->labels[label].words = best;
    }
    free(with);
    free(both);
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

/* Both in one list, the training texts first: a test text whose text was first there is one of
   them. */
bool census_overlap(const struct kept *training, const struct kept *test,
                    struct census_overlap *overlap, struct error *error)
{
    struct kept both = {.count = training->count + test->count};
    struct twins twins = {0};
    both.rows = memory_array(both.count + 1, sizeof *both.rows);
    bool done = both.rows || error_memory(error, "comparing training and test");
    for (size_t i = 0; done && i < both.count; i++)
        both.rows[i] = i < training->count ? training->rows[i] : test->rows[i - training->count];
    done = done && twins_find(&twins, &both, error);
    *overlap = (struct census_overlap){.documents = test->count};
    for (size_t i = training->count; done && i < both.count; i++) {
        uint32_t first = twins.first[twins.text_of[i]];
        bool equal = first < training->count;
        overlap->equal += equal;
        overlap->conflicts += equal && !text_equal(both.rows[first].label, both.rows[i].label);
    }
    twins_free(&twins);
    free(both.rows);
    return done;
}
