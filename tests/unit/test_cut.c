/*
 * The best cut of random nodes, at every level that this machine has, against a search that
 * tries everything: values compared as they are, sums counted anew for each cut.
 */
#include "base/random.h"
#include "forest/search.h"
#include "forest/tally.h"

#include "helpers.h"
#include "rank_all.h"

#include <math.h>

enum { FEATURES = 10 };

/* A view, and a node that holds some of its rows. */
struct setting {
    uint32_t rows, classes, values, heaviest, count, least;
    bool telling; /* features tell something of the class, the last ones the most */
    enum criterion criterion;
    float *x;
    uint32_t *class_of, *weight, *in_node;
    uint16_t *codes; /* by place in the node */
    struct matrix matrix;
    struct ranks ranks;
    struct view view;
    struct growth growth;
    struct grow_account account;
    struct tally tally;
    struct node node;
};

/* `values` distinct ones, 0: any. Every second feature has them so close that some are too close.
 */
static float draw_value(struct random *random, uint32_t values, uint32_t feature)
{
    if (!values)
        return (float)random_unit(random);
    return (float)random_below(random, values) * (feature % 2 ? 4e-8f : 0.25f);
}

static uint32_t class_at(const struct setting *s, uint32_t row)
{
    return (uint32_t)((uint64_t)row * s->classes / s->rows);
}

static void setting_make(struct setting *s, uint64_t seed)
{
    struct random random = random_keyed(seed, s->rows);
    s->x = malloc((size_t)s->rows * FEATURES * sizeof *s->x);
    s->class_of = malloc(s->rows * sizeof *s->class_of);
    s->weight = malloc(s->rows * sizeof *s->weight);
    s->in_node = malloc(s->rows * sizeof *s->in_node);
    s->codes = malloc(s->rows * sizeof *s->codes);
    for (uint32_t i = 0; i < s->rows * FEATURES; i++)
        s->x[i] = draw_value(&random, s->values, i % FEATURES) +
                  (s->telling ? (float)(class_at(s, i / FEATURES) * (i % FEATURES)) / 16 : 0);
    uint32_t wanted = s->count;
    s->count = 0;
    for (uint32_t i = 0; i < s->rows; i++) {
        s->class_of[i] = class_at(s, i);
        s->weight[i] = 1 + random_below(&random, s->heaviest);
        if (random_below(&random, s->rows - i) >= wanted - s->count)
            continue;
        s->codes[s->count] = code_of(s->class_of[i], s->weight[i]);
        s->in_node[s->count++] = i;
    }
    s->matrix = (struct matrix){s->rows, FEATURES, s->classes, s->x, s->class_of, false};
    s->ranks = rank_all(&s->matrix);
    s->view = (struct view){
        .matrix = &s->matrix, .ranks = &s->ranks, .class_of = s->class_of, .weight = s->weight};
    s->growth = (struct growth){.criterion = s->criterion, .min_samples_leaf = s->least};
    assert_true(tally_begin(&s->tally, s->classes, &s->account));
    s->node = (struct node){&s->view, &s->growth, &s->tally, s->in_node, s->codes, s->count, NULL};
    tally_count(&s->tally, &s->node);
}

static void setting_free(struct setting *s)
{
    tally_free(&s->tally);
    ranks_free(&s->ranks);
    free(s->x);
    free(s->class_of);
    free(s->weight);
    free(s->in_node);
    free(s->codes);
}

static bool differ_enough(float below, float above)
{
    volatile float reach = below + (float)1e-7; /* in float32, wherever it runs */
    return above > reach;
}

static float value_of(const struct setting *s, uint32_t row, uint32_t feature)
{
    return s->x[(size_t)row * FEATURES + feature];
}

/* Gini's proxy of the cut right above a value, from nothing but the node's rows. */
static double score_above(const struct setting *s, uint32_t feature, float value, uint32_t *on_left)
{
    uint64_t *sides = calloc(2 * (size_t)s->classes, sizeof *sides);
    double sums[2] = {0, 0}, weights[2] = {0, 0};
    *on_left = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t row = s->in_node[i];
        bool right = value_of(s, row, feature) > value;
        sides[2 * s->class_of[row] + right] += s->weight[row];
        weights[right] += s->weight[row];
        *on_left += !right;
    }
    for (uint32_t i = 0; i < 2 * s->classes; i++)
        sums[i % 2] += (double)(sides[i] * sides[i]);
    free(sides);
    volatile double left = sums[0] * weights[1], right = sums[1] * weights[0];
    return (left + right) / (weights[0] * weights[1]);
}

/* What is found: a cut by its values, which ranks stand for. */
struct wanted {
    double score;
    uint32_t feature;
    float below, above;
    bool varies[FEATURES];
};

