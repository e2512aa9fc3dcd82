/*
 * Cuts that are drawn at random, at every level that this machine has, against a search that draws
 * the same numbers and counts anew for each cut; and that they are drawn uniformly.
 */
#include "base/random.h"
#include "forest/search.h"
#include "forest/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FEATURES = 7, ROWS = 700 };

/* A view, and a node that holds its first `count` rows. */
struct setting {
    uint32_t classes, values, count, least;
    float x[ROWS * FEATURES];
    uint32_t class_of[ROWS], weight[ROWS], in_node[ROWS];
    uint16_t codes[ROWS];
    struct matrix matrix;
    struct ranks ranks;
    struct view view;
    struct growth growth;
    struct grow_account account;
    struct tally tally;
    struct node node;
};

static const uint32_t features[FEATURES] = {3, 0, 6, 2, 1, 5, 4};

/* Feature 2 is constant, feature 5 all but that, and feature 6 has zeros of both signs. */
static float draw_value(struct random *random, uint32_t values, uint32_t feature)
{
    if (feature == 2)
        return 4;
    if (feature == 5)
        return 1 + 1e-7f * (float)random_below(random, 2);
    if (feature == 6)
        return (float[]){-0.0f, 0.0f, -1, 3}[random_below(random, 4)];
    return values ? (float)random_below(random, values) - 3 : (float)random_unit(random) - 0.5f;
}

static void setting_make(struct setting *s, uint64_t seed)
{
    struct random random = random_keyed(seed, 1);
    struct error error;
    for (uint32_t i = 0; i < ROWS * FEATURES; i++)
        s->x[i] = draw_value(&random, s->values, i % FEATURES);
    for (uint32_t i = 0; i < ROWS; i++) {
        s->class_of[i] = (uint32_t)((uint64_t)i * s->classes / ROWS);
        s->weight[i] = 1 + random_below(&random, 4);
        s->codes[i] = code_of(s->class_of[i], s->weight[i]);
        s->in_node[i] = i;
    }
    s->matrix = (struct matrix){ROWS, FEATURES, s->classes, s->x, s->class_of, false};
    assert_true(ranks_begin_keys(&s->ranks, ROWS, FEATURES, &error));
    for (uint32_t group = 0; group < ranks_groups(&s->ranks); group++)
        assert_true(ranks_sort(&s->ranks, &s->matrix, group, cpu_level(), &error));
    s->view = (struct view){
        .matrix = &s->matrix, .ranks = &s->ranks, .class_of = s->class_of, .weight = s->weight};
    s->growth = (struct growth){.splitter = SPLITTER_RANDOM, .min_samples_leaf = s->least};
    assert_true(tally_begin(&s->tally, s->classes, &s->account));
    s->node = (struct node){&s->view, &s->growth, &s->tally, s->in_node, s->codes, s->count, NULL};
    tally_count(&s->tally, &s->node);
}

static void setting_free(struct setting *s)
{
    tally_free(&s->tally);
    ranks_free(&s->ranks);
}

static float value_of(const struct setting *s, uint32_t row, uint32_t feature)
{
    return s->x[row * FEATURES + feature];
}

/* Gini's proxy of a cut; NaN where one side has too few rows. */
static double score_at(const struct setting *s, uint32_t feature, double threshold)
{
    uint64_t sides[2][64] = {{0}};
    double sums[2] = {0, 0}, weights[2] = {0, 0};
    uint32_t rows[2] = {0, 0};
    for (uint32_t row = 0; row < s->count; row++) {
        const int side = (double)value_of(s, row, feature) > threshold;
        sides[side][s->class_of[row]] += s->weight[row];
        weights[side] += s->weight[row];
        rows[side]++;
    }
    for (int side = 0; side < 2; side++)
        for (int class = 0; class < 64; class ++)
            sums[side] += (double)(sides[side][class] * sides[side][class]);
    if (rows[0] < s->least || rows[1] < s->least)
        return NAN;
    volatile double left = sums[0] * weights[1], right = sums[1] * weights[0];
    return (left + right) / (weights[0] * weights[1]);
}

