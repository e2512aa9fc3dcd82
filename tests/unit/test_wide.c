/*
 * Nodes whose rows have weights: at every level that this machine has the same cut as the plain
 * search, to the bit; of weights that are all alike the cut of no weights; the score of classes
 * that are apart; entropy's terms.
 */
#include "base/random.h"
#include "forest/impurity.h"
#include "forest/search.h"
#include "forest/tally.h"

#include "helpers.h"
#include "rank_all.h"

#include <math.h>

enum { FEATURES = 6, ROWS = 900 };

static const uint32_t features[FEATURES] = {4, 2, 0, 5, 1, 3};
static const struct weights weighed = {.unit = 1};

struct setting {
    uint32_t classes, values, heaviest, count, least;
    uint32_t missing; /* of ten values; and all of feature 4 in the first class */
    float x[ROWS * FEATURES];
    uint32_t class_of[ROWS], weight[ROWS], in_node[ROWS];
    struct matrix matrix;
    struct ranks ranks;
    struct view view;
    struct growth growth;
    struct grow_account account;
    struct tally tally;
    struct node node;
};

/* Of every second feature values are so close that some are too close; feature 5 is constant. */
static float draw_value(struct random *random, uint32_t values, uint32_t feature)
{
    if (feature == 5)
        return 7;
    if (!values)
        return (float)random_unit(random);
    return (float)random_below(random, values) * (feature % 2 ? 4e-8f : 0.25f);
}

static void setting_make(struct setting *s, uint64_t seed)
{
    struct random random = random_keyed(seed, 3);
    for (uint32_t i = 0; i < ROWS * FEATURES; i++) {
        s->x[i] = draw_value(&random, s->values, i % FEATURES);
        if (random_below(&random, 10) < s->missing)
            s->x[i] = i % 2 ? NAN : -NAN;
    }
    uint32_t wanted = s->count;
    s->count = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        s->class_of[i] = random_below(&random, s->classes);
        s->weight[i] = 1 + random_below(&random, s->heaviest);
        if (s->missing && s->class_of[i] == 0)
            s->x[i * FEATURES + 4] = NAN;
        if (random_below(&random, ROWS - i) < wanted - s->count)
            s->in_node[s->count++] = i;
    }
    s->matrix = (struct matrix){ROWS, FEATURES, s->classes, s->x, s->class_of, s->missing};
    s->ranks = rank_all(&s->matrix);
    s->view = (struct view){
        .matrix = &s->matrix, .ranks = &s->ranks, .class_of = s->class_of, .weight = s->weight};
    s->growth = (struct growth){.min_samples_leaf = s->least, .weights = &weighed};
    assert_true(tally_begin(&s->tally, s->classes, &s->account));
    s->node = (struct node){&s->view, &s->growth, &s->tally, s->in_node, NULL, s->count, NULL};
    tally_count(&s->tally, &s->node);
}

static void setting_free(struct setting *s)
{
    tally_free(&s->tally);
    ranks_free(&s->ranks);
}

/* NOLINTBEGIN(readability-non-const-parameter): what it finds is written by way of a quest */
static void find(struct setting *s, const struct search *search, enum cpu_level level,
                 struct cut *best, bool *varies)
/* NOLINTEND(readability-non-const-parameter) */
{
    const struct search_task task = {&s->matrix, &s->growth, kernels_of(level), &s->account};
    void *memory = search->begin(&task);
    assert_non_null(memory);
    for (int round = 0; round < 2; round++) {
        *best = CUT_NONE;
        const struct quest quest = {&s->node, features, FEATURES, varies, best, NULL};
        search->find(memory, &quest, &(struct leftover){0});
    }
    search->end(memory);
}