static int by_float(const void *left, const void *right)
{
    float l = *(const float *)left, r = *(const float *)right;
    return (l > r) - (l < r);
}

static struct wanted try_everything(const struct setting *s)
{
    struct wanted best = {.score = -INFINITY};
    float *sorted = malloc(s->count * sizeof *sorted);
    for (uint32_t feature = 0; feature < FEATURES; feature++) {
        for (uint32_t i = 0; i < s->count; i++)
            sorted[i] = value_of(s, s->in_node[i], feature);
        qsort(sorted, s->count, sizeof *sorted, by_float);
        best.varies[feature] = differ_enough(sorted[0], sorted[s->count - 1]);
        for (uint32_t i = 0; i + 1 < s->count; i++) {
            uint32_t on_left;
            if (!differ_enough(sorted[i], sorted[i + 1]))
                continue;
            double score = score_above(s, feature, sorted[i], &on_left);
            if (on_left < s->least || s->count - on_left < s->least || score <= best.score)
                continue;
            best.score = score;
            best.feature = feature;
            best.below = sorted[i];
            best.above = sorted[i + 1];
        }
    }
    free(sorted);
    return best;
}

static float value_at_rank(const struct setting *s, uint32_t feature, uint32_t rank)
{
    struct rank_column column = ranks_column(&s->ranks, feature);
    uint32_t row = 0;
    while (column_rank(&column, row) != rank)
        row++;
    return value_of(s, row, feature);
}

static void check_found(const struct setting *s, const struct wanted *wanted,
                        const struct cut *found, const bool *varies)
{
    assert_memory_equal(varies, wanted->varies, sizeof wanted->varies);
    assert_true(found->score == wanted->score);
    if (wanted->score == -INFINITY)
        return;
    assert_int_equal(found->feature, wanted->feature);
    assert_true(value_at_rank(s, found->feature, found->below) == wanted->below);
    assert_true(value_at_rank(s, found->feature, found->above) == wanted->above);
}

static struct cutter *make_cutter(struct setting *s, enum cpu_level level)
{
    const struct search_task task = {&s->matrix, &s->growth, kernels_of(level), &s->account};
    struct cutter *cutter = cutter_new(&task);
    assert_non_null(cutter);
    return cutter;
}

/* Every level finds the same, with codes, by columns and by row, and without, twice over with the
   same memory. */
static struct grow_account check_setting(struct setting setting, uint64_t seed)
{
    static const uint32_t features[FEATURES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    struct setting *s = &setting;
    setting_make(s, seed);
    struct wanted wanted = try_everything(s);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct cutter *cutter = make_cutter(s, (enum cpu_level)level);
        for (int round = 0; round < 3; round++) {
            bool varies[FEATURES];
            struct cut found = CUT_NONE;
            s->node.codes = round < 2 ? s->codes : NULL;
            s->view.whole = round == 1 && s->ranks.by_row ? &s->ranks : NULL;
            const struct quest quest = {&s->node, features, FEATURES, varies, &found, NULL};
            cutter_try(cutter, &quest);
            check_found(s, &wanted, &found, varies);
        }
        cutter_free(cutter);
    }
    setting_free(s);
    return s->account;
}

static const uint32_t counts[] = {2, 3, 5, 8, 9, 16, 17, 31, 32, 33, 48, 65, 96, 97, 130, 260, 500};
enum { COUNTS = sizeof counts / sizeof *counts };

static void check_counts(struct setting setting)
{
    for (unsigned i = 0; i < COUNTS; i++) {
        setting.count = counts[i];
        if (setting.count >= 2 * setting.least)
            check_setting(setting, i);
    }
}

static void test_distinct_values(void **state)
{
    (void)state;
    check_counts((struct setting){.rows = 600, .classes = 3, .heaviest = 4, .least = 1});
    check_counts((struct setting){.rows = 600, .classes = 40, .heaviest = 15, .least = 1});
    check_counts((struct setting){.rows = 6000, .classes = 8, .heaviest = 3, .least = 1});
}

/* So few that at every level marks put them in order: twice each, with codes. But with AVX2 a
   network does those of many classes, once: the other time their ranks are not there by row. */
static void test_few_rows_among_many(void **state)
{
    (void)state;
    enum { ROWS = 7000, COUNT = 100 };
    static const uint32_t classes[] = {3, 16, 40};
    const uint64_t levels = cpu_level() + 1;
    for (unsigned i = 0; i < sizeof classes / sizeof *classes; i++)
        for (uint32_t values = 0; values <= 200; values += 200) {
            const struct grow_account account =
                check_setting((struct setting){.rows = ROWS,
                                               .classes = classes[i],
                                               .values = values,
                                               .heaviest = 9,
                                               .count = COUNT,
                                               .least = 1},
                              i);
            const uint64_t network = i == 2 && cpu_level() >= CPU_AVX2;
            assert_int_equal(account.paths[PATH_NETWORK], network);
            assert_int_equal(account.paths[PATH_PLACED], 2 * levels - network);
            assert_int_equal(account.paths[PATH_FEW], i < 2 ? 2 * (levels - 1) : 0);
        }
}

