/*
 * Trees that must take the fast paths, each of which is counted, and what they find there: every
 * split against all that could have been made, by a search that knows only the values.
 */
#include "base/random.h"
#include "forest/bag.h"
#include "forest/grow.h"
#include "forest/kernels.h"

#include "helpers.h"
#include "rank_all.h"

#include <math.h>

/* ---- samples ---- */

struct samples {
    struct matrix matrix;
    float *x;
    uint32_t *class_of;
};

/*
 * Each feature holds the numbers from 0 up, a step apart, in an order that leans to that of the
 * classes; `close`: a step is less than what parts two values.
 */
static struct samples make_samples(uint32_t rows, uint32_t features, uint32_t classes, bool close)
{
    struct samples samples = {.x = malloc((size_t)rows * features * sizeof(float)),
                              .class_of = malloc(rows * sizeof(uint32_t))};
    struct random random = random_keyed(rows, classes);
    for (uint32_t row = 0; row < rows; row++)
        samples.class_of[row] = (uint32_t)((uint64_t)row * classes / rows);
    for (uint32_t feature = 0; feature < features; feature++) {
        for (uint32_t row = 0; row < rows; row++)
            samples.x[(size_t)row * features + feature] = (float)row;
        for (uint32_t i = 0; i < rows / 2; i++) {
            float *one = &samples.x[(size_t)random_below(&random, rows) * features + feature];
            float *other = &samples.x[(size_t)random_below(&random, rows) * features + feature];
            float value = *one;
            *one = *other;
            *other = value;
        }
    }
    for (size_t i = 0; close && i < (size_t)rows * features; i++)
        samples.x[i] *= 4e-8f;
    samples.matrix = (struct matrix){rows, features, classes, samples.x, samples.class_of, false};
    return samples;
}

static void samples_free(struct samples *samples)
{
    free(samples->x);
    free(samples->class_of);
}

/* ---- the search that knows only the values ---- */

struct reference {
    const struct matrix *matrix;
    const struct growth *growth;
    const struct tree *tree;
    uint32_t *weight;           /* by row */
    uint32_t node, split, leaf; /* the next ones of the tree, which is in preorder */
    uint32_t *sums[2];          /* by class: of the two sides */
};

/* What the two sides of a node's samples are worth: the less the better. */
static double impurity_of(const struct reference *r)
{
    double all = 0;
    for (int side = 0; side < 2; side++) {
        double weight = 0, sum = 0;
        for (uint32_t class = 0; class < r->matrix->classes; class ++)
            weight += r->sums[side][class];
        for (uint32_t class = 0; class < r->matrix->classes; class ++) {
            double share = r->sums[side][class] / weight;
            if (share > 0)
                sum += r->growth->criterion == CRITERION_GINI ? share * (1 - share)
                                                              : -share * log2(share);
        }
        all += weight * sum;
    }
    return all;
}

static void put_all_right(struct reference *r, const uint32_t *rows, uint32_t count)
{
    memset(r->sums[0], 0, r->matrix->classes * sizeof **r->sums);
    memset(r->sums[1], 0, r->matrix->classes * sizeof **r->sums);
    for (uint32_t i = 0; i < count; i++)
        r->sums[1][r->matrix->class_of[rows[i]]] += r->weight[rows[i]];
}

static void move_left(struct reference *r, uint32_t row)
{
    uint32_t class = r->matrix->class_of[row];
    r->sums[0][class] += r->weight[row];
    r->sums[1][class] -= r->weight[row];
}

struct line {
    float value;
    uint32_t row;
};

static int by_value(const void *left, const void *right)
{
    float l = ((const struct line *)left)->value, r = ((const struct line *)right)->value;
    return (l > r) - (l < r);
}

/* The least impurity that a cut of one feature leaves, or infinity. */
static double least_of(struct reference *r, const uint32_t *rows, uint32_t count, uint32_t feature)
{
    const uint32_t most = r->growth->min_samples_leaf;
    struct line *lines = malloc(count * sizeof *lines);
    double least = INFINITY;
    for (uint32_t i = 0; i < count; i++)
        lines[i] = (struct line){matrix_value(r->matrix, rows[i], feature), rows[i]};
    qsort(lines, count, sizeof *lines, by_value);
    put_all_right(r, rows, count);
    for (uint32_t i = 0; i + 1 < count; i++) {
        move_left(r, lines[i].row);
        volatile float reach = lines[i].value + (float)1e-7;
        if (i + 1 < most || count - i - 1 < most || !(lines[i + 1].value > reach))
            continue;
        double here = impurity_of(r);
        least = here < least ? here : least;
    }
    free(lines);
    return least;
}

