/* Bags of terms, against counts by hand. */
#include "linear/bag.h"

#include "base/random.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"

/* Appends documents, whose words are parted by one space each. */
static void put_rows(struct runs *runs, struct words *words, const char *const *rows, size_t count,
                     size_t longest)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t numbers[32], n = 0;
        for (const char *at = rows[i]; *at;) {
            size_t size = strcspn(at, " ");
            numbers[n++] = words_add(words, (struct text){at, size}, NULL);
            at += size + (at[size] == ' ');
        }
        assert_true(runs_reserve(runs, n));
        for (uint32_t first = 0; first < n; first++)
            runs_put(runs, numbers[first], (uint8_t)(n - first < longest ? n - first : longest));
        assert_true(runs_end_row(runs));
    }
}

/* A bag of them, as their runs of 1 to `longest`. */
static void add_rows(struct bag *bag, struct words *words, const char *const *rows, size_t count,
                     unsigned longest)
{
    struct runs runs = {0};
    struct runs_numbers numbers = {0};
    put_rows(&runs, words, rows, count, longest);
    assert_true(runs_number(&runs, (uint32_t)words->count, longest, &numbers));
    assert_true(bag_fill(bag, &runs, &numbers, longest, bag_entries(&runs, &numbers, longest)));
    bag->words = words;
    runs_numbers_free(&numbers);
    runs_free(&runs);
}

/* The same, of single words, a word at a time. */
static void add_words(struct bag *bag, struct words *words, const char *const *rows, size_t count)
{
    struct runs runs = {0};
    put_rows(&runs, words, rows, count, 1);
    for (size_t row = 0; row < count; row++) {
        for (uint64_t i = runs.begin[row]; i < runs.begin[row + 1]; i++)
            assert_true(bag_add(bag, runs.word[i]));
        assert_true(bag_end_row(bag));
    }
    bag->words = words;
    runs_free(&runs);
}

/* Rows are sorted in two shares. */
static void select_terms(struct bag *bag, uint32_t least_rows, uint32_t most_features)
{
    assert_true(bag_select(bag, least_rows, most_features));
    assert_true(bag_sort_rows(bag, bag->rows / 2, bag->rows));
    assert_true(bag_sort_rows(bag, 0, bag->rows / 2));
}

/* Rows as `term:count`, a line each. */
static char *show(const struct bag *bag)
{
    char *text = calloc(1, 4096);
    char *at = text;
    for (size_t row = 0; row < bag->rows; row++) {
        for (uint64_t i = bag->begin[row]; i < bag->begin[row + 1]; i++) {
            uint32_t term = bag->kept[bag->feature[i]];
            char *end = bag_put_text(bag, term, at);
            assert_int_equal(end - at, bag_text_size(bag, term));
            at = end + sprintf(end, ":%g ", (double)bag->value[i]);
        }
        *at++ = '\n';
    }
    return text;
}

static void assert_shown(const struct bag *bag, const char *expected)
{
    char *shown = show(bag);
    assert_string_equal(shown, expected);
    free(shown);
}

static const char *const news[] = {"gold price gold gold", "price of oil", "oil oil gold of gold",
                                   ""};

static void test_counts(void **state)
{
    (void)state;
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, news, 4, 1);
    select_terms(&bag, 1, UINT32_MAX);
    assert_shown(&bag, "gold:3 price:1 \nprice:1 of:1 oil:1 \ngold:2 of:1 oil:2 \n\n");
    assert_int_equal(bag.features, 4);
    static const uint32_t rows[] = {2, 2, 2, 2};
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(bag_rows(&bag, i), rows[i]);
    struct sparse sparse = bag_sparse(&bag);
    assert_int_equal(sparse.rows, 4);
    assert_int_equal(sparse.features, 4);
    assert_int_equal(sparse.lone, 0);
    bag_free(&bag);
    words_free(&words);
}

/* Terms of a single row come last. */
static void test_lone_terms(void **state)
{
    (void)state;
    static const char *const rows[] = {"silver gold silver tin", "zinc gold", "iron tin"};
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, rows, 3, 1);
    select_terms(&bag, 1, UINT32_MAX);
    assert_shown(&bag, "gold:1 tin:1 silver:2 \ngold:1 zinc:1 \ntin:1 iron:1 \n");
    assert_int_equal(bag_sparse(&bag).features, 5);
    assert_int_equal(bag_sparse(&bag).lone, 3);
    bag_free(&bag);
    words_free(&words);
}

static void test_no_rows(void **state)
{
    (void)state;
    struct bag bag = {0};
    select_terms(&bag, 1, UINT32_MAX);
    assert_int_equal(bag_sparse(&bag).rows, 0);
    assert_int_equal(bag_sparse(&bag).begin[0], 0);
    bag_free(&bag);
}

static void test_least_rows(void **state)
{
    (void)state;
    static const char *const rows[] = {"a b b c", "c b", "d c a"};
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, rows, 3, 1);
    select_terms(&bag, 3, UINT32_MAX);
    assert_shown(&bag, "c:1 \nc:1 \nc:1 \n");
    bag_free(&bag);
    words_free(&words);
}