static void test_ties_and_close_values(void **state)
{
    (void)state;
    check_counts(
        (struct setting){.rows = 600, .classes = 4, .values = 2, .heaviest = 3, .least = 1});
    check_counts(
        (struct setting){.rows = 600, .classes = 4, .values = 30, .heaviest = 3, .least = 1});
    check_counts(
        (struct setting){.rows = 600, .classes = 2, .values = 3000, .heaviest = 1, .least = 1});
}

static void test_least_samples(void **state)
{
    (void)state;
    check_counts((struct setting){.rows = 600, .classes = 5, .heaviest = 2, .least = 2});
    check_counts(
        (struct setting){.rows = 600, .classes = 5, .values = 50, .heaviest = 2, .least = 15});
    check_counts((struct setting){.rows = 600, .classes = 5, .heaviest = 2, .least = 40});
}

/* Of nodes that are scanned in part, what is left out has the better cut of too few rows, or has
   not. */
static void test_least_samples_of_telling_features(void **state)
{
    (void)state;
    uint64_t passed = 0;
    for (uint32_t seed = 0; seed < 120; seed++) {
        const uint32_t rows = 256 + 9 * (seed % 40);
        const struct setting setting = {.rows = rows,
                                        .classes = 2 + seed % 5,
                                        .values = seed % 3 ? 0 : 50,
                                        .heaviest = 1 + seed % 4,
                                        .least = 1 + seed % 48,
                                        .count = rows,
                                        .telling = true};
        passed += check_setting(setting, seed).paths[PATH_PASSED];
    }
    assert_in_range(passed, 1, UINT64_MAX);
}

static void test_one_class_and_many(void **state)
{
    (void)state;
    check_counts((struct setting){.rows = 600, .classes = 1, .heaviest = 2, .least = 1});
    check_counts((struct setting){.rows = 600, .classes = 4096, .heaviest = 2, .least = 1});
}

static void test_wide_ranks_and_sparse_nodes(void **state)
{
    (void)state;
    struct setting setting = {.rows = 70000, .classes = 6, .heaviest = 4, .least = 1};
    for (setting.count = 10; setting.count < 4000; setting.count *= 6)
        check_setting(setting, setting.count);
}

static void test_heavy_node(void **state)
{
    (void)state;
    /* More weight than the signed 16 bits of the AVX-512 sums hold. */
    struct setting setting = {
        .rows = 5000, .classes = 3, .values = 25, .heaviest = 15, .count = 4900, .least = 1};
    check_setting(setting, 1);
    setting.values = 0;
    setting.least = 3;
    check_setting(setting, 2);
}

/* Entropy: the same search with logarithms, which have an error. */
static void test_entropy(void **state)
{
    (void)state;
    struct setting setting = {.rows = 300,
                              .classes = 2,
                              .heaviest = 1,
                              .least = 1,
                              .count = 200,
                              .criterion = CRITERION_ENTROPY};
    setting_make(&setting, 3);
    /* A feature that tells the classes apart by itself is best, and its score is no entropy. */
    for (uint32_t row = 0; row < setting.rows; row++)
        setting.x[(size_t)row * FEATURES + 4] = (float)setting.class_of[row];
    struct error error;
    assert_true(ranks_sort(&setting.ranks, &setting.matrix, 4 / ranks_group(&setting.ranks),
                           cpu_level(), &error));
    struct cutter *cutter = make_cutter(&setting, cpu_level());
    uint32_t features[] = {3, 4, 5};
    bool varies[3];
    struct cut found = CUT_NONE;
    cutter_try(cutter, &(struct quest){&setting.node, features, 3, varies, &found, NULL});
    assert_int_equal(found.feature, 4);
    assert_true(found.score == 0);
    assert_true(value_at_rank(&setting, 4, found.below) == 0);
    cutter_free(cutter);
    setting_free(&setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distinct_values),
        cmocka_unit_test(test_few_rows_among_many),
        cmocka_unit_test(test_ties_and_close_values),
        cmocka_unit_test(test_least_samples),
        cmocka_unit_test(test_least_samples_of_telling_features),
        cmocka_unit_test(test_one_class_and_many),
        cmocka_unit_test(test_wide_ranks_and_sparse_nodes),
        cmocka_unit_test(test_heavy_node),
        cmocka_unit_test(test_entropy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
