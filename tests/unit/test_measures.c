/* Measures, worked out by hand, and their intervals, by scipy. */
#include "score/coverage.h"
#include "score/intervals.h"
#include "score/mcnemar.h"
#include "score/measures.h"
#include "score/paired.h"

#include "helpers.h"
#include <math.h>

static const double log_2 = 0.6931471805599453;

static void assert_near(double got, double expected)
{
    double most = 1e-13 * (fabs(expected) > 1 ? fabs(expected) : 1);
    if (!(fabs(got - expected) <= most))
        fail_msg("%.17g, expected %.17g", got, expected);
}

static void add(struct answers *answers, const char *label, uint32_t predicted, float a, float b,
                float c)
{
    const float proba[] = {a, b, c};
    assert_null(answers_check(proba, 3));
    assert_true(answers_row(answers, text_of(label), predicted, proba));
}

/* Equal probabilities within rows and within columns; a label that got none. */
static struct answers example(void)
{
    struct answers answers = {.keeps = ANSWERS_CURVES, .proba = true, .classes_known = true};
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(answers_class(&answers, text_of(&"a\0b\0c"[2 * i])), i);
    add(&answers, "a", 0, 0.5f, 0.25f, 0.25f);
    add(&answers, "a", 1, 0.25f, 0.5f, 0.25f);
    add(&answers, "b", 1, 0.25f, 0.5f, 0.25f);
    add(&answers, "c", 0, 0.5f, 0.5f, 0);
    return answers;
}

static struct trial trial_of(const struct answers *answers, const struct costs *costs)
{
    struct error error;
    struct trial trial = {.answers = answers, .set = MEASURES_ALL, .top = 2};
    if (!costs)
        trial.set &= ~(unsigned)MEASURES_OF_COSTS;
    assert_true(trial_prepare(&trial, costs, &error));
    return trial;
}

static void test_measures(void **state)
{
    (void)state;
    struct answers answers = example();
    struct trial trial = trial_of(&answers, NULL);
    double values[MEASURE_COUNT];
    trial_measure(&trial, NULL, values);
    assert_near(values[MEASURE_ACCURACY], 0.5);
    assert_near(values[MEASURE_BALANCED], (0.5 + 1 + 0) / 3);
    assert_near(values[MEASURE_KAPPA], (8 - 6) / 10.0);
    assert_near(values[MEASURE_MATTHEWS], 2 / sqrt(10 * 8));
    assert_near(values[MEASURE_MACRO_PRECISION], (0.5 + 0.5 + 0) / 3);
    assert_near(values[MEASURE_WEIGHTED_RECALL], 0.5);
    assert_near(values[MEASURE_LOG_LOSS], (1 + 2 + 1 + 52) * log_2 / 4);
    assert_near(values[MEASURE_BRIER], (0.375 + 0.875 + 0.375 + 1.5) / 4);
    assert_near(values[MEASURE_AUC], (0.5 + 2 / 3.0 + 0) / 3);
    assert_near(values[MEASURE_AUC_WEIGHTED], (2 * 0.5 + 2 / 3.0 + 0) / 4);
    assert_near(values[MEASURE_TOP], 0.75);
    assert_true(isnan(values[MEASURE_COST]));
    assert_int_equal(answers.hopeless, 1);
    trial_free(&trial);
    answers_free(&answers);
}

/* The second row twice, the fourth not at all: the class c does not occur then. */
static void test_weights(void **state)
{
    (void)state;
    struct answers answers = example();
    struct trial trial = trial_of(&answers, NULL);
    double values[MEASURE_COUNT];
    trial_measure(&trial, (const uint32_t[]){1, 2, 1, 0}, values);
    assert_near(values[MEASURE_ACCURACY], 0.5);
    assert_near(values[MEASURE_BALANCED], (1 / 3.0 + 1) / 2);
    assert_near(values[MEASURE_MACRO_PRECISION], (1 + 1 / 3.0) / 2);
    assert_near(values[MEASURE_LOG_LOSS], 1.5 * log_2);
    assert_near(values[MEASURE_AUC], 2 / 3.0);
    assert_near(values[MEASURE_AUC_WEIGHTED], 2 / 3.0);
    assert_near(values[MEASURE_TOP], 1);
    trial_measure(&trial, NULL, values);
    assert_near(values[MEASURE_AUC], (0.5 + 2 / 3.0) / 3);
    trial_free(&trial);
    answers_free(&answers);
}