/* gold 5, oil 3, price 2, of 2: of these two `of` comes first by its bytes. */
static void test_most_features(void **state)
{
    (void)state;
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, news, 4, 1);
    select_terms(&bag, 1, 3);
    assert_shown(&bag, "gold:3 \nof:1 oil:1 \ngold:2 of:1 oil:2 \n\n");
    bag_free(&bag);
    words_free(&words);
}

/* Terms of up to three words, by hand: each begins at its first word, the shorter first. */
static void test_runs(void **state)
{
    (void)state;
    static const char *const rows[] = {"gold price gold price up", "price gold price"};
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, rows, 2, 3);
    assert_int_equal(words.count, 3);
    assert_int_equal(bag.count, 9);
    select_terms(&bag, 1, UINT32_MAX);
    assert_shown(&bag, "gold:2 gold price:2 price:2 price gold:1 price gold price:1 "
                       "gold price gold:1 gold price up:1 price up:1 up:1 \n"
                       "gold:1 gold price:1 price:2 price gold:1 price gold price:1 \n");
    assert_int_equal(bag_sparse(&bag).lone, 4);
    bag_free(&bag);
    words_free(&words);
}

/* Of those that occur as often, the first by its bytes: `a b` before `b a`, twice each. */
static void test_most_runs(void **state)
{
    (void)state;
    static const char *const rows[] = {"b a b a", "a b"};
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, rows, 2, 2);
    select_terms(&bag, 1, 3);
    assert_shown(&bag, "b:2 a:2 a b:1 \nb:1 a:1 a b:1 \n");
    bag_free(&bag);
    words_free(&words);
}

static void assert_same_bag(const struct bag *got, const struct bag *wanted)
{
    assert_int_equal(got->rows, wanted->rows);
    assert_int_equal(got->count, wanted->count);
    assert_int_equal(got->entries, wanted->entries);
    assert_memory_equal(got->begin, wanted->begin, (wanted->rows + 1) * sizeof *wanted->begin);
    assert_memory_equal(got->feature, wanted->feature, wanted->entries * sizeof *wanted->feature);
    assert_memory_equal(got->value, wanted->value, wanted->entries * sizeof *wanted->value);
    assert_memory_equal(got->grams, wanted->grams, wanted->count * sizeof *wanted->grams);
}

/* A bag that is emptied and filled again must not find entries of the rows before. */
static void test_joined(void **state)
{
    (void)state;
    struct bag whole = {0}, part = {0}, joined = {0}, filled = {0};
    struct words all = {0}, some = {0}, joint = {0};
    uint32_t *numbers = NULL, of_words[16];
    size_t capacity = 0;
    add_words(&whole, &all, news, 4);
    add_rows(&filled, &all, news, 4, 1);
    for (size_t i = 0; i < 4; i += 2) {
        bag_clear(&part);
        words_clear(&some);
        add_words(&part, &some, news + i, 2);
        assert_true(words_join(&joint, &some, of_words));
        assert_true(bag_join(&joined, &part, of_words, &numbers, &capacity));
    }
    assert_same_bag(&joined, &whole);
    assert_same_bag(&filled, &whole);
    free(numbers);
    bag_free(&whole);
    bag_free(&part);
    bag_free(&joined);
    bag_free(&filled);
    words_free(&all);
    words_free(&some);
    words_free(&joint);
}

/* By hand: gold 5, price 2, of 2, oil 3. */
static void test_times(void **state)
{
    (void)state;
    static const uint64_t wanted[] = {5, 2, 2, 3};
    struct bag bag = {0};
    struct words words = {0};
    add_rows(&bag, &words, news, 4, 1);
    uint64_t *times = bag_times(&bag);
    assert_non_null(times);
    assert_memory_equal(times, wanted, sizeof wanted);
    free(times);
    bag_free(&bag);
    words_free(&words);
}

/* Runs of rows that are appended, their words by other numbers, are those of one whole. */
static void test_appended(void **state)
{
    (void)state;
    struct bag whole = {0}, bag = {0};
    struct words all = {0};
    struct runs runs = {0}, part = {0};
    struct runs_numbers numbers = {0};
    add_rows(&whole, &all, news, 4, 3);
    for (size_t i = 0; i < 4; i++) {
        struct words some = {0};
        uint32_t of_words[16];
        runs_clear(&part);
        put_rows(&part, &some, news + i, 1, 3);
        for (uint32_t word = 0; word < some.count; word++)
            of_words[word] = words_find(&all, words_text(&some, word));
        assert_true(runs_append(&runs, &part, of_words));
        words_free(&some);
    }
    assert_true(runs_number(&runs, (uint32_t)all.count, 3, &numbers));
    assert_true(bag_fill(&bag, &runs, &numbers, 3, bag_entries(&runs, &numbers, 3)));
    assert_same_bag(&bag, &whole);
    runs_numbers_free(&numbers);
    runs_free(&runs);
    runs_free(&part);
    bag_free(&whole);
    bag_free(&bag);
    words_free(&all);
}

