/* Trees worked out by hand; and a large one against a grower that knows one feature only. */
#include "base/random.h"
#include "forest/grow.h"

#include "helpers.h"
#include "rank_all.h"

#include <math.h>

static const struct growth whole_trees = {
    .max_features = 1, .max_depth = UINT32_MAX, .min_samples_split = 2, .min_samples_leaf = 1};

/* Grows tree `index` by itself. */
static struct tree grow_one(const struct matrix *matrix, const struct growth *growth,
                            uint64_t index, enum cpu_level level)
{
    struct ranks ranks = rank_by_class(matrix);
    struct tree tree = {0};
    struct error error;
    struct grower *grower = grower_new(matrix, &ranks, growth, level, &error);
    assert_non_null(grower);
    assert_true(grower_grow(grower, index, &tree, &error));
    grower_free(grower);
    ranks_free(&ranks);
    return tree;
}

static void check_same(const struct tree *left, const struct tree *right, uint32_t classes)
{
    assert_int_equal(left->nodes, right->nodes);
    assert_int_equal(left->splits, right->splits);
    assert_int_equal(left->mixed, right->mixed);
    size_t leaves = left->splits + 1;
    assert_memory_equal(left->feature, right->feature, left->nodes * sizeof(uint32_t));
    assert_memory_equal(left->leaf_class, right->leaf_class, leaves * sizeof(uint32_t));
    assert_memory_equal(left->weight, right->weight, leaves * sizeof(uint32_t));
    if (left->splits)
        assert_memory_equal(left->threshold, right->threshold, left->splits * sizeof(float));
    if (left->mixed)
        assert_memory_equal(left->counts, right->counts,
                            (size_t)left->mixed * classes * sizeof(uint32_t));
}

static void test_two_classes_apart(void **state)
{
    (void)state;
    const float x[] = {3, 0, 2, 1};
    const uint32_t class_of[] = {1, 0, 1, 0};
    const struct matrix matrix = {4, 1, 2, x, class_of, false};
    struct tree tree = grow_one(&matrix, &whole_trees, 0, cpu_level());
    assert_int_equal(tree.nodes, 3);
    assert_int_equal(tree.feature[0], 0);
    assert_int_equal(tree.feature[1], TREE_NONE);
    assert_int_equal(tree.feature[2], TREE_NONE);
    assert_true(tree.threshold[0] == 1.5f);
    assert_int_equal(tree.leaf_class[0], 0);
    assert_int_equal(tree.leaf_class[1], 1);
    assert_int_equal(tree.weight[0], 2);
    assert_int_equal(tree.weight[1], 2);
    assert_int_equal(tree.mixed, 0);
    tree_free(&tree);
}

/* The threshold between two values of two classes. */
static float threshold_of(float below, float above)
{
    const float x[] = {below, above};
    const uint32_t class_of[] = {0, 1};
    const struct matrix matrix = {2, 1, 2, x, class_of, false};
    struct tree tree = grow_one(&matrix, &whole_trees, 0, cpu_level());
    float threshold = tree.splits ? tree.threshold[0] : NAN;
    tree_free(&tree);
    return threshold;
}

static void test_thresholds(void **state)
{
    (void)state;
    assert_true(threshold_of(-1, 2) == 0.5f);
    /* The middle of two neighbouring floats is none: the lower one does the same. */
    assert_true(threshold_of(8, nextafterf(8, 9)) == 8);
    assert_true(threshold_of(nextafterf(8, 9), nextafterf(nextafterf(8, 9), 9)) ==
                nextafterf(8, 9));
    assert_true(threshold_of(-nextafterf(8, 9), -8) == -nextafterf(8, 9));
    /* 0x1.000002p+0 and 2: the middle, 0x1.800001p+0, lies between two floats. */
    assert_true(threshold_of(0x1.000002p+0f, 2) == 0x1.8p+0f);
    assert_true(threshold_of(-3e38f, 3e38f) == 0);
    assert_true(threshold_of(3e38f, 3.2e38f) == (float)(3e38f / 2.0 + 3.2e38f / 2.0));
    /* Too close to split: 1e-7 in float32 is a little less than that. */
    assert_true(isnan(threshold_of(0, 1e-7f)));
    assert_true(threshold_of(0, nextafterf(1e-7f, 1)) > 0);
    assert_true(isnan(threshold_of(0.5f, 0.5f + 0x1p-24f)));
    assert_true(isnan(threshold_of(-0.0f, 0.0f)));
}