static double least_of_all(struct reference *r, const uint32_t *rows, uint32_t count)
{
    double least = INFINITY;
    for (uint32_t feature = 0; feature < r->matrix->features; feature++) {
        double here = least_of(r, rows, count, feature);
        least = here < least ? here : least;
    }
    return least;
}

static void check_leaf(struct reference *r, const uint32_t *rows, uint32_t count, bool pure)
{
    uint32_t weight = 0;
    for (uint32_t i = 0; i < count; i++)
        weight += r->weight[rows[i]];
    assert_int_equal(r->tree->weight[r->leaf], weight);
    if (pure)
        assert_int_equal(r->tree->leaf_class[r->leaf], r->matrix->class_of[rows[0]]);
    else
        assert_int_equal(r->tree->leaf_class[r->leaf], TREE_NONE);
    r->leaf++;
}

static bool is_pure(const struct reference *r, const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (r->matrix->class_of[rows[i]] != r->matrix->class_of[rows[0]])
            return false;
    return true;
}

/* Parts the rows as the tree's next split does; returns how many go left. */
static uint32_t part(struct reference *r, uint32_t *rows, uint32_t count, uint32_t feature)
{
    float threshold = r->tree->threshold[r->split++];
    uint32_t left = 0, right = 0, *spare = malloc(count * sizeof *spare);
    put_all_right(r, rows, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        bool goes_left = matrix_value(r->matrix, row, feature) <= threshold;
        if (goes_left)
            move_left(r, row);
        *(goes_left ? &rows[left++] : &spare[right++]) = row;
    }
    memcpy(rows + left, spare, right * sizeof *rows);
    free(spare);
    return left;
}

/* The subtree of these rows has the best of all splits at each node, and ends where it must. */
static void check_below(struct reference *r, uint32_t *rows, uint32_t count)
{
    bool pure = is_pure(r, rows, count);
    bool small = count < r->growth->min_samples_split;
    double least = pure || small ? INFINITY : least_of_all(r, rows, count);
    uint32_t feature = r->tree->feature[r->node++];
    if (least == INFINITY) {
        assert_int_equal(feature, TREE_NONE);
        check_leaf(r, rows, count, pure);
        return;
    }
    assert_int_not_equal(feature, TREE_NONE);
    uint32_t left = part(r, rows, count, feature);
    assert_in_range(left, r->growth->min_samples_leaf, count - r->growth->min_samples_leaf);
    assert_true(impurity_of(r) <= least + 1e-7);
    check_below(r, rows, left);
    check_below(r, rows + left, count - left);
}

static void check_tree(const struct matrix *matrix, const struct growth *growth,
                       const struct tree *tree, uint64_t index)
{
    struct reference r = {.matrix = matrix, .growth = growth, .tree = tree};
    struct random random = random_keyed(growth->seed, index);
    uint32_t *rows = malloc(matrix->rows * sizeof *rows);
    r.weight = malloc(matrix->rows * sizeof *r.weight);
    for (int side = 0; side < 2; side++)
        r.sums[side] = malloc(matrix->classes * sizeof **r.sums);
    uint32_t count = bag_draw(&random, growth, matrix->rows, r.weight, rows);
    check_below(&r, rows, count);
    assert_int_equal(r.node, tree->nodes);
    free(rows);
    free(r.weight);
    free(r.sums[0]);
    free(r.sums[1]);
}

/* ---- growing ---- */

/* All features at each node, so that no draw decides. */
static struct growth growth_of(const struct samples *samples)
{
    return (struct growth){.bootstrap = true,
                           .max_features = samples->matrix.features,
                           .max_depth = UINT32_MAX,
                           .min_samples_split = 2,
                           .min_samples_leaf = 1};
}

/* Grows two trees, checks them, and returns what they took. */
static struct grow_account take_paths(const struct samples *samples, const struct growth *growth,
                                      enum cpu_level level)
{
    const struct matrix *matrix = &samples->matrix;
    struct ranks ranks = rank_by_class(matrix);
    struct error error;
    struct grow_account account = {0};
    struct tree tree = {0};
    struct grower *grower = grower_new(matrix, &ranks, growth, level, &error);
    assert_non_null(grower);
    for (uint64_t index = 0; index < 2; index++) {
        assert_true(grower_grow(grower, index, &tree, &error));
        check_tree(matrix, growth, &tree, index);
        account_add(&account, grower_account(grower));
    }
    assert_int_equal(account.trees, 2);
    tree_free(&tree);
    grower_free(grower);
    ranks_free(&ranks);
    return account;
}

