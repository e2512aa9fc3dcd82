/* Which features are drawn: how many, how evenly, and what is remembered of constant ones. */
#include "forest/draw.h"
#include "forest/tally.h"

#include "helpers.h"
#include "rank_all.h"

#include <math.h>

enum { ROWS = 4, FEATURES = 60 };

/* Two samples of each of two classes; the first `varying` features tell them apart. */
struct setting {
    uint32_t varying;
    float x[ROWS * FEATURES];
    uint32_t class_of[ROWS], weight[ROWS], rows[ROWS];
    struct matrix matrix;
    struct ranks ranks;
    struct view view;
    struct growth growth;
    struct grow_account account;
    struct tally tally;
    struct node node;
    struct cutter *cutter;
    struct draw draw;
};

static void setting_make(struct setting *s, uint32_t varying, uint32_t max_features)
{
    *s = (struct setting){.varying = varying, .growth.max_features = max_features};
    for (uint32_t row = 0; row < ROWS; row++) {
        s->class_of[row] = row % 2;
        s->weight[row] = 1;
        s->rows[row] = row;
        for (uint32_t feature = 0; feature < varying; feature++)
            s->x[row * FEATURES + feature] = (float)(row % 2);
    }
    s->matrix = (struct matrix){ROWS, FEATURES, 2, s->x, s->class_of, false};
    s->ranks = rank_all(&s->matrix);
    s->view = (struct view){
        .matrix = &s->matrix, .ranks = &s->ranks, .class_of = s->class_of, .weight = s->weight};
    s->growth.min_samples_leaf = 1;
    assert_true(tally_begin(&s->tally, 2, &s->account));
    s->node = (struct node){&s->view, &s->growth, &s->tally, s->rows, NULL, ROWS, NULL};
    tally_count(&s->tally, &s->node);
    const struct search_task task = {&s->matrix, &s->growth, &kernels_portable, &s->account};
    s->cutter = cutter_new(&task);
    assert_non_null(s->cutter);
    assert_true(draw_begin(&s->draw, FEATURES));
    draw_reset(&s->draw);
}

static void setting_free(struct setting *s)
{
    draw_free(&s->draw);
    cutter_free(s->cutter);
    tally_free(&s->tally);
    ranks_free(&s->ranks);
}

static bool draw_once(struct setting *s, struct random *random, uint32_t *constants,
                      struct cut *cut)
{
    return draw_best_cut(&s->draw, random, s->cutter, &s->node, constants, cut);
}

static void test_goes_on_until_one_varies(void **state)
{
    (void)state;
    struct setting s;
    setting_make(&s, 1, 1);
    struct random random = random_keyed(1, 1);
    uint64_t found_constants = 0;
    for (int round = 0; round < 2000; round++) {
        uint32_t constants = 0;
        struct cut cut;
        draw_reset(&s.draw);
        assert_true(draw_once(&s, &random, &constants, &cut));
        assert_int_equal(cut.feature, 0);
        /* Two rows of each class, told apart: sum(l^2)/n_l + sum(r^2)/n_r = 2 + 2. */
        assert_true(cut.score == 4);
        found_constants += constants;
    }
    /* Drawn before it: 0 to 59, each as likely, 29.5 in the mean with a deviation of 0.387. */
    assert_true(fabs((double)found_constants / 2000 - 29.5) < 4 * 0.387);
    setting_free(&s);
}

static void test_all_constant(void **state)
{
    (void)state;
    struct setting s;
    setting_make(&s, 0, 7);
    struct random random = random_keyed(1, 2);
    uint32_t constants = 0;
    struct cut cut;
    assert_false(draw_once(&s, &random, &constants, &cut));
    assert_int_equal(constants, FEATURES);
    assert_false(draw_once(&s, &random, &constants, &cut));
    setting_free(&s);
}

static void test_each_feature_is_as_likely(void **state)
{
    (void)state;
    /* All vary and tie, so that the first one drawn wins. */
    enum { DRAWS = 60000 };
    struct setting s;
    setting_make(&s, FEATURES, 7);
    struct random random = random_keyed(1, 3);
    uint32_t won[FEATURES] = {0};
    for (int round = 0; round < DRAWS; round++) {
        uint32_t constants = 0;
        struct cut cut;
        assert_true(draw_once(&s, &random, &constants, &cut));
        assert_int_equal(constants, 0);
        won[cut.feature]++;
    }
    double chi = 0, even = (double)DRAWS / FEATURES;
    for (int i = 0; i < FEATURES; i++)
        chi += (won[i] - even) * (won[i] - even) / even;
    /* Chi-squared with 59 degrees of freedom: above 98.3 once in a thousand. */
    assert_true(chi < 98.3);
    setting_free(&s);
}

static void test_known_constants_count_as_drawn(void **state)
{
    (void)state;
    /* With 7 of 60 drawn and 30 constant, whether known or not, none of the 30 others is among
       them once in C(60, 7) / C(30, 7), and then they are drawn until one is. */
    struct setting s;
    setting_make(&s, 30, 7);
    struct random random = random_keyed(1, 4);
    uint32_t constants = 0;
    struct cut cut;
    for (int round = 0; round < 200; round++)
        assert_true(draw_once(&s, &random, &constants, &cut) && cut.feature < 30);
    assert_int_equal(constants, 30);
    uint32_t seen[FEATURES] = {0};
    for (uint32_t i = 0; i < FEATURES; i++)
        seen[s.draw.order[i]]++;
    for (uint32_t i = 0; i < FEATURES; i++) {
        assert_int_equal(seen[i], 1);
        assert_int_equal(s.draw.order[i] >= 30, i < 30);
    }
    setting_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_goes_on_until_one_varies),
                                       cmocka_unit_test(test_all_constant),
                                       cmocka_unit_test(test_each_feature_is_as_likely),
                                       cmocka_unit_test(test_known_constants_count_as_drawn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