static void test_mixed_leaves(void **state)
{
    (void)state;
    /* 0: two of class 0, one of class 2; 1: one of class 1; equal values can't be told apart. */
    const float x[] = {0, 1, 0, 0};
    const uint32_t class_of[] = {2, 1, 0, 0};
    const struct matrix matrix = {4, 1, 3, x, class_of, false};
    struct tree tree = grow_one(&matrix, &whole_trees, 0, cpu_level());
    assert_int_equal(tree.nodes, 3);
    assert_int_equal(tree.mixed, 1);
    assert_int_equal(tree.leaf_class[0], TREE_NONE);
    assert_int_equal(tree.leaf_class[1], 1);
    assert_memory_equal(tree.counts, ((uint32_t[]){2, 0, 1}), 12);
    assert_int_equal(tree.weight[0], 3);
    tree_free(&tree);
}

static uint32_t nodes_with(struct growth growth)
{
    /* Sixteen samples whose classes alternate. */
    enum { ROWS = 16 };
    float x[ROWS];
    uint32_t class_of[ROWS];
    for (uint32_t row = 0; row < ROWS; row++) {
        x[row] = (float)row;
        class_of[row] = row % 2;
    }
    const struct matrix matrix = {ROWS, 1, 2, x, class_of, false};
    struct tree tree = grow_one(&matrix, &growth, 0, cpu_level());
    uint32_t nodes = tree.nodes, weight = 0;
    for (uint32_t leaf = 0; leaf <= tree.splits; leaf++)
        weight += tree.weight[leaf];
    assert_int_equal(weight, ROWS);
    tree_free(&tree);
    return nodes;
}

static void test_limits(void **state)
{
    (void)state;
    struct growth growth = whole_trees;
    assert_int_equal(nodes_with(growth), 31);
    growth.max_depth = 1;
    assert_int_equal(nodes_with(growth), 3);
    growth = whole_trees;
    growth.min_samples_split = 17;
    assert_int_equal(nodes_with(growth), 1);
    growth.min_samples_split = 16;
    assert_true(nodes_with(growth) >= 3);
    growth = whole_trees;
    growth.min_samples_leaf = 8;
    growth.min_samples_split = 16;
    assert_int_equal(nodes_with(growth), 3);
    growth = whole_trees;
    growth.max_leaves = 5;
    assert_int_equal(nodes_with(growth), 9);
    growth.max_leaves = 17;
    assert_int_equal(nodes_with(growth), 31);
    growth = whole_trees;
    growth.min_weight_fraction = 0.5;
    assert_int_equal(nodes_with(growth), 3);
    growth = whole_trees;
    growth.min_decrease = 0.2; /* the first cut, behind one sample, gains 1 / 30 */
    assert_int_equal(nodes_with(growth), 1);
}

/* ---- random samples ---- */

struct samples {
    struct matrix matrix;
    float *x;
    uint32_t *class_of;
};

/* Classes that the features tell something of; `steps` distinct values, 0: any. */
static struct samples make_samples(uint32_t rows, uint32_t features, uint32_t classes,
                                   uint32_t steps)
{
    struct samples samples = {.x = malloc((size_t)rows * features * sizeof *samples.x),
                              .class_of = malloc(rows * sizeof *samples.class_of)};
    struct random random = random_keyed(rows, features);
    for (uint32_t row = 0; row < rows; row++) {
        samples.class_of[row] = random_below(&random, classes);
        for (uint32_t feature = 0; feature < features; feature++) {
            double value = random_unit(&random) + samples.class_of[row] * 0.1;
            samples.x[(size_t)row * features + feature] =
                steps ? (float)floor(value * steps) : (float)value;
        }
    }
    samples.matrix = (struct matrix){rows, features, classes, samples.x, samples.class_of, false};
    return samples;
}

