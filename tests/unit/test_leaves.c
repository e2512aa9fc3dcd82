/* Rows in the order of the leaves that they reach. */
#include "vote/leaves.h"

#include "helpers.h"

/*
 * x[1] <= 0.25 ? leaf 0 : x[0] <= -2 ? leaf 1 : leaf 2; of the samples 0 to 5, all but 3:
 *
 *     x[0]   0   -2   -3    9    5   -2.5
 *     x[1]   1    2  0.25   9   0.3   0.2
 */
static void test_leaves(void **state)
{
    (void)state;
    const float columns[] = {0, -2, -3, 9, 5, -2.5f, 1, 2, 0.25f, 9, 0.3f, 0.2f};
    struct tree tree = {
        .nodes = 5,
        .splits = 2,
        .feature = (uint32_t[]){1, TREE_NONE, 0, TREE_NONE, TREE_NONE},
        .threshold = (float[]){0.25f, -2},
    };
    struct leaves leaves = {0};
    uint32_t rows[] = {0, 1, 2, 4, 5};
    assert_true(leaves_find(&leaves, &tree, columns, 6, rows, 5));
    assert_memory_equal(rows, ((uint32_t[]){2, 5, 1, 0, 4}), sizeof rows);
    assert_memory_equal(leaves.ends, ((uint32_t[]){2, 3, 5}), 3 * sizeof(uint32_t));

    /* Leaves that nobody reaches, and nobody at all. */
    uint32_t one[] = {4};
    assert_true(leaves_find(&leaves, &tree, columns, 6, one, 1));
    assert_memory_equal(leaves.ends, ((uint32_t[]){0, 0, 1}), 3 * sizeof(uint32_t));
    assert_true(leaves_find(&leaves, &tree, columns, 6, one, 0));
    assert_memory_equal(leaves.ends, ((uint32_t[]){0, 0, 0}), 3 * sizeof(uint32_t));

    /* A tree of one leaf. */
    struct tree leaf = {.nodes = 1, .feature = (uint32_t[]){TREE_NONE}};
    uint32_t two[] = {1, 3};
    assert_true(leaves_find(&leaves, &leaf, columns, 6, two, 2));
    assert_int_equal(leaves.ends[0], 2);
    assert_memory_equal(two, ((uint32_t[]){1, 3}), sizeof two);
    leaves_free(&leaves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaves),
    };
    return cmocka_run_group_tests_name("leaves", tests, NULL, NULL);
}