/* No row has its class among the three: a row of other classes for all of them. */
static void test_unknown_label(void **state)
{
    (void)state;
    struct answers answers = example();
    add(&answers, "z", 0, 1, 0, 0);
    const struct answers_chance *chance = &answers.chances[4];
    assert_near(chance->loss, 52 * log_2);
    assert_near(chance->brier, 2);
    assert_int_equal(chance->place, ANSWERS_NOWHERE);
    struct trial trial = trial_of(&answers, NULL);
    double values[MEASURE_COUNT];
    trial_measure(&trial, NULL, values);
    assert_near(values[MEASURE_AUC], (2 / 6.0 + 3 / 4.0 + 0.5 / 4) / 3);
    assert_near(values[MEASURE_TOP], 0.6);
    trial_free(&trial);
    answers_free(&answers);
}

/* One label for all: what chance does can't be exceeded, and nothing correlates. */
static void test_undefined(void **state)
{
    (void)state;
    struct answers answers = {.keeps = ANSWERS_ROWS};
    uint32_t a = answers_class(&answers, text_of("a"));
    for (int i = 0; i < 3; i++)
        assert_true(answers_row(&answers, text_of("a"), a, NULL));
    struct error error;
    struct trial trial = {.answers = &answers, .set = 1 << MEASURE_KAPPA | 1 << MEASURE_MATTHEWS};
    assert_true(trial_prepare(&trial, NULL, &error));
    struct figure figures[MEASURE_COUNT];
    assert_true(figures_of(&trial, &(struct resampling){0, 5}, figures));
    assert_true(isnan(figures[MEASURE_KAPPA].value));
    assert_true(isnan(figures[MEASURE_KAPPA].interval.low));
    assert_near(figures[MEASURE_MATTHEWS].value, 0);
    trial_free(&trial);
    answers_free(&answers);
}

static void test_names(void **state)
{
    (void)state;
    unsigned set = 0;
    assert_null(measures_parse("auc,log-loss,top", &set));
    assert_int_equal(set, 1 << MEASURE_AUC | 1 << MEASURE_LOG_LOSS | 1 << MEASURE_TOP);
    assert_string_equal(measures_parse("auc,au,top", &set), "au,top");
    assert_string_equal(measures_parse("auc,", &set), "");
}

static void test_probabilities_refused(void **state)
{
    (void)state;
    assert_non_null(answers_check((const float[]){0.5f, NAN}, 2));
    assert_non_null(answers_check((const float[]){1.5f, -0.5f}, 2));
    assert_non_null(answers_check((const float[]){0.5f, 0.4f}, 2));
    assert_null(answers_check((const float[]){0.33333334f, 0.33333334f, 0.33333334f}, 3));
}

/* ---- costs ---- */

static void test_costs(void **state)
{
    (void)state;
    struct answers answers = example();
    struct costs costs;
    struct error error;
    assert_true(costs_parse(text_of("\tc\ta\tb\r\n"
                                    "c\t0\t7.5\t9\r\n"
                                    "a\t9\t-1\t2\n"
                                    "b\t9\t9\t0"),
                            "costs", &costs, &error));
    struct trial trial = trial_of(&answers, &costs);
    double values[MEASURE_COUNT];
    trial_measure(&trial, NULL, values);
    assert_near(values[MEASURE_COST], (-1 + 2 + 0 + 7.5) / 4);
    assert_near(trial_cost(&trial), 8.5);
    trial_measure(&trial, (const uint32_t[]){1, 2, 1, 0}, values);
    assert_near(values[MEASURE_COST], (-1 + 2 * 2 + 0) / 4.0);
    trial_free(&trial);
    costs_free(&costs);
    answers_free(&answers);
}