static void samples_free(struct samples *samples)
{
    free(samples->x);
    free(samples->class_of);
}

static void check_levels(struct samples samples, struct growth growth)
{
    for (uint64_t index = 0; index < 3; index++) {
        struct tree portable = grow_one(&samples.matrix, &growth, index, CPU_PORTABLE);
        assert_true(portable.splits > 0);
        for (int level = CPU_PORTABLE + 1; level <= (int)cpu_level(); level++) {
            struct tree tree = grow_one(&samples.matrix, &growth, index, level);
            check_same(&tree, &portable, samples.matrix.classes);
            tree_free(&tree);
        }
        tree_free(&portable);
    }
    samples_free(&samples);
}

static void test_levels_agree(void **state)
{
    (void)state;
    struct growth growth = whole_trees;
    growth.bootstrap = true;
    growth.max_features = 4;
    check_levels(make_samples(3000, 12, 5, 0), growth);
    check_levels(make_samples(3000, 12, 5, 20), growth);
    check_levels(make_samples(30000, 12, 3, 0), growth);
    growth.min_samples_leaf = 5;
    check_levels(make_samples(3000, 12, 30, 1000), growth);
    growth.criterion = CRITERION_ENTROPY;
    check_levels(make_samples(3000, 12, 5, 0), growth);
}

/* A tree depends on nothing but its number: neither on those before it, nor on the grower. */
static void test_trees_stand_alone(void **state)
{
    (void)state;
    struct samples samples = make_samples(500, 6, 3, 0);
    struct growth growth = whole_trees;
    growth.bootstrap = true;
    growth.max_features = 2;
    struct ranks ranks = rank_by_class(&samples.matrix);
    struct error error;
    struct grower *grower = grower_new(&samples.matrix, &ranks, &growth, cpu_level(), &error);
    struct tree tree = {0};
    for (uint64_t index = 9; index-- > 0;) {
        struct tree alone = grow_one(&samples.matrix, &growth, index, cpu_level());
        assert_true(grower_grow(grower, index, &tree, &error));
        check_same(&tree, &alone, 3);
        tree_free(&alone);
    }
    struct tree first = grow_one(&samples.matrix, &growth, 0, cpu_level());
    struct tree second = grow_one(&samples.matrix, &growth, 1, cpu_level());
    assert_true(first.nodes != second.nodes || first.threshold[0] != second.threshold[0]);
    tree_free(&first);
    tree_free(&second);
    tree_free(&tree);
    grower_free(grower);
    ranks_free(&ranks);
    samples_free(&samples);
}

static void test_bag(void **state)
{
    (void)state;
    /* Of n draws from n, each leaves out (1 - 1/n)^n of the samples: 0.3679 of many. */
    enum { ROWS = 20000 };
    struct samples samples = make_samples(ROWS, 1, 2, 0);
    struct growth growth = whole_trees;
    growth.bootstrap = true;
    growth.max_depth = 1;
    struct tree tree = grow_one(&samples.matrix, &growth, 3, cpu_level());
    assert_int_equal(tree.weight[0] + tree.weight[1], ROWS);
    tree_free(&tree);
    growth.max_depth = UINT32_MAX;
    growth.min_samples_leaf = 1;
    tree = grow_one(&samples.matrix, &growth, 3, cpu_level());
    uint32_t weight = 0;
    for (uint32_t leaf = 0; leaf <= tree.splits; leaf++)
        weight += tree.weight[leaf];
    assert_int_equal(weight, ROWS);
    tree_free(&tree);
    /* min_samples_split counts distinct samples: about 0.6321 n = 12,642 of them, deviation 71. */
    growth.min_samples_split = 12642 - 4 * 71;
    tree = grow_one(&samples.matrix, &growth, 3, cpu_level());
    assert_true(tree.nodes > 1);
    tree_free(&tree);
    growth.min_samples_split = 12642 + 4 * 71;
    tree = grow_one(&samples.matrix, &growth, 3, cpu_level());
    assert_int_equal(tree.nodes, 1);
    tree_free(&tree);
    samples_free(&samples);
}

