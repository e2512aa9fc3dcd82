/* How impure the samples below each node are, against sums over all of its leaves. */
#include "base/random.h"
#include "forest/purities.h"
#include "forest/purity.h"

#include "helpers.h"

#include <math.h>

enum { CLASSES = 7, MOST_LEAVES = 200, TREES = 60 };

/* Columns with room for any tree here. */
struct columns {
    uint32_t feature[2 * MOST_LEAVES], leaf_class[MOST_LEAVES], weight[MOST_LEAVES];
    uint32_t counts[MOST_LEAVES * CLASSES];
    struct tree tree;
};

static void put_leaf(struct columns *columns, struct random *random)
{
    struct tree *tree = &columns->tree;
    const uint32_t leaf = tree->nodes - tree->splits;
    columns->feature[tree->nodes++] = TREE_NONE;
    columns->leaf_class[leaf] = random_below(random, CLASSES);
    columns->weight[leaf] = 1 + random_below(random, 1000);
    if (random_below(random, 2))
        return;
    uint32_t *row = columns->counts + (size_t)tree->mixed++ * CLASSES;
    columns->leaf_class[leaf] = TREE_NONE;
    for (uint32_t c = 0; c < CLASSES; c++)
        row[c] = random_below(random, 3) ? 0 : random_below(random, 50);
}

/* A tree of that many leaves; `lean` of 10 splits have one leaf on the left. */
static void put_tree(struct columns *columns, uint32_t leaves, uint32_t lean, struct random *random)
{
    if (leaves == 1) {
        put_leaf(columns, random);
        return;
    }
    const uint32_t left =
        random_below(random, 10) < lean ? 1 : 1 + random_below(random, leaves - 1);
    columns->feature[columns->tree.nodes++] = random_below(random, 5);
    columns->tree.splits++;
    put_tree(columns, left, lean, random);
    put_tree(columns, leaves - left, lean, random);
}

/* Walks over the subtree that begins at *node, and checks all nodes in it. */
static void check(const struct purities *purities, const struct tree *tree,
                  enum criterion criterion, uint32_t *node, uint32_t *leaf, uint32_t *mixed,
                  double counts[CLASSES])
{
    const uint32_t at = (*node)++;
    double right[CLASSES] = {0};
    memset(counts, 0, CLASSES * sizeof *counts);
    if (tree->feature[at] != TREE_NONE) {
        check(purities, tree, criterion, node, leaf, mixed, counts);
        assert_int_equal(purities_right(purities, at), *node);
        check(purities, tree, criterion, node, leaf, mixed, right);
    } else if (tree->leaf_class[*leaf] == TREE_NONE) {
        for (uint32_t c = 0; c < CLASSES; c++)
            counts[c] = tree->counts[(size_t)*mixed * CLASSES + c];
        ++*mixed, ++*leaf;
    } else {
        counts[tree->leaf_class[*leaf]] = tree->weight[*leaf];
        ++*leaf;
    }
    for (uint32_t c = 0; c < CLASSES; c++)
        counts[c] += right[c];
    const double wanted = purity_weighed(criterion, counts, CLASSES);
    if (criterion == CRITERION_GINI) /* sums of integers: to the bit */
        assert_true(purities->of[at] == wanted);
    assert_true(fabs(purities->of[at] - wanted) <= 1e-9);
    assert_int_equal(purities->ends[at], *node);
}

static void test_trees(void **state)
{
    (void)state;
    static struct columns columns;
    struct purities purities = {0};
    double counts[CLASSES];
    for (uint32_t i = 0; i < TREES; i++) {
        struct random random = random_keyed(i, 1);
        columns.tree = (struct tree){.feature = columns.feature,
                                     .leaf_class = columns.leaf_class,
                                     .weight = columns.weight,
                                     .counts = columns.counts};
        put_tree(&columns, 1 + random_below(&random, MOST_LEAVES - 1), i % 11, &random);
        for (enum criterion criterion = CRITERION_GINI; criterion <= CRITERION_ENTROPY;
             criterion++) {
            uint32_t node = 0, leaf = 0, mixed = 0;
            assert_true(purities_find(&purities, &columns.tree, CLASSES, criterion));
            check(&purities, &columns.tree, criterion, &node, &leaf, &mixed, counts);
            assert_int_equal(node, columns.tree.nodes);
        }
    }
    purities_free(&purities);
}

/* What is added and taken away again leaves nothing: samples of one class are pure, to the bit. */
static void test_pure(void **state)
{
    (void)state;
    struct random random = random_keyed(5, 1);
    for (uint32_t i = 0; i < TREES; i++) {
        double counts[2] = {0};
        struct purity purity = {.criterion = CRITERION_ENTROPY};
        for (uint32_t more = 1 + random_below(&random, 100); more; more--)
            purity_add(&purity, &counts[1], 1 + random_below(&random, UINT32_MAX - 1));
        assert_true(purity_of(&purity) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_pure),
    };
    return RUN_TESTS("purities", tests);
}
