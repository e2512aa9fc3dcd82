/* Samples sent through a tree side by side, by hand, and against one at a time. */
#include "vote/reach.h"

#include "base/random.h"
#include "helpers.h"

/* x[1] <= 0.25 ? leaf 0 : x[0] <= -2 ? leaf 1 : leaf 2. */
static void test_by_hand(void **state)
{
    (void)state;
    const float x[] = {0, 1, -2, 2, -3, 0.25f, 9, 9, 5, 0.3f, -2.5f, 0.2f};
    const struct tree tree = {
        .nodes = 5,
        .splits = 2,
        .feature = (uint32_t[]){1, TREE_NONE, 0, TREE_NONE, TREE_NONE},
        .threshold = (float[]){0.25f, -2},
        .weight = (uint32_t[]){7, 1, 2},
    };
    struct reach reach = {0};
    assert_true(reach_find(&reach, &tree, x, 2, (uint32_t[]){0, 1, 2, 4, 5}, 5));
    assert_memory_equal(reach.leaf, ((uint32_t[]){2, 1, 0, 2, 0}), 5 * sizeof(uint32_t));
    assert_true(reach_find(&reach, &tree, x, 2, NULL, 0));

    /* A tree of one leaf. */
    const struct tree leaf = {
        .nodes = 1, .feature = (uint32_t[]){TREE_NONE}, .weight = (uint32_t[]){1}};
    assert_true(reach_find(&reach, &leaf, x, 2, (uint32_t[]){1, 3}, 2));
    assert_memory_equal(reach.leaf, ((uint32_t[]){0, 0}), 2 * sizeof(uint32_t));
    reach_free(&reach);
}

/* Thresholds 1, 2, 3, ... from the root down, all on feature 0: leaf i is for i < x <= i + 1. The
   samples that the tree was grown from lie near the root, so that most rounds have few steps. */
static void test_chain(void **state)
{
    (void)state;
    enum { SPLITS = 300, SAMPLES = 1000 };
    uint32_t feature[2 * SPLITS + 1], weight[SPLITS + 1], rows[SAMPLES];
    float threshold[SPLITS], x[SAMPLES];
    struct random random = random_keyed(1, 2);
    for (uint32_t i = 0; i < SPLITS; i++) {
        feature[2 * i] = 0;
        feature[2 * i + 1] = TREE_NONE;
        threshold[i] = (float)(i + 1);
        weight[i] = i < 3 ? 1000 : 1;
    }
    feature[2 * SPLITS] = TREE_NONE;
    weight[SPLITS] = 1;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        x[i] = (float)(1 + random_below(&random, SPLITS + 1));
        rows[i] = SAMPLES - 1 - i;
    }
    const struct tree tree = {.nodes = 2 * SPLITS + 1,
                              .splits = SPLITS,
                              .feature = feature,
                              .threshold = threshold,
                              .weight = weight};
    struct reach reach = {0};
    for (uint32_t count = 1; count <= SAMPLES; count = count * 3 + 1) {
        assert_true(reach_find(&reach, &tree, x, 1, rows, count));
        for (uint32_t i = 0; i < count; i++)
            assert_int_equal(reach.leaf[i], (uint32_t)x[rows[i]] - 1);
    }
    reach_free(&reach);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_chain),
    };
    return cmocka_run_group_tests_name("reach", tests, NULL, NULL);
}