/* ---- one feature: its order is the order of every node ---- */

struct line {
    float value;
    uint32_t class;
};

static int by_value(const void *left, const void *right)
{
    float l = ((const struct line *)left)->value, r = ((const struct line *)right)->value;
    return (l > r) - (l < r);
}

enum { LINE_CLASSES = 3 };

/* Where lines[begin .. end) are best cut: after how many; 0 where they can't be. */
static uint32_t cut_line(const struct line *lines, uint32_t begin, uint32_t end)
{
    double right[LINE_CLASSES] = {0}, left[LINE_CLASSES] = {0}, best = -1;
    uint32_t at = 0;
    for (uint32_t i = begin; i < end; i++)
        right[lines[i].class]++;
    for (uint32_t i = begin; i + 1 < end; i++) {
        left[lines[i].class]++;
        right[lines[i].class]--;
        double n_left = i + 1 - begin, n_right = end - i - 1, a = 0, b = 0;
        for (int c = 0; c < LINE_CLASSES; c++) {
            a += left[c] * left[c];
            b += right[c] * right[c];
        }
        double score = (a * n_right + b * n_left) / (n_left * n_right);
        volatile float reach = lines[i].value + (float)1e-7; /* in float32, wherever it runs */
        if (lines[i + 1].value > reach && score > best) {
            best = score;
            at = i + 1 - begin;
        }
    }
    return at;
}

/* Walks the tree along with the lines. */
static void check_line(const struct tree *tree, const struct line *lines, uint32_t begin,
                       uint32_t end, uint32_t *node, uint32_t *split, uint32_t *leaf)
{
    bool pure = true;
    for (uint32_t i = begin; i < end; i++)
        pure = pure && lines[i].class == lines[begin].class;
    uint32_t left = pure ? 0 : cut_line(lines, begin, end);
    uint32_t feature = tree->feature[(*node)++];
    if (!left) {
        assert_int_equal(feature, TREE_NONE);
        assert_int_equal(tree->weight[(*leaf)++], end - begin);
        return;
    }
    assert_int_equal(feature, 0);
    float threshold = tree->threshold[(*split)++];
    assert_true(lines[begin + left - 1].value <= threshold);
    assert_true(lines[begin + left].value > threshold);
    check_line(tree, lines, begin, begin + left, node, split, leaf);
    check_line(tree, lines, begin + left, end, node, split, leaf);
}

static void check_one_feature(uint32_t rows, uint32_t steps)
{
    struct samples samples = make_samples(rows, 1, LINE_CLASSES, steps);
    struct line *lines = malloc(rows * sizeof *lines);
    for (uint32_t row = 0; row < rows; row++)
        lines[row] = (struct line){samples.x[row], samples.class_of[row]};
    qsort(lines, rows, sizeof *lines, by_value);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct tree tree = grow_one(&samples.matrix, &whole_trees, 0, level);
        uint32_t node = 0, split = 0, leaf = 0;
        check_line(&tree, lines, 0, rows, &node, &split, &leaf);
        assert_int_equal(node, tree.nodes);
        tree_free(&tree);
    }
    free(lines);
    samples_free(&samples);
}

static void test_one_feature(void **state)
{
    (void)state;
    check_one_feature(100, 0);
    check_one_feature(5000, 0);
    check_one_feature(5000, 700);
    /* Ranks of four bytes, and parts of the tree from tables of their own. */
    check_one_feature(70000, 0);
    check_one_feature(70000, 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_classes_apart),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_mixed_leaves),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_levels_agree),
        cmocka_unit_test(test_trees_stand_alone),
        cmocka_unit_test(test_bag),
        cmocka_unit_test(test_one_feature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
