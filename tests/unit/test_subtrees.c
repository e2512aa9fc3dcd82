/* Counts below the nodes of trees: of three classes by hand, and of many in a tree that is deep. */
#include "base/subtrees.h"

#include "helpers.h"

enum { CLASSES = 3, DEEP = 4000 };

/* The counts of each node, one behind the other. */
struct seen {
    double left[5][CLASSES], right[5][CLASSES], whole[5][CLASSES];
    bool split[5];
    uint32_t next;
};

static bool see(void *context, const struct subtree *subtree)
{
    struct seen *seen = context;
    const uint32_t node = subtree->node;
    assert_int_equal(node, --seen->next);
    memcpy(seen->whole[node], subtree->whole, sizeof seen->whole[node]);
    seen->split[node] = subtree->left;
    for (size_t i = 0; i < subtree->count; i++)
        assert_true(subtree->listed[i].count > 0 &&
                    subtree->whole[subtree->listed[i].class_number] > 0);
    if (!subtree->left)
        return true;
    memcpy(seen->left[node], subtree->left, sizeof seen->left[node]);
    memcpy(seen->right[node], subtree->right, sizeof seen->right[node]);
    for (size_t i = 0; i < subtree->count; i++) {
        const double *side = i < subtree->right_count ? subtree->right : subtree->left;
        assert_true(side[subtree->listed[i].class_number] == subtree->listed[i].count);
    }
    return true;
}

/* Node 0: 1 and 4; node 1: the leaves 2, of class 1 alone, and 3; leaves 3 and 4 are mixed. */
static void test_by_hand(void **state)
{
    (void)state;
    uint32_t feature[] = {0, 1, TREE_NONE, TREE_NONE, TREE_NONE};
    uint32_t leaf_class[] = {1, TREE_NONE, TREE_NONE}, weight[] = {7, 5, 9};
    uint32_t counts[] = {2, 3, 0, 4, 0, 5};
    const struct tree tree = {.nodes = 5,
                              .splits = 2,
                              .mixed = 2,
                              .feature = feature,
                              .leaf_class = leaf_class,
                              .weight = weight,
                              .counts = counts};
    const double whole[5][CLASSES] = {{6, 10, 5}, {2, 10, 0}, {0, 7, 0}, {2, 3, 0}, {4, 0, 5}};
    struct subtrees subtrees = {0};
    for (int time = 0; time < 2; time++) { /* the memory is used again */
        struct seen seen = {.next = 5};
        assert_true(subtrees_walk(&subtrees, &tree, CLASSES, see, &seen));
        assert_int_equal(seen.next, 0);
        assert_memory_equal(seen.whole, whole, sizeof whole);
        for (uint32_t node = 0; node < 5; node++)
            assert_int_equal(seen.split[node], node < 2);
        assert_memory_equal(seen.left[0], whole[1], sizeof whole[1]);
        assert_memory_equal(seen.right[0], whole[4], sizeof whole[4]);
        assert_memory_equal(seen.left[1], whole[2], sizeof whole[2]);
        assert_memory_equal(seen.right[1], whole[3], sizeof whole[3]);
    }
    subtrees_free(&subtrees);
}

static bool see_root(void *context, const struct subtree *subtree)
{
    if (subtree->node == 0)
        memcpy(context, subtree->whole, (DEEP + 1) * sizeof(double));
    return true;
}

/* Each split has the next one on its left; each leaf is of a class of its own. Memory goes by the
   leaves, not by levels times classes, which a small file may claim. */
static void test_deep(void **state)
{
    (void)state;
    static uint32_t feature[2 * DEEP + 1], leaf_class[DEEP + 1], weight[DEEP + 1];
    static double root[DEEP + 1];
    for (uint32_t i = 0; i <= DEEP; i++) {
        feature[DEEP + i] = TREE_NONE;
        leaf_class[i] = i;
        weight[i] = i + 1;
    }
    const struct tree tree = {.nodes = 2 * DEEP + 1,
                              .splits = DEEP,
                              .feature = feature,
                              .leaf_class = leaf_class,
                              .weight = weight};
    struct subtrees subtrees = {0};
    assert_true(subtrees_walk(&subtrees, &tree, DEEP + 1, see_root, root));
    for (uint32_t i = 0; i <= DEEP; i++)
        assert_true(root[i] == i + 1);
    assert_true(subtrees.capacity <= 4 * DEEP);
    subtrees_free(&subtrees);
}

static bool see_some(void *left, const struct subtree *subtree)
{
    (void)subtree;
    return --*(int *)left > 0;
}

/* Who has seen enough sees no more. */
static void test_stopped(void **state)
{
    (void)state;
    uint32_t feature[] = {0, TREE_NONE, TREE_NONE}, leaf_class[] = {1, 0}, weight[] = {7, 5};
    const struct tree tree = {
        .nodes = 3, .splits = 1, .feature = feature, .leaf_class = leaf_class, .weight = weight};
    struct subtrees subtrees = {0};
    for (int seen = 1; seen <= 3; seen++) {
        int left = seen;
        assert_false(subtrees_walk(&subtrees, &tree, 2, see_some, &left));
        assert_int_equal(left, 0);
    }
    subtrees_free(&subtrees);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