static void check_setting(struct setting *s, uint64_t seed)
{
    struct cut wanted, found;
    bool wanted_varies[FEATURES], varies[FEATURES];
    setting_make(s, seed);
    find(s, &search_plain, CPU_PORTABLE, &wanted, wanted_varies);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        find(s, &search_wide, (enum cpu_level)level, &found, varies);
        assert_memory_equal(varies, wanted_varies, sizeof varies);
        assert_true(found.score == wanted.score);
        if (wanted.score == -INFINITY)
            continue;
        assert_int_equal(found.feature, wanted.feature);
        assert_int_equal(found.below, wanted.below);
        assert_int_equal(found.above, wanted.above);
        assert_int_equal(found.missing, wanted.missing);
        assert_int_equal(found.missing_left, wanted.missing_left);
        assert_true(found.threshold == wanted.threshold || isnan(found.threshold));
    }
    setting_free(s);
}

static void test_cuts(void **state)
{
    static const uint32_t counts[] = {2,  3,  5,  8,  16, 23, 24, 25,  26,  31,
                                      32, 33, 63, 64, 65, 66, 97, 200, 899, 900};
    static const uint32_t classes[] = {1, 2, 3, 8, 300}, heaviest[] = {1, 4, 1 << 20};
    static struct setting s;
    uint64_t settled = 0;
    (void)state;
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++)
        for (unsigned c = 0; c < sizeof classes / sizeof *classes; c++)
            for (unsigned h = 0; h < 3; h++)
                for (uint32_t least = 1; least < 8; least += 3) {
                    s = (struct setting){.classes = classes[c],
                                         .values = 13 * (h % 2),
                                         .heaviest = heaviest[(h + i) % 3],
                                         .count = counts[i],
                                         .least = least,
                                         .missing = (i + c + h) % 3 * 2};
                    check_setting(&s, 1000 * i + 10 * c + h);
                    settled += s.account.paths[PATH_SETTLED];
                }
    assert_true(s.account.paths[PATH_WIDE] > 0);
    assert_true(settled > 0);
}

/* A unit of any power of two leaves the cut where it is, and its score so many times as high. */
static void test_units(void **state)
{
    static struct setting s;
    struct cut light, heavy;
    bool varies[FEATURES];
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        s = (struct setting){.classes = 4, .heaviest = 9, .count = 300, .least = 1};
        setting_make(&s, seed);
        find(&s, &search_wide, cpu_level(), &light, varies);
        for (uint32_t row = 0; row < ROWS; row++)
            s.weight[row] *= 1 << 15;
        tally_count(&s.tally, &s.node);
        find(&s, &search_wide, cpu_level(), &heavy, varies);
        assert_int_equal(heavy.feature, light.feature);
        assert_int_equal(heavy.below, light.below);
        assert_true(heavy.score == light.score * (1 << 15));
        setting_free(&s);
    }
}

/* Classes that are apart score the node's weight, and nothing more than that. */
static void test_scores(void **state)
{
    struct random random = random_keyed(5, 5);
    (void)state;
    for (int i = 0; i < 100000; i++) {
        const int64_t left = 1 + random_below(&random, 1 << 30);
        const int64_t right = 1 + random_below(&random, 1 << 30), one = i % 2;
        const struct sides sides = {left * left - one * (left - 1) * 2, right * right,
                                    (uint32_t)left, (uint32_t)right};
        const double score = gini_weighed_score(&sides, NULL);
        assert_true(score <= (double)(left + right));
        if (!one || left == 1)
            assert_true(score == (double)(left + right));
    }
}

static void test_entropy_terms(void **state)
{
    int64_t *logs = entropy_logs(0);
    struct random random = random_keyed(1, 1);
    (void)state;
    assert_non_null(logs);
    assert_int_equal(entropy_term(logs, 0), 0);
    for (uint32_t power = 0; power < 31; power++)
        assert_int_equal(entropy_term(logs, UINT32_C(1) << power),
                         ((int64_t)power << power) * (1 << 26));
    for (int i = 0; i < 100000; i++) {
        const uint32_t n = 1 + (random_below(&random, INT32_MAX - 1) >> i % 31);
        const double wanted = n * log2(n) * 0x1p26;
        assert_true(fabs((double)entropy_term(logs, n) - wanted) <= 1 + wanted * 0x1p-49);
    }
    free(logs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuts), cmocka_unit_test(test_units),
                                       cmocka_unit_test(test_scores),
                                       cmocka_unit_test(test_entropy_terms)};
    return cmocka_run_group_tests_name("wide", tests, NULL, NULL);
}