/* Entries are counted exactly; single words may be filled in a row at a time. */
static void test_entries(void **state)
{
    (void)state;
    static const char *const rows[] = {"a b a b a", "b", "c c c"};
    struct bag whole = {0}, bag = {0};
    struct words words = {0};
    struct runs runs = {0};
    struct runs_numbers numbers = {0};
    put_rows(&runs, &words, rows, 3, 3);
    assert_true(runs_number(&runs, 3, 3, &numbers));
    /* a, b; b; c - and `a b`, `b a`; `c c` - and `a b a`, `b a b`; `c c c` */
    assert_int_equal(bag_entries(&runs, &numbers, 1), 4);
    assert_int_equal(bag_entries(&runs, &numbers, 2), 7);
    assert_int_equal(bag_entries(&runs, &numbers, 3), 10);
    assert_int_equal(bag_entries_most(&runs, 3), 27);
    add_rows(&whole, &words, rows, 3, 1);
    for (size_t i = 0; i < 3; i++)
        add_rows(&bag, &words, rows + i, 1, 1);
    assert_same_bag(&bag, &whole);
    runs_numbers_free(&numbers);
    runs_free(&runs);
    bag_free(&whole);
    bag_free(&bag);
    words_free(&words);
}

/*
 * Runs reach as far as they are told: of `a b c`, whose first word reaches to the second and whose
 * second is no term, there are a, `a b` and c.
 */
static void test_reach(void **state)
{
    (void)state;
    struct bag bag = {0};
    struct words words = {0};
    struct runs runs = {0};
    struct runs_numbers numbers = {0};
    static const char *const rows[] = {"a b c"};
    put_rows(&runs, &words, rows, 1, 3);
    runs.reach[0] = 2;
    runs.reach[1] = 0;
    assert_true(runs_number(&runs, 3, 3, &numbers));
    assert_true(bag_fill(&bag, &runs, &numbers, 3, bag_entries(&runs, &numbers, 3)));
    bag.words = &words;
    select_terms(&bag, 1, UINT32_MAX);
    assert_shown(&bag, "a:1 a b:1 c:1 \n");
    runs_numbers_free(&numbers);
    runs_free(&runs);
    bag_free(&bag);
    words_free(&words);
}

/* Long rows and short ones come out ascending, with their values. */
static void test_ascending(void **state)
{
    (void)state;
    struct bag bag = {0};
    struct random random = random_keyed(1, 1);
    for (int row = 0; row < 40; row++) {
        for (int i = 0; i < (row % 2 ? 5000 : 10); i++)
            assert_true(bag_add(&bag, random_below(&random, 3000)));
        assert_true(bag_end_row(&bag));
    }
    uint64_t times = 0;
    select_terms(&bag, 2, UINT32_MAX);
    for (size_t row = 0; row < bag.rows; row++)
        for (uint64_t i = bag.begin[row]; i < bag.begin[row + 1]; i++) {
            assert_true(i == bag.begin[row] || bag.feature[i] > bag.feature[i - 1]);
            assert_true(bag.feature[i] < bag.features);
            times += (uint64_t)bag.value[i];
        }
    assert_int_equal(times, 20 * 5010);
    bag_free(&bag);
}

/* Rows 1 and 3 of three, as a bag of these alone would be, but for numbers of words. */
static void test_sample(void **state)
{
    (void)state;
    static const char *const rows[] = {"gold price gold price up", "tin", "price gold price"};
    static const char *const few[] = {"gold price gold price up", "price gold price"};
    static const uint32_t drawn[] = {0, 2};
    struct bag all = {0}, sample = {0}, wanted = {0}, none = {0};
    struct words words = {0}, few_words = {0};
    add_rows(&all, &words, rows, 3, 2);
    add_rows(&wanted, &few_words, few, 2, 2);
    assert_true(bag_sample(&all, drawn, 2, &sample));
    assert_true(bag_sample(&all, drawn, 0, &none));
    select_terms(&sample, 1, 4);
    select_terms(&wanted, 1, 4);
    char *shown = show(&wanted);
    assert_shown(&sample, shown);
    assert_string_equal(shown, "gold:2 gold price:2 price:2 price gold:1 \n"
                               "gold:1 gold price:1 price:2 price gold:1 \n");
    assert_int_equal(sample.lone, wanted.lone);
    select_terms(&none, 1, UINT32_MAX);
    assert_int_equal(bag_sparse(&none).rows, 0);
    free(shown);
    bag_free(&all);
    bag_free(&sample);
    bag_free(&wanted);
    bag_free(&none);
    words_free(&words);
    words_free(&few_words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),        cmocka_unit_test(test_lone_terms),
        cmocka_unit_test(test_no_rows),       cmocka_unit_test(test_least_rows),
        cmocka_unit_test(test_most_features), cmocka_unit_test(test_joined),
        cmocka_unit_test(test_times),         cmocka_unit_test(test_appended),
        cmocka_unit_test(test_reach),         cmocka_unit_test(test_ascending),
        cmocka_unit_test(test_runs),          cmocka_unit_test(test_most_runs),
        cmocka_unit_test(test_sample),        cmocka_unit_test(test_entries),
    };
    return RUN_TESTS("bag", tests);
}
