/* What the amounts of the options mean, beside scikit-learn's rules worked out by hand. */
#include "forest/growth.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static uint32_t features_of(const char *text, uint32_t features)
{
    struct amount amount;
    struct error error;
    assert_true(amount_parse_features(text, &amount, &error));
    assert_string_equal(amount.text, text);
    return amount_of_features(&amount, features);
}

static void test_features(void **state)
{
    (void)state;
    assert_int_equal(features_of("sqrt", 50), 7);
    assert_int_equal(features_of("sqrt", 49), 7);
    assert_int_equal(features_of("sqrt", 48), 6);
    assert_int_equal(features_of("sqrt", 1), 1);
    assert_int_equal(features_of("sqrt", 65536), 256);
    assert_int_equal(features_of("log2", 50), 5);
    assert_int_equal(features_of("log2", 64), 6);
    assert_int_equal(features_of("log2", 1), 1);
    assert_int_equal(features_of("all", 50), 50);
    assert_int_equal(features_of("12", 50), 12);
    assert_int_equal(features_of("120", 50), 50);
    assert_int_equal(features_of("0.5", 51), 25);
    assert_int_equal(features_of("1.0", 50), 50);
    assert_int_equal(features_of("1e-9", 50), 1);
    /* 1 is a count, as it is an int to scikit-learn. */
    assert_int_equal(features_of("1", 50), 1);
}

static struct growth samples_of(const char *split, const char *leaf, uint32_t samples)
{
    struct amount split_amount, leaf_amount;
    struct growth growth;
    struct error error;
    assert_true(amount_parse_split(split, &split_amount, &error));
    assert_true(amount_parse_leaf(leaf, &leaf_amount, &error));
    amount_of_samples(&split_amount, &leaf_amount, samples, &growth);
    return growth;
}

static void check_samples(const char *split, const char *leaf, uint32_t samples,
                          uint32_t wanted_split, uint32_t wanted_leaf)
{
    struct growth growth = samples_of(split, leaf, samples);
    assert_int_equal(growth.min_samples_split, wanted_split);
    assert_int_equal(growth.min_samples_leaf, wanted_leaf);
}

static void test_samples(void **state)
{
    (void)state;
    check_samples("2", "1", 100, 2, 1);
    check_samples("30", "4", 100, 30, 4);
    /* A split needs what its two leaves do. */
    check_samples("2", "4", 100, 8, 4);
    /* Fractions are rounded up. */
    check_samples("0.101", "0.011", 100, 11, 2);
    check_samples("0.001", "0.001", 100, 2, 1);
    check_samples("1.0", "0.999", 100, 200, 100);
    check_samples("2147483647", "2147483647", 100, UINT32_MAX - 1, INT32_MAX);
}

static uint32_t draws_of(const char *text, uint32_t samples)
{
    struct amount amount;
    struct error error;
    assert_true(amount_parse_draws(text, &amount, &error));
    return amount_of_draws(&amount, samples);
}

/* Fractions as Python's max(round(n * f), 1). */
static void test_draws(void **state)
{
    (void)state;
    assert_int_equal(draws_of("30", 100), 30);
    assert_int_equal(draws_of("1", 100), 1);
    assert_int_equal(draws_of("100", 100), 100);
    assert_int_equal(draws_of("10000", 100), 100);
    assert_int_equal(draws_of("0.5", 5), 2);
    assert_int_equal(draws_of("0.5", 7), 4);
    assert_int_equal(draws_of("0.125", 100), 12);
    assert_int_equal(draws_of("0.004", 100), 1);
    assert_int_equal(draws_of("0.2", 48344), 9669);
    assert_int_equal(draws_of("0.3333", 1000003), 333301);
    assert_int_equal(draws_of("1.0", 100), 100);
}

static void check_refused(bool (*parse)(const char *, void *, struct error *), const char *text,
                          const char *part)
{
    struct amount amount;
    struct error error = {0};
    assert_false(parse(text, &amount, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    if (!strstr(error.text, part))
        fail_msg("no '%s' in: %s", part, error.text);
}

static void test_refused(void **state)
{
    (void)state;
    check_refused(amount_parse_features, "0", "--max-features");
    check_refused(amount_parse_features, "0.0", "--max-features");
    check_refused(amount_parse_features, "1.5", "--max-features");
    check_refused(amount_parse_features, "-1", "--max-features");
    check_refused(amount_parse_features, "nan", "--max-features");
    check_refused(amount_parse_features, "square", "--max-features");
    check_refused(amount_parse_features, "", "--max-features");
    check_refused(amount_parse_split, "1", "--min-samples-split");
    check_refused(amount_parse_split, "2.5", "--min-samples-split");
    check_refused(amount_parse_split, "2x", "--min-samples-split");
    check_refused(amount_parse_leaf, "0", "--min-samples-leaf");
    check_refused(amount_parse_leaf, "1.0", "--min-samples-leaf");
    check_refused(amount_parse_leaf, "99999999999", "--min-samples-leaf");
    check_refused(amount_parse_draws, "0", "--max-samples");
    check_refused(amount_parse_draws, "0.0", "above 0 and at most 1");
    check_refused(amount_parse_draws, "1.01", "--max-samples");
    check_refused(amount_parse_draws, "half", "--max-samples");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_features),
                                       cmocka_unit_test(test_samples), cmocka_unit_test(test_draws),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
