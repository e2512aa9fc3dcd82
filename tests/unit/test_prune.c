/* A tree pruned by hand. */
#include "forest/prune.h"

#include "helpers.h"

#include <string.h>

/*
 * Node 0 splits: 4 of class 0 on the left; the right side, node 2, parts 1 of class 0 and 1 of
 * class 1, a mixed leaf, from 2 of class 1. Gini times samples: the root 3.75, node 2 1.5, the
 * mixed leaf
 * 1. So node 2 gains 1.5 - 1 for a leaf more, 0.5 / 8 of all samples = 0.0625, and once it is a
 * leaf the root gains 3.75 - 1.5 = 2.25 for one more, 0.28125. Before, it gains 2.75 for two:
 * 0.171875.
 */
static struct tree make_tree(void)
{
    static const uint32_t features[] = {1, TREE_NONE, 2, TREE_NONE, TREE_NONE};
    static const uint32_t leaf_class[] = {0, TREE_NONE, 1}, weight[] = {4, 2, 2}, counts[] = {1, 1};
    static const float threshold[] = {0.5f, 2.5f};
    struct tree tree = {0};
    assert_true(tree_reserve_nodes(&tree, 5) && tree_reserve_counts(&tree, 2));
    tree.nodes = 5;
    tree.splits = 2;
    tree.mixed = 1;
    memcpy(tree.feature, features, sizeof features);
    memcpy(tree.threshold, threshold, sizeof threshold);
    memcpy(tree.leaf_class, leaf_class, sizeof leaf_class);
    memcpy(tree.weight, weight, sizeof weight);
    memcpy(tree.counts, counts, sizeof counts);
    return tree;
}

static void check(double alpha, uint32_t nodes, uint32_t depth, const uint32_t last[2])
{
    struct tree tree = make_tree();
    struct prune prune = {0};
    uint32_t deepest = 99;
    assert_true(prune_tree(&prune, &tree, 2, CRITERION_GINI, alpha, &deepest));
    assert_int_equal(tree.nodes, nodes);
    assert_int_equal(tree.splits, nodes / 2);
    assert_int_equal(tree.mixed, 1);
    assert_int_equal(deepest, depth);
    assert_int_equal(tree.feature[nodes - 1], TREE_NONE);
    assert_memory_equal(tree.counts, last, 2 * sizeof *last);
    if (nodes > 1) {
        assert_int_equal(tree.feature[0], 1);
        assert_true(tree.threshold[0] == 0.5f);
        assert_int_equal(tree.leaf_class[0], 0);
        assert_int_equal(tree.weight[0], 4);
    }
    prune_free(&prune);
    tree_free(&tree);
}

static void test_by_hand(void **state)
{
    (void)state;
    check(0.0624, 5, 2, (uint32_t[]){1, 1});
    check(0.0625, 3, 1, (uint32_t[]){1, 3});
    check(0.28124, 3, 1, (uint32_t[]){1, 3});
    check(0.28125, 1, 0, (uint32_t[]){5, 3});
}

/* A split that parts nothing gains nothing: leaves of one class become one leaf of one class. */
static void test_pure_leaves(void **state)
{
    (void)state;
    struct tree tree = make_tree();
    struct prune prune = {0};
    uint32_t deepest;
    tree.leaf_class[1] = 1;
    tree.mixed = 0;
    assert_true(prune_tree(&prune, &tree, 2, CRITERION_ENTROPY, 1e-9, &deepest));
    assert_int_equal(tree.nodes, 3);
    assert_int_equal(tree.mixed, 0);
    assert_int_equal(tree.leaf_class[1], 1);
    assert_int_equal(tree.weight[1], 4);
    prune_free(&prune);
    tree_free(&tree);
}

/* Leaves that weigh more than 32 bits hold together: 3 and 5 times 2^29, and half of that twice. */
static void test_heavy_leaves(void **state)
{
    (void)state;
    struct tree tree = make_tree();
    struct prune prune = {0};
    uint32_t deepest;
    tree.weight[0] = 3u << 29;
    tree.weight[2] = 5u << 29;
    tree.weight[1] = 1u << 29;
    tree.counts[0] = tree.counts[1] = 1u << 28;
    assert_true(prune_tree(&prune, &tree, 2, CRITERION_GINI, 1, &deepest));
    assert_int_equal(tree.nodes, 1);
    assert_int_equal(tree.counts[0], 7u << 26); /* 3.5 and 5.5 of 2^29, by the 4 that is needed */
    assert_int_equal(tree.counts[1], 11u << 26);
    assert_int_equal(tree.weight[0], 18u << 26);
    prune_free(&prune);
    tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_pure_leaves),
        cmocka_unit_test(test_heavy_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
