/* Decisions, worked out by hand: curves, answers, sets, and rules that nobody should follow. */
#include "base/random.h"
#include "decide/fit.h"
#include "decide/isotonic.h"
#include "decide/novelty.h"
#include "decide/sets.h"
#include "decide/thresholds.h"

#include "helpers.h"
#include <math.h>

enum { MOST = 30000 };
static uint32_t all[MOST];

static struct rows rows_of(uint32_t classes, const float *proba, const uint32_t *label,
                           const uint32_t *voted, size_t count)
{
    for (uint32_t i = 0; i < count; i++)
        all[i] = i;
    return (struct rows){classes, proba, label, voted, all, count, NULL};
}

static void set_list(struct rule *rule, enum rule_part part, const double *values, size_t count)
{
    double *to = rule_room(rule, part, count);
    assert_non_null(to);
    memcpy(to, values, count * sizeof *to);
}

static void assert_list(const struct rule *rule, enum rule_part part, const double *values,
                        size_t count)
{
    assert_int_equal(rule->lists[part].count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(fabs(rule->lists[part].values[i] - values[i]) < 1e-15);
}

/* Of class 0: 0 is hit 0 of 2 times; 0.25 1 of 1, 0.5 0 of 1, which fall and become 1/2; 1 1 of 1.
 */
static void test_isotonic(void **state)
{
    (void)state;
    const float proba[] = {0, 1, 0.5f, 0.5f, 1, 0, 0.25f, 0.75f, 0, 1};
    const uint32_t label[] = {1, 1, 0, 0, 1}, voted[] = {1, 0, 0, 1, 1};
    struct rows rows = rows_of(2, proba, label, voted, 5);
    struct shares shares;
    assert_true(shares_sort(&shares, proba, 5, 2));
    rows.shares = &shares;
    struct rule rule = {.classes = 2};
    assert_true(isotonic_fit(&rows, &rule));
    assert_list(&rule, RULE_ISOTONIC_KNOTS, (double[]){4, 4}, 2);
    assert_list(&rule, RULE_ISOTONIC_X, (double[]){0, 0.25, 0.5, 1, 0, 0.5, 0.75, 1}, 8);
    assert_list(&rule, RULE_ISOTONIC_Y, (double[]){0, 0.5, 0.5, 1, 0, 0.5, 0.5, 1}, 8);
    assert_list(&rule, RULE_PRIOR, (double[]){3 / 7.0, 4 / 7.0}, 2);
    assert_null(rule_check(&rule));
    /* 0.125 lies half-way between 0 and 0.5; 0.875 between 0.5 and 1. */
    float row[] = {0.125f, 0.875f};
    double room[2], first = 0.25 + 3 / 7000.0, second = 0.75 + 4 / 7000.0;
    rule_calibrate(&rule, row, room);
    assert_true(row[0] == (float)(first / (first + second)));
    assert_true(row[1] == (float)(second / (first + second)));
    rule_free(&rule);

    /* Of rows 4, 1 and 0 alone, class 0 is hit 0 of 3 times, class 1 3 of 3. */
    const uint32_t some[] = {4, 1, 0};
    rows.pick = some;
    rows.count = 3;
    rule = (struct rule){.classes = 2};
    assert_true(isotonic_fit(&rows, &rule));
    assert_list(&rule, RULE_ISOTONIC_KNOTS, (double[]){2, 2}, 2);
    assert_list(&rule, RULE_ISOTONIC_X, (double[]){0, 0.5, 0.5, 1}, 4);
    assert_list(&rule, RULE_ISOTONIC_Y, (double[]){0, 0, 1, 1}, 4);
    assert_list(&rule, RULE_PRIOR, (double[]){1 / 5.0, 4 / 5.0}, 2);
    rule_free(&rule);
    shares_free(&shares);
}

/* T = 1/2 squares what s / classes was added to: (0.5 + 0.1)^2, (0.5 + 0.1)^2, 0.1^2 and so on. */
static void test_temperature(void **state)
{
    (void)state;
    struct rule rule = {.classes = 4};
    set_list(&rule, RULE_TEMPERATURE, (double[]){0.5, 0.4}, 2);
    float row[] = {0.75f, 0.25f, 0, 0};
    double room[4], sum = 0.85 * 0.85 + 0.35 * 0.35 + 2 * 0.01;
    rule_calibrate(&rule, row, room);
    assert_true(fabs((double)row[0] - 0.85 * 0.85 / sum) < 1e-7);
    assert_true(fabs((double)row[1] - 0.35 * 0.35 / sum) < 1e-7);
    assert_true(fabs((double)row[2] - 0.01 / sum) < 1e-8 && row[3] == row[2]);
    rule_free(&rule);
}

static void test_answers(void **state)
{
    (void)state;
    struct rule rule = {.classes = 3};
    const float row[] = {0.5f, 0.25f, 0.25f}, even[] = {0.25f, 0.375f, 0.375f};
    assert_int_equal(rule_answer(&rule, row, 0), 0);
    assert_int_equal(rule_answer(&rule, even, 2), 2); /* equal ones: what was voted */
    assert_int_equal(rule_answer(&rule, even, 0), 1);
    rule.least = 0.6;
    assert_int_equal(rule_answer(&rule, row, 0), RULE_NONE);
    rule.least = 0.5;
    assert_int_equal(rule_answer(&rule, row, 0), 0);
    rule.least = 0;
    /* 0.5 / 2, 0.25 / 0.5, 0.25 / 1 */
    set_list(&rule, RULE_THRESHOLDS, (double[]){2, 0.5, 1}, 3);
    assert_int_equal(rule_answer(&rule, row, 0), 1);
    /* Costs: 0.25 x 9, 0.5 + 0.25, 0.5 + 0.25 x 9. */
    set_list(&rule, RULE_COSTS, (double[]){0, 1, 1, 0, 0, 9, 9, 1, 0}, 9);
    assert_int_equal(rule_answer(&rule, row, 0), 1);
    set_list(&rule, RULE_NO_ANSWER, (double[]){0.7, 0.7, 0.7}, 3);
    assert_int_equal(rule_answer(&rule, row, 0), RULE_NONE);
    set_list(&rule, RULE_NO_ANSWER, (double[]){0.75, 0.75, 0.75}, 3);
    assert_int_equal(rule_answer(&rule, row, 0), 1); /* an answer that costs no more comes first */
    assert_true(rule_abstains(&rule));
    rule_free(&rule);
}

/* The entropy of halves is log 2. */
static void test_novelty_limit(void **state)
{
    (void)state;
    struct rule rule = {.classes = 2};
    const float even[] = {0.5f, 0.5f}, sure[] = {1, 0};
    assert_true(fabs(rule_entropy(even, 2) - 0.6931471805599453) < 1e-15);
    assert_true(rule_entropy(sure, 2) == 0);
    set_list(&rule, RULE_NOVELTY, (double[]){0.69, 0.7}, 2);
    assert_int_equal(rule_answer(&rule, even, 0), RULE_NONE);
    assert_int_equal(rule_answer(&rule, even, 1), 1);
    rule_free(&rule);
}

/* Nine rows of which 0.9 .. 0.1 are the labels': r = ceil(10 x coverage). */
static void test_sets(void **state)
{
    (void)state;
    float proba[18];
    uint32_t label[9] = {0}, voted[9] = {0}, set[4];
    for (int i = 0; i < 9; i++) {
        proba[2 * i] = (float)(i + 1) / 10;
        proba[2 * i + 1] = 1 - proba[2 * i];
    }
    struct rows rows = rows_of(2, proba, label, voted, 9);
    struct rule rule = {.classes = 2};
    assert_true(sets_fit(&rows, &rule));
    assert_true(sets_least(&rule, 0.5) == (double)0.5f);
    assert_true(sets_least(&rule, 0.51) == (double)0.4f);
    assert_true(sets_least(&rule, 0.9) == (double)0.1f);
    assert_true(sets_least(&rule, 0.91) == 0); /* nine rows promise no more */
    assert_true(sets_least(&rule, 0) == (double)0.9f);
    const float row[] = {0.2f, 0.3f, 0.3f, 0.1f};
    assert_int_equal(sets_of(row, 4, 0.15, set), 3);
    assert_true(set[0] == 1 && set[1] == 2 && set[2] == 0);
    assert_int_equal(sets_of(row, 4, 0.5, set), 0);
    rule_free(&rule);
}

/* Of 25,000 rows 10,000 are kept: a set is that of the rank or of one up to three further. */
static void test_sets_thinned(void **state)
{
    (void)state;
    static float proba[2 * 25000];
    static uint32_t label[25000], voted[25000];
    for (int i = 0; i < 25000; i++)
        proba[2 * i] = 1 - (float)i / 32768;
    struct rows rows = rows_of(2, proba, label, voted, 25000);
    struct rule rule = {.classes = 2};
    assert_true(sets_fit(&rows, &rule));
    assert_int_equal(rule.lists[RULE_SCORES].count, SETS_MOST);
    assert_null(rule_check(&rule));
    for (int permille = 1; permille < 1000; permille++) {
        double rank = ceil(25001 * (permille / 1000.0));
        double least = sets_least(&rule, permille / 1000.0);
        double exact = 1 - (rank - 1) / 32768;
        assert_true(least <= exact && least >= exact - 3 / 32768.0);
    }
    rule_free(&rule);
}

/* Weights of n / (n + 1) and (n + 1) / (n + 2), whose first bits are the same: between them class
   0, which is the first to be looked at, loses the one row and has the other, whichever comes
   first; and there is nothing left to do for class 1. */
static void test_near_thresholds(void **state)
{
    (void)state;
    const float n = 1 << 23, unit = 1.0f / (1 << 25);
    const float last = (n + 2) * unit, middle = (n + 1) * unit, first = n * unit;
    const float proba[][6] = {{0.9f, 0.1f, middle, first, last, middle},
                              {0.9f, 0.1f, last, middle, middle, first}};
    const uint32_t labels[][3] = {{0, 0, 1}, {0, 1, 0}}, voted[3] = {0};
    for (int i = 0; i < 2; i++) {
        struct rows rows = rows_of(2, proba[i], labels[i], voted, 3);
        struct rule rule = {.classes = 2};
        assert_true(thresholds_fit(&rows, GOAL_MACRO_F1, 1, &rule));
        assert_true(rule.lists[RULE_THRESHOLDS].values[1] == 1);
        for (int row = 0; row < 3; row++)
            assert_int_equal(rule_answer(&rule, proba[i] + (size_t)2 * row, 0), labels[i][row]);
        rule_free(&rule);
    }
}

/* A share of -0 is one of 0: the same thresholds, of many rows that have such shares. */
static void test_signed_zeros(void **state)
{
    (void)state;
    enum { ROWS = 600, CLASSES = 3 };
    static float proba[ROWS * CLASSES], signed_proba[ROWS * CLASSES];
    static uint32_t labels[ROWS], voted[ROWS];
    for (uint32_t seed = 0; seed < 60; seed++) {
        struct random random = random_keyed(seed, 7);
        for (uint32_t row = 0; row < ROWS; row++) {
            float *shares = proba + (size_t)row * CLASSES;
            const uint32_t first = random_below(&random, CLASSES), second = (first + 1) % CLASSES;
            const float most = 0.5f + 0.125f * (float)random_below(&random, 5);
            memset(shares, 0, CLASSES * sizeof *shares);
            shares[first] = most;
            shares[second] = 1 - most;
            voted[row] = first;
            labels[row] = random_below(&random, 3) ? first : random_below(&random, CLASSES);
        }
        for (uint32_t i = 0; i < ROWS * CLASSES; i++)
            signed_proba[i] = proba[i] == 0 ? -0.0f : proba[i];
        struct rows rows = rows_of(CLASSES, proba, labels, voted, ROWS);
        struct rows signed_rows = rows_of(CLASSES, signed_proba, labels, voted, ROWS);
        struct rule rule = {.classes = CLASSES}, signed_rule = {.classes = CLASSES};
        assert_true(thresholds_fit(&rows, GOAL_MACRO_F1, 1, &rule));
        assert_true(thresholds_fit(&signed_rows, GOAL_MACRO_F1, 1, &signed_rule));
        assert_memory_equal(rule.lists[RULE_THRESHOLDS].values,
                            signed_rule.lists[RULE_THRESHOLDS].values,
                            CLASSES * sizeof *rule.lists[RULE_THRESHOLDS].values);
        rule_free(&rule);
        rule_free(&signed_rule);
    }
}

/*
 * Class 1 is rare, and 0.4 of it are enough: with 1 as the threshold all rows are 0, F1 0.8 and 0;
 * from 2/3 down two rows of three become 1: F1 8/9 and 4/5.
 */
static void test_thresholds(void **state)
{
    (void)state;
    const float proba[] = {0.9f, 0.1f, 0.9f, 0.1f, 0.9f, 0.1f, 0.9f,
                           0.1f, 0.6f, 0.4f, 0.6f, 0.4f, 0.6f, 0.4f};
    const uint32_t label[] = {0, 0, 0, 0, 0, 1, 1}, voted[7] = {0};
    struct rows rows = rows_of(2, proba, label, voted, 7);
    struct rule rule = {.classes = 2};
    assert_true(thresholds_fit(&rows, GOAL_MACRO_F1, 1, &rule));
    const double *thresholds = rule.lists[RULE_THRESHOLDS].values;
    assert_true(thresholds[1] / thresholds[0] < 2 / 3.0 && thresholds[1] / thresholds[0] > 1 / 9.0);
    for (int i = 0; i < 7; i++)
        assert_int_equal(rule_answer(&rule, proba + 2 * i, 0), i >= 4);
    struct goal_counts counts[] = {{5, 4, 4}, {2, 3, 2}};
    assert_true(fabs(goal_mean(GOAL_MACRO_F1, counts, 2) - (8 / 9.0 + 0.8) / 2) < 1e-15);
    assert_true(fabs(goal_mean(GOAL_BALANCED_ACCURACY, counts, 2) - 0.9) < 1e-15);
    /* 0.6 is right 1 of 3 times, 0.9 always, all 5 of 7 times. */
    assert_true(floors_fit(&rows, 0.75, &rule));
    assert_true(rule.lists[RULE_FLOORS].values[0] == (double)0.9f);
    assert_true(isinf(rule.lists[RULE_FLOORS].values[1]));
    rule_free(&rule);
}

static void test_strange_rules(void **state)
{
    (void)state;
    static const struct {
        enum rule_part part;
        double values[4];
        size_t count;
    } cases[] = {
        {RULE_TEMPERATURE, {0.5}, 1},        {RULE_TEMPERATURE, {0, 0.5}, 2},
        {RULE_TEMPERATURE, {0.5, 0}, 2},     {RULE_TEMPERATURE, {NAN, 0.5}, 2},
        {RULE_ISOTONIC_X, {0, 1}, 2},        {RULE_PRIOR, {0.5, 0.5}, 2},
        {RULE_NOVELTY, {NAN, 1}, 2},         {RULE_NOVELTY, {1}, 1},
        {RULE_COSTS, {0, 1, 1}, 3},          {RULE_COSTS, {0, INFINITY, 1, 0}, 4},
        {RULE_NO_ANSWER, {-INFINITY, 0}, 2}, {RULE_THRESHOLDS, {0, 1}, 2},
        {RULE_THRESHOLDS, {1, 1, 1}, 3},     {RULE_FLOORS, {-1, 0}, 2},
        {RULE_SCORES, {0.5, 0.25}, 2},       {RULE_ROWS, {5}, 1},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct rule rule = {.classes = 2};
        assert_null(rule_check(&rule));
        set_list(&rule, cases[i].part, cases[i].values, cases[i].count);
        assert_non_null(rule_check(&rule));
        rule_free(&rule);
    }
}

/* Knots of classes that do not add up, or whose x does not ascend, lead nowhere. */
static void test_strange_curves(void **state)
{
    (void)state;
    static const double knots[][2] = {{2, 2}, {1, 3}, {3, 2}, {0, 4}, {1.5, 2.5}, {4, 1}};
    static const bool fit[] = {true, false, false, false, false, false};
    for (size_t i = 0; i < LENGTH(knots); i++) {
        struct rule rule = {.classes = 2};
        set_list(&rule, RULE_ISOTONIC_KNOTS, knots[i], 2);
        set_list(&rule, RULE_ISOTONIC_X, (double[]){0.25, 0.5, 0, 1}, 4);
        set_list(&rule, RULE_ISOTONIC_Y, (double[]){0, 1, 0, 1}, 4);
        set_list(&rule, RULE_PRIOR, (double[]){0.5, 0.5}, 2);
        assert_int_equal(rule_check(&rule) == NULL, fit[i]);
        rule_free(&rule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_isotonic),      cmocka_unit_test(test_temperature),
        cmocka_unit_test(test_answers),       cmocka_unit_test(test_novelty_limit),
        cmocka_unit_test(test_sets),          cmocka_unit_test(test_sets_thinned),
        cmocka_unit_test(test_thresholds),    cmocka_unit_test(test_near_thresholds),
        cmocka_unit_test(test_signed_zeros),  cmocka_unit_test(test_strange_rules),
        cmocka_unit_test(test_strange_curves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