/* `least`: the lowest level that has these paths. */
static void expect_taken(const struct grow_account *account, enum cpu_level level,
                         enum cpu_level least, const enum account_path *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (level >= least && !account->paths[paths[i]])
            fail_msg("path %d is never taken at level %d", paths[i], level);
}

#define EXPECT_TAKEN(account, level, least, ...)                                                   \
    expect_taken(account, level, least, (const enum account_path[]){__VA_ARGS__},                  \
                 sizeof((const enum account_path[]){__VA_ARGS__}) / sizeof(enum account_path))

/* ---- tests ---- */

static void test_few_classes(void **state)
{
    (void)state;
    struct samples samples = make_samples(3000, 9, 5, false);
    struct growth growth = growth_of(&samples);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_CODED, PATH_BY_CODE, PATH_BY_CLASS,
                     PATH_COUNT, PATH_BY_ROW, PATH_SCAN, PATH_LIGHT, PATH_SETTLED, PATH_SKIPPED);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_FEW, PATH_RUNNING, PATH_AHEAD);
        /* AVX-512 puts all rows in order. */
        if (level < CPU_AVX512)
            EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_PASSED);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_PARTED);
        assert_int_equal(account.paths[PATH_CODED], 2);
        /* All values are parted, so nothing is left to the plain search. */
        assert_int_equal(account.paths[PATH_PLAIN], 0);
    }
    samples_free(&samples);
}

/* Classes that no feature tells apart: nodes of any size. */
static void test_noise(void **state)
{
    (void)state;
    enum { ROWS = 2000, CLASSES = 5 };
    struct samples samples = make_samples(ROWS, 4, CLASSES, false);
    struct growth growth = growth_of(&samples);
    struct random random = random_keyed(1, 2);
    for (uint32_t row = 0; row < ROWS; row++)
        samples.class_of[row] = random_below(&random, CLASSES);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_COUNT, PATH_SCAN);
        /* With AVX-512 rows have to be fewer, in a larger view than all of these are. */
        if (level < CPU_AVX512)
            EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_PLACED);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_FEW, PATH_RUNNING, PATH_AHEAD);
    }
    samples_free(&samples);
}

/* Nodes of few rows in a table that no near cache holds. */
static void test_wide_table(void **state)
{
    (void)state;
    if (cpu_level() < CPU_AVX2)
        skip();
    enum { ROWS = 2000 };
    struct samples samples = make_samples(ROWS, 270, 3, false);
    struct growth growth = growth_of(&samples);
    struct random random = random_keyed(3, 4);
    for (uint32_t i = 0; i < ROWS; i++)
        samples.class_of[random_below(&random, ROWS)] = random_below(&random, 3);
    growth.min_samples_split = 160;
    for (int level = CPU_AVX2; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_ASKED);
    }
    samples_free(&samples);
}

/* What is said of nodes before any is there. */
static void expect_counts(const struct samples *samples, const struct growth *growth, bool counts)
{
    const struct grow_account account = take_paths(samples, growth, cpu_level());
    assert_int_equal(grow_counts(&samples->matrix, growth), counts);
    assert_int_equal(account.paths[PATH_COUNT] > 0, counts);
}

/* The limits are such that each cut keeps to them. */
static void test_what_is_counted(void **state)
{
    (void)state;
    struct samples samples = make_samples(500, 2, 2, false);
    const struct growth plain = growth_of(&samples);
    struct growth entropy = plain, limited = plain, ordered = plain, random = plain;
    const int8_t directions[2] = {0};
    entropy.criterion = CRITERION_ENTROPY;
    limited.min_weight_fraction = 1e-9;
    ordered.directions = directions;
    random.splitter = SPLITTER_RANDOM;
    expect_counts(&samples, &plain, true);
    expect_counts(&samples, &entropy, false);
    expect_counts(&samples, &limited, false);
    expect_counts(&samples, &ordered, false);
    samples.matrix.missing = true;
    expect_counts(&samples, &plain, false);
    samples.matrix.missing = false;
    assert_false(grow_counts(&samples.matrix, &random));
    samples.matrix.classes = 4096;
    assert_true(grow_counts(&samples.matrix, &plain));
    samples.matrix.classes = 4097;
    assert_false(grow_counts(&samples.matrix, &plain));
    samples_free(&samples);
}