static void test_costs_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "costs: is empty: there are no costs"},
        {"a\nb\n", "costs:1: no predicted labels"},
        {"\ta\ta\n", "costs:1: the label 'a' stands twice"},
        {"\ta\nb\t1\nb\t2\n", "costs:3: the label 'b' stands twice"},
        {"\ta\tb\na\t1\n", "costs:2: 2 fields, and the first line has 3"},
        {"\ta\na\t1,5\n", "costs:2: '1,5' is no number"},
        {"\ta\na\tinf\n", "costs:2: 'inf' is no number"},
        {"\ta\na\t\n", "costs:2: '' is no number"},
        {"\ta\n\nb 1\n", "costs:3: 1 field, and the first line has 2"},
        {"\t\xff\n", "costs:1: a label is not valid UTF-8"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct costs costs;
        struct error error = {STATUS_DONE, ""};
        assert_false(costs_parse(text_of(cases[i][0]), "costs", &costs, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        assert_memory_equal(error.text, cases[i][1], strlen(cases[i][1]));
    }
}

/* ---- intervals, tests, coverage ---- */

static void test_wilson(void **state)
{
    (void)state;
    static const struct {
        uint64_t part, whole;
        struct interval interval;
    } cases[] = {{8, 10, {0.4901624715366418, 0.9433178485456248}},
                 {0, 5, {0.0, 0.43448246478317476}},
                 {5, 5, {0.5655175352168251, 1.0}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interval interval = interval_wilson(cases[i].part, cases[i].whole);
        assert_near(interval.low, cases[i].interval.low);
        assert_near(interval.high, cases[i].interval.high);
    }
    assert_true(isnan(interval_wilson(0, 0).low));
}

static void test_percentile(void **state)
{
    (void)state;
    double values[] = {4, NAN, 1, 3, 2};
    struct interval interval = interval_percentile(values, 5);
    assert_near(interval.low, 1.075);
    assert_near(interval.high, 3.925);
    double one[] = {7};
    assert_near(interval_percentile(one, 1).low, 7);
    assert_true(isnan(interval_percentile(NULL, 0).high));
}

static void test_mcnemar(void **state)
{
    (void)state;
    struct mcnemar test = mcnemar_of(2, 10);
    assert_true(test.exact);
    assert_near(test.p, 2 * (1 + 12 + 66) / 4096.0);
    assert_near(mcnemar_of(5, 5).p, 1);
    assert_near(mcnemar_of(0, 0).p, 1);
    assert_true(mcnemar_of(24, 0).exact);
    assert_near(mcnemar_of(24, 0).p, 2 / 16777216.0);
    test = mcnemar_of(30, 10);
    assert_false(test.exact);
    assert_near(test.statistic, 19 * 19 / 40.0);
    assert_near(test.p / 0.002663119259138558, 1);
    assert_near(mcnemar_of(13, 13).statistic, 1 / 26.0);
}

static void test_tail(void **state)
{
    (void)state;
    static const double cases[][2] = {{0, 1.0},
                                      {1e-06, 0.9992021155721779},
                                      {0.5, 0.47950012218695337},
                                      {3.841458820694124, 0.04999999999999989},
                                      {7.9, 0.004943479736228239},
                                      {8.1, 0.004426525857919834},
                                      {30, 4.3204630578274955e-08},
                                      {200, 2.0884875837625688e-45},
                                      {1300, 1.1303728441493301e-284}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double relative = mcnemar_tail(cases[i][0]) / cases[i][1] - 1;
        assert_true(fabs(relative) < 1e-12);
    }
    assert_true(mcnemar_tail(1e6) == 0);
}

static void test_coverage(void **state)
{
    (void)state;
    struct answers answers = example();
    add(&answers, "z", 0, 1, 0, 0);
    add(&answers, "b", 1, 0.25f, 0.75f, 0);
    struct coverage_step steps[COVERAGE_STEPS];
    size_t count;
    assert_true(coverage_of(&answers, steps, &count));
    assert_int_equal(count, 3);
    static const struct coverage_step expected[] = {{0.5f, 6, 3}, {0.75f, 2, 1}, {1, 1, 0}};
    for (size_t i = 0; i < count; i++) {
        assert_true(steps[i].confidence == expected[i].confidence);
        assert_int_equal(steps[i].answered, expected[i].answered);
        assert_int_equal(steps[i].right, expected[i].right);
    }
    answers_free(&answers);
}

/* ---- two models ---- */

static void test_pair(void **state)
{
    (void)state;
    struct answers first = example(), second = {.keeps = ANSWERS_ROWS};
    struct paired paired;
    uint64_t row;
    uint32_t c = answers_class(&second, text_of("c")), a = answers_class(&second, text_of("a"));
    assert_true(answers_row(&second, text_of("a"), a, NULL));
    assert_true(answers_row(&second, text_of("a"), a, NULL));
    assert_true(answers_row(&second, text_of("b"), c, NULL));
    assert_false(paired_of(&first, &second, &paired, &row));
    assert_int_equal(row, 3);
    assert_true(answers_row(&second, text_of("c"), a, NULL));
    assert_true(paired_of(&first, &second, &paired, &row));
    assert_int_equal(paired.both, 1);
    assert_int_equal(paired.first, 1);
    assert_int_equal(paired.second, 1);
    assert_int_equal(paired.neither, 1);
    answers_free(&second);
    second.keeps = ANSWERS_ROWS;
    assert_true(answers_row(&second, text_of("b"), answers_class(&second, text_of("b")), NULL));
    assert_false(paired_of(&first, &second, &paired, &row));
    assert_int_equal(row, 0);
    answers_free(&first);
    answers_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measures),      cmocka_unit_test(test_weights),
        cmocka_unit_test(test_unknown_label), cmocka_unit_test(test_undefined),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_probabilities_refused),
        cmocka_unit_test(test_costs),         cmocka_unit_test(test_costs_refused),
        cmocka_unit_test(test_wilson),        cmocka_unit_test(test_percentile),
        cmocka_unit_test(test_mcnemar),       cmocka_unit_test(test_tail),
        cmocka_unit_test(test_coverage),      cmocka_unit_test(test_pair),
    };
    return RUN_TESTS("measures", tests);
}
