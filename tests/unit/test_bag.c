/* Bags of terms, against counts by hand. */
#include "linear/bag.h"

#include "base/random.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"

/* Adds documents, whose terms are parted by one space each. */
static void add_rows(struct bag *bag, const char *const *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (const char *at = rows[i]; *at;) {
            size_t size = strcspn(at, " ");
            assert_true(bag_add(bag, (struct text){at, size}, words_hash(at, size)));
            at += size + (at[size] == ' ');
        }
        assert_true(bag_end_row(bag));
    }
}

/* Rows as `term:count`, a line each. */
static char *show(const struct bag *bag)
{
    char *text = calloc(1, 4096);
    size_t used = 0;
    for (size_t row = 0; row < bag->rows; row++) {
        for (uint64_t i = bag->begin[row]; i < bag->begin[row + 1]; i++) {
            struct text term = bag_text(bag, bag->feature[i]);
            used += (size_t)sprintf(text + used, "%.*s:%g ", (int)term.size, term.data,
                                    (double)bag->value[i]);
        }
        text[used++] = '\n';
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
    add_rows(&bag, news, 4);
    assert_true(bag_select(&bag, 1, UINT32_MAX));
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
}

/* Terms of a single row come last. */
static void test_lone_terms(void **state)
{
    (void)state;
    static const char *const rows[] = {"silver gold silver tin", "zinc gold", "iron tin"};
    struct bag bag = {0};
    add_rows(&bag, rows, 3);
    assert_true(bag_select(&bag, 1, UINT32_MAX));
    assert_shown(&bag, "gold:1 tin:1 silver:2 \ngold:1 zinc:1 \ntin:1 iron:1 \n");
    assert_int_equal(bag_sparse(&bag).features, 5);
    assert_int_equal(bag_sparse(&bag).lone, 3);
    bag_free(&bag);
}

static void test_no_rows(void **state)
{
    (void)state;
    struct bag bag = {0};
    assert_true(bag_select(&bag, 1, UINT32_MAX));
    assert_int_equal(bag_sparse(&bag).rows, 0);
    assert_int_equal(bag_sparse(&bag).begin[0], 0);
    bag_free(&bag);
}

static void test_least_rows(void **state)
{
    (void)state;
    static const char *const rows[] = {"a b b c", "c b", "d c a"};
    struct bag bag = {0};
    add_rows(&bag, rows, 3);
    assert_true(bag_select(&bag, 3, UINT32_MAX));
    assert_shown(&bag, "c:1 \nc:1 \nc:1 \n");
    bag_free(&bag);
}

/* gold 5, oil 3, price 2, of 2: of these two `of` comes first by its bytes. */
static void test_most_features(void **state)
{
    (void)state;
    struct bag bag = {0};
    add_rows(&bag, news, 4);
    assert_true(bag_select(&bag, 1, 3));
    assert_shown(&bag, "gold:3 \nof:1 oil:1 \ngold:2 of:1 oil:2 \n\n");
    bag_free(&bag);
}

/* A bag that is emptied and filled again must not find places of the rows before. */
static void test_joined(void **state)
{
    (void)state;
    struct bag whole = {0}, part = {0}, joined = {0};
    uint32_t *numbers = NULL;
    size_t capacity = 0;
    add_rows(&whole, news, 4);
    for (size_t i = 0; i < 4; i += 2) {
        bag_clear(&part);
        add_rows(&part, news + i, 2);
        assert_true(bag_join(&joined, &part, &numbers, &capacity));
    }
    assert_int_equal(joined.words.count, whole.words.count);
    assert_int_equal(joined.entries, whole.entries);
    assert_memory_equal(joined.begin, whole.begin, 5 * sizeof *whole.begin);
    assert_memory_equal(joined.feature, whole.feature, whole.entries * sizeof *whole.feature);
    assert_memory_equal(joined.value, whole.value, whole.entries * sizeof *whole.value);
    for (uint32_t i = 0; i < whole.words.count; i++) {
        assert_int_equal(joined.terms[i].times, whole.terms[i].times);
        assert_int_equal(joined.terms[i].rows, whole.terms[i].rows);
    }
    free(numbers);
    bag_free(&whole);
    bag_free(&part);
    bag_free(&joined);
}

/* Long rows and short ones come out ascending, with their values. */
static void test_ascending(void **state)
{
    (void)state;
    struct bag bag = {0};
    struct random random = random_keyed(1, 1);
    char name[16];
    for (int row = 0; row < 40; row++) {
        for (int i = 0; i < (row % 2 ? 5000 : 10); i++) {
            int size = sprintf(name, "%u", (unsigned)random_below(&random, 3000));
            assert_true(
                bag_add(&bag, (struct text){name, (size_t)size}, words_hash(name, (size_t)size)));
        }
        assert_true(bag_end_row(&bag));
    }
    uint64_t times = 0;
    assert_true(bag_select(&bag, 2, UINT32_MAX));
    for (size_t row = 0; row < bag.rows; row++)
        for (uint64_t i = bag.begin[row]; i < bag.begin[row + 1]; i++) {
            assert_true(i == bag.begin[row] || bag.feature[i] > bag.feature[i - 1]);
            assert_true(bag.feature[i] < bag.features);
            times += (uint64_t)bag.value[i];
        }
    assert_int_equal(times, 20 * 5010);
    bag_free(&bag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),        cmocka_unit_test(test_lone_terms),
        cmocka_unit_test(test_no_rows),       cmocka_unit_test(test_least_rows),
        cmocka_unit_test(test_most_features), cmocka_unit_test(test_joined),
        cmocka_unit_test(test_ascending),
    };
    return RUN_TESTS("bag", tests);
}