static void test_many_classes(void **state)
{
    (void)state;
    struct samples samples = make_samples(2000, 3, 80, false);
    struct growth growth = growth_of(&samples);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_CODED, PATH_COUNT, PATH_BY_ROW, PATH_SCAN,
                     PATH_COPIED);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_PARTED);
        const bool network = kernels_of(level)->copied;
        assert_int_equal(account.paths[PATH_NETWORK], network ? account.paths[PATH_COPIED] : 0);
        assert_int_equal(account.paths[PATH_PLACED] > 0, !network);
        assert_int_equal(account.paths[PATH_PLAIN], 0);
    }
    samples_free(&samples);
}

/* Values that are too close to split are told apart from others by the plain search only. */
static void test_close_values(void **state)
{
    (void)state;
    struct samples samples = make_samples(1000, 4, 3, true);
    struct growth growth = growth_of(&samples);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_COUNT, PATH_SCAN, PATH_PLAIN, PATH_SORTED);
    }
    samples_free(&samples);
}

/* Ranks of four bytes, of which all but the first nodes' are taken among themselves. */
static void test_subsets(void **state)
{
    (void)state;
    struct samples samples = make_samples(70000, 2, 3, false);
    struct growth growth = growth_of(&samples);
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_CODED, PATH_SUBSET, PATH_COUNT, PATH_SCAN);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_FEW, PATH_RUNNING);
    }
    samples_free(&samples);
}

/* Nodes too heavy for sums in one word, and those below them that are not. */
static void test_heavy_nodes(void **state)
{
    (void)state;
    struct samples samples = make_samples(200000, 1, 3, false);
    struct growth growth = growth_of(&samples);
    growth.min_samples_split = 20000;
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &growth, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_SCAN, PATH_LIGHT);
        assert_true(account.paths[PATH_LIGHT] < account.paths[PATH_SCAN]);
    }
    samples_free(&samples);
}

static void test_least_samples_and_entropy(void **state)
{
    (void)state;
    struct samples samples = make_samples(2000, 4, 4, false);
    struct growth entropy = growth_of(&samples), least = entropy;
    least.min_samples_leaf = 7;
    least.min_samples_split = 20;
    entropy.criterion = CRITERION_ENTROPY;
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        struct grow_account account = take_paths(&samples, &least, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_COUNT, PATH_SCAN);
        account = take_paths(&samples, &entropy, level);
        EXPECT_TAKEN(&account, level, CPU_PORTABLE, PATH_PLAIN, PATH_SORTED);
        EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_PARTED);
        assert_int_equal(account.paths[PATH_COUNT] + account.paths[PATH_SCAN], 0);
    }
    samples_free(&samples);
}

static void test_levels_have_kernels_of_their_own(void **state)
{
    (void)state;
    for (int level = CPU_PORTABLE + 1; level <= (int)cpu_level(); level++) {
        const struct kernels *kernels = kernels_of(level), *below = kernels_of(level - 1);
        assert_ptr_not_equal(kernels, below);
        assert_true(kernels->count != below->count && kernels->scan != below->scan);
    }
}

/* More than eight classes, and leaves that need some samples. */
static void test_what_is_passed(void **state)
{
    (void)state;
    struct samples samples = make_samples(2000, 5, 12, false);
    struct growth growth = growth_of(&samples);
    for (int level = CPU_AVX2; level < CPU_AVX512 && level <= (int)cpu_level(); level++)
        for (growth.min_samples_leaf = 1; growth.min_samples_leaf < 200;
             growth.min_samples_leaf *= 12) {
            struct grow_account account = take_paths(&samples, &growth, level);
            EXPECT_TAKEN(&account, level, CPU_AVX2, PATH_RUNNING, PATH_PASSED);
            assert_true(account.paths[PATH_PASSED] <= account.paths[PATH_RUNNING]);
        }
    samples_free(&samples);
}

static void test_text(void **state)
{
    (void)state;
    struct grow_account account = {.paths[PATH_CODED] = 2, .paths[PATH_SCAN] = 1234567};
    char text[ACCOUNT_TEXT_SIZE];
    assert_string_equal(account_text(&account, text), "2 trees coded, 1,234,567 scanned");
    for (int path = 0; path < ACCOUNT_PATHS; path++)
        account.paths[path] = UINT64_MAX;
    assert_true(strlen(account_text(&account, text)) + 1 < ACCOUNT_TEXT_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_classes),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_wide_table),
        cmocka_unit_test(test_what_is_counted),
        cmocka_unit_test(test_many_classes),
        cmocka_unit_test(test_close_values),
        cmocka_unit_test(test_subsets),
        cmocka_unit_test(test_heavy_nodes),
        cmocka_unit_test(test_least_samples_and_entropy),
        cmocka_unit_test(test_levels_have_kernels_of_their_own),
        cmocka_unit_test(test_what_is_passed),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