/* Draws as scikit-learn's random splitter does; the threshold is its double. */
static double draw_one(const struct setting *s, uint32_t feature, struct random *random,
                       bool *varies)
{
    float lowest = INFINITY, highest = -INFINITY;
    for (uint32_t row = 0; row < s->count; row++) {
        lowest = fminf(lowest, value_of(s, row, feature));
        highest = fmaxf(highest, value_of(s, row, feature));
    }
    volatile float reach = lowest + (float)1e-7;
    *varies = highest > reach;
    if (!*varies)
        return NAN;
    volatile double part = ((double)highest - (double)lowest) * random_unit(random);
    const double threshold = lowest + part;
    return threshold == (double)highest ? lowest : threshold;
}

static void check_found(const struct setting *s, const struct cut *found, const bool *varied,
                        struct random random)
{
    double best = -INFINITY, threshold = NAN;
    uint32_t feature = 0;
    for (int i = 0; i < FEATURES; i++) {
        bool varies;
        const double drawn = draw_one(s, features[i], &random, &varies);
        assert_int_equal(varied[i], varies);
        const double score = varies ? score_at(s, features[i], drawn) : NAN;
        if (score > best) {
            best = score;
            feature = features[i];
            threshold = drawn;
        }
    }
    assert_true(found->score == best);
    if (best == -INFINITY)
        return;
    assert_int_equal(found->feature, feature);
    /* The floats that are not above one threshold are those that are not above the other. */
    assert_true((double)found->threshold <= threshold);
    assert_true((double)nextafterf(found->threshold, INFINITY) > threshold);
    assert_int_equal(found->below, ranks_key(found->threshold));
}

static void check_setting(struct setting *s, uint64_t seed)
{
    setting_make(s, seed);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        const struct search_task task = {&s->matrix, &s->growth, kernels_of((enum cpu_level)level),
                                         &s->account};
        struct cutter *cutter = cutter_new(&task);
        assert_non_null(cutter);
        for (int round = 0; round < 3; round++) {
            bool varies[FEATURES];
            struct random random = random_keyed(seed, 77), before = random;
            struct cut found = CUT_NONE;
            /* Side by side, by columns, and by columns without codes. */
            s->node.codes = round < 2 ? s->codes : NULL;
            s->view.x = round < 1 ? s->x : NULL;
            const struct quest quest = {&s->node, features, FEATURES, varies, &found, &random};
            cutter_try(cutter, &quest);
            check_found(s, &found, varies, before);
            assert_int_equal(found.by_value, round < 1 && found.score > -INFINITY);
        }
        cutter_free(cutter);
    }
    setting_free(s);
}

static void test_cuts(void **state)
{
    static const uint32_t counts[] = {2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 200, ROWS};
    static const uint32_t classes[] = {1, 2, 7, 16, 17, 60};
    static struct setting s;
    (void)state;
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++)
        for (unsigned c = 0; c < sizeof classes / sizeof *classes; c++)
            for (uint32_t least = 1; least < 12; least += 5) {
                s = (struct setting){.classes = classes[c],
                                     .values = 9 * (c % 2),
                                     .count = counts[i],
                                     .least = least};
                check_setting(&s, 100 * i + c);
            }
    assert_true(s.account.paths[PATH_DRAWN] > 0 && s.account.paths[PATH_ABREAST] > 0);
    if (cpu_level() == CPU_AVX512)
        assert_true(s.account.paths[PATH_GATHERED] > 0);
}

/* A key stands for its value, and ascends with it. */
static void test_keys(void **state)
{
    static const float values[] = {-3.4e38f, -1, -1e-45f, 0, 1e-45f, 0.5f, 3.4e38f};
    (void)state;
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        assert_true(ranks_value(ranks_key(values[i])) == values[i]);
        if (i)
            assert_true(ranks_key(values[i - 1]) < ranks_key(values[i]));
    }
    assert_int_equal(ranks_key(-0.0f), ranks_key(0.0f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuts), cmocka_unit_test(test_keys)};
    return cmocka_run_group_tests_name("extra", tests, NULL, NULL);
}
