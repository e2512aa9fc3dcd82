/*
 * Trees of cuts that are drawn: whether nodes look at ranks or, where they have few rows, at values
 * side by side, they are the same.
 */
#include "base/random.h"
#include "forest/grow.h"
#include "forest/kernels.h"

#include "helpers.h"

enum { FEATURES = 11, CLASSES = 5 };

/* Classes follow the first features, most loosely; two features have few values. */
static struct matrix make_samples(uint32_t rows)
{
    float *x = malloc((size_t)rows * FEATURES * sizeof *x);
    uint32_t *class_of = malloc(rows * sizeof *class_of);
    struct random random = random_keyed(1, rows);
    for (uint32_t row = 0; row < rows; row++) {
        class_of[row] = random_below(&random, CLASSES);
        for (uint32_t f = 0; f < FEATURES; f++) {
            const double value = (4.0 * random_unit(&random) - 2) * f + class_of[row];
            const int quarter = (int)value / 4;
            x[(size_t)row * FEATURES + f] = f > FEATURES - 3 ? (float)quarter : (float)value;
        }
    }
    return (struct matrix){rows, FEATURES, CLASSES, x, class_of, false};
}

static void samples_free(const struct matrix *matrix)
{
    free((void *)matrix->x);
    free((void *)matrix->class_of);
}

/* Any limit, even one that bounds nothing, has nodes look at ranks. */
static struct grow_account draw_tree(const struct matrix *matrix, double limit, uint32_t features,
                                     enum cpu_level level, struct tree *tree)
{
    const struct growth growth = {.bootstrap = true,
                                  .splitter = SPLITTER_RANDOM,
                                  .max_features = features,
                                  .max_depth = UINT32_MAX,
                                  .min_samples_split = 2,
                                  .min_samples_leaf = features % 3 + 1,
                                  .min_weight_fraction = limit};
    struct ranks ranks = {0};
    struct error error;
    assert_true(ranks_begin_keys(&ranks, matrix->rows, FEATURES, &error) &&
                ranks_by_class(&ranks, matrix, &error));
    for (uint32_t group = 0; group < ranks_groups(&ranks); group++)
        assert_true(ranks_sort(&ranks, matrix, group, cpu_level(), &error));
    struct grower *grower = grower_new(matrix, &ranks, &growth, level, &error);
    assert_non_null(grower);
    assert_true(grower_grow(grower, 5, tree, &error));
    const struct grow_account account = *grower_account(grower);
    grower_free(grower);
    ranks_free(&ranks);
    return account;
}

static void check_trees(uint32_t rows, uint32_t features, bool views)
{
    const struct matrix matrix = make_samples(rows);
    struct tree wanted = {0};
    struct grow_account account = draw_tree(&matrix, 1e-12, features, CPU_PORTABLE, &wanted);
    assert_int_equal(account.paths[PATH_ABREAST], 0);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct tree tree = {0};
        account = draw_tree(&matrix, 0, features, level, &tree);
        assert_true(account.paths[PATH_ABREAST] > 0);
        assert_int_equal(account.paths[PATH_SUBSET] > 0, views);
        assert_int_equal(tree.nodes, wanted.nodes);
        assert_int_equal(tree.splits, wanted.splits);
        assert_memory_equal(tree.feature, wanted.feature, tree.nodes * sizeof *tree.feature);
        assert_memory_equal(tree.threshold, wanted.threshold, tree.splits * sizeof *tree.threshold);
        assert_memory_equal(tree.weight, wanted.weight, (tree.splits + 1) * sizeof *tree.weight);
        tree_free(&tree);
    }
    tree_free(&wanted);
    samples_free(&matrix);
}

/* One feature, some, as many as a vector has, and more. */
static void test_small(void **state)
{
    static const uint32_t features[] = {1, 3, 8, 9, FEATURES};
    (void)state;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        check_trees(300, features[i], false);
}

/* Rows are copied, and copied again. */
static void test_copied(void **state)
{
    (void)state;
    check_trees(6000, 4, true);
}

/* So many rows are first in views of ranks. */
static void test_views(void **state)
{
    (void)state;
    check_trees(90000, 4, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_views),
    };
    return RUN_TESTS("abreast", tests);
}
