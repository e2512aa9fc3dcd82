/* Packing and voting, beside a walk over the trees as they are. */
#include "base/cpu.h"
#include "base/random.h"
#include "vote/packed.h"
#include "vote/vote.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- trees to try ---- */

static void add_node(struct tree *tree, uint32_t feature)
{
    assert_true(tree_reserve_nodes(tree, tree->nodes + 1));
    tree->feature[tree->nodes++] = feature;
}

static void add_split(struct tree *tree, uint32_t feature, float threshold)
{
    add_node(tree, feature);
    tree->threshold[tree->splits++] = threshold;
}

static uint32_t *next_leaf(struct tree *tree, uint32_t class_number, uint32_t weight)
{
    add_node(tree, TREE_NONE);
    uint32_t leaf = tree->nodes - tree->splits - 1;
    tree->leaf_class[leaf] = class_number;
    tree->weight[leaf] = weight;
    return tree->weight + leaf;
}

static void add_mixed(struct tree *tree, const uint32_t *counts, uint32_t class_count)
{
    assert_true(tree_reserve_counts(tree, (size_t)(tree->mixed + 1) * class_count));
    uint32_t *weight = next_leaf(tree, TREE_NONE, 0);
    for (uint32_t c = 0; c < class_count; c++) {
        tree->counts[(size_t)tree->mixed * class_count + c] = counts[c];
        *weight += counts[c];
    }
    tree->mixed++;
}

/* What random trees and samples are made of. */
struct shape {
    uint32_t dim, class_count;
    unsigned depth;
    double stop;  /* the chance of a leaf */
    double mixed; /* the chance that a leaf is mixed */
};

/* Few values, so that a sample often equals a threshold. */
static float random_value(struct random *random)
{
    return (float)((int)random_below(random, 41) - 20) / 8;
}

static void grow(struct tree *tree, const struct shape *shape, unsigned depth,
                 struct random *random)
{
    if (depth < shape->depth && random_unit(random) >= shape->stop) {
        add_split(tree, random_below(random, shape->dim), random_value(random));
        grow(tree, shape, depth + 1, random);
        grow(tree, shape, depth + 1, random);
    } else if (random_unit(random) < shape->mixed) {
        uint32_t *counts = calloc(shape->class_count, sizeof *counts);
        assert_non_null(counts);
        counts[0] = 1;
        for (int i = 0; i < 6; i++)
            counts[random_below(random, shape->class_count)]++;
        add_mixed(tree, counts, shape->class_count);
        free(counts);
    } else {
        next_leaf(tree, random_below(random, shape->class_count), 1 + random_below(random, 9));
    }
}

static void pack_in(struct packed_room *room, struct packed_forest *forest, const struct tree *tree)
{
    struct packed_tree packed;
    assert_true(packed_tree_make(&packed, &forest->form, tree, room));
    assert_true(packed_append(forest, &packed));
}

static void pack(struct packed_forest *forest, const struct tree *tree)
{
    struct packed_room room = {0};
    pack_in(&room, forest, tree);
    packed_room_free(&room);
}

/* ---- the same by another way ---- */

/* Where a sample's leaf is: its number among the leaves, and among the mixed ones. */
static void find_leaf(const struct tree *tree, const float *x, uint32_t *leaf, uint32_t *mixed)
{
    uint32_t node = 0, split = 0, open;
    *leaf = *mixed = 0;
    while (tree->feature[node] != TREE_NONE) {
        bool left = x[tree->feature[node++]] <= tree->threshold[split++];
        for (open = left ? 0 : 1; open; node++) { /* passes over the left subtree */
            if (tree->feature[node] != TREE_NONE) {
                split++;
                open++;
                continue;
            }
            *mixed += tree->leaf_class[(*leaf)++] == TREE_NONE;
            open--;
        }
    }
}

static void add_tree(const struct tree *tree, const float *x, uint32_t class_count, double *sums)
{
    uint32_t leaf, mixed;
    find_leaf(tree, x, &leaf, &mixed);
    for (uint32_t c = 0; c < class_count; c++) {
        uint32_t count = tree->leaf_class[leaf] == c ? tree->weight[leaf] : 0;
        if (tree->leaf_class[leaf] == TREE_NONE)
            count = tree->counts[(size_t)mixed * class_count + c];
        sums[c] += (double)count / (double)tree->weight[leaf];
    }
}

static void check_row(const struct tree *trees, size_t tree_count, const float *x,
                      const struct voter *voter, size_t row)
{
    uint32_t class_count = voter->forest->form.class_count, best = 0;
    double *sums = calloc(class_count, sizeof *sums);
    assert_non_null(sums);
    for (size_t i = 0; i < tree_count; i++)
        add_tree(&trees[i], x, class_count, sums);
    for (uint32_t c = 0; c < class_count; c++) {
        sums[c] /= (double)tree_count;
        if (sums[c] > sums[best])
            best = c;
    }
    assert_int_equal(voter->classes[row], best);
    assert_memory_equal(voter->proba + row * class_count, sums, class_count * sizeof *sums);
    free(sums);
}

/* The classes alone are those that were voted on with all shares. */
static void check_classes(struct voter *voter, const unsigned char *bytes, size_t rows)
{
    uint32_t *classes = malloc(rows * sizeof *classes);
    assert_non_null(classes);
    memcpy(classes, voter->classes, rows * sizeof *classes);
    voter->classes_only = true;
    assert_true(vote_tile(voter, bytes, rows));
    assert_memory_equal(voter->classes, classes, rows * sizeof *classes);
    voter->classes_only = false;
    free(classes);
}

/* Votes on samples by chance, 1 to the tile's. */
static void check_tile(const struct shape *shape, struct voter *voter, const struct tree *trees,
                       size_t tree_count, size_t rows, struct random *random)
{
    float *x = calloc(rows * shape->dim, sizeof *x);
    for (size_t i = 0; i < rows * shape->dim; i++)
        x[i] = random_value(random);
    unsigned char *bytes = malloc(rows * shape->dim * sizeof *x + 1); /* as in a record: anywhere */
    memcpy(bytes + 1, x, rows * shape->dim * sizeof *x);
    assert_true(vote_tile(voter, bytes + 1, rows));
    for (size_t row = 0; row < rows; row++)
        check_row(trees, tree_count, x + row * shape->dim, voter, row);
    check_classes(voter, bytes + 1, rows);
    free(bytes);
    free(x);
}

static void check_kernel(const struct shape *shape, const struct packed_forest *forest,
                         const struct tree *trees, size_t tree_count, size_t rows,
                         const struct walk_kernel *kernel)
{
    struct random random = random_keyed(7, rows);
    struct voter voter;
    assert_true(vote_start(&voter, forest));
    if (kernel)
        voter.kernel = kernel;
    check_tile(shape, &voter, trees, tree_count, rows, &random);
    check_tile(shape, &voter, trees, tree_count, rows / 2 + 1, &random); /* nothing is left over */
    vote_end(&voter);
}

static void check_forest(const struct shape *shape, const struct packed_forest *forest,
                         const struct tree *trees, size_t tree_count, size_t rows)
{
    check_kernel(shape, forest, trees, tree_count, rows, NULL);
    check_kernel(shape, forest, trees, tree_count, rows, &walk_portable);
    for (int gathers_well = 0; gathers_well < 2; gathers_well++)
        check_kernel(shape, forest, trees, tree_count, rows,
                     walk_kernel_of(cpu_level(), gathers_well));
}

/* Votes of `tree_count` random trees, in parts of at most `part_nodes` (0: as they come), packed in
   a room that others were packed in. */
static void check_shape(const struct shape *shape, size_t tree_count, uint32_t part_nodes,
                        struct packed_room *room)
{
    struct tree trees[12] = {0};
    struct packed_forest forest = packed_start(shape->dim, shape->class_count);
    if (part_nodes)
        forest.form.part_nodes = part_nodes;
    for (size_t i = 0; i < tree_count; i++) {
        struct random random = random_keyed(i, shape->dim);
        grow(&trees[i], shape, 0, &random);
        pack_in(room, &forest, &trees[i]);
    }
    static const size_t rows[] = {1, 7, 8, 9, 65, 200, 700};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i] * shape->dim <= 1 << 18 &&
            rows[i] * shape->class_count <= 1 << 19) /* what fits a tile */
            check_forest(shape, &forest, trees, tree_count, rows[i]);
    for (size_t i = 0; i < tree_count; i++)
        tree_free(&trees[i]);
    packed_free(&forest);
}

/* ---- tests ---- */

static void test_shapes(void **state)
{
    (void)state;
    static const struct shape shapes[] = {
        {1, 1, 0, 1, 0},         {1, 2, 3, 0, 0},       {2, 3, 6, 0.1, 0.5},
        {50, 8, 12, 0.05, 0},    {3, 16, 9, 0.1, 1},    {300, 5, 10, 0.02, 0.3},
        {65536, 4, 9, 0.1, 0.2}, {5, 300, 6, 0.1, 0.5}, {2, 5000, 4, 0.2, 0.5}};
    struct packed_room room = {0};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        check_shape(&shapes[i], 12, 0, &room);
    packed_room_free(&room);
}

static void test_parts(void **state)
{
    (void)state;
    static const struct shape shapes[] = {
        {5, 4, 9, 0.05, 0.4}, {2, 2, 40, 0.45, 0.5}, {50, 16, 11, 0, 0}};
    static const uint32_t nodes[] = {4, 6, 10, 64, 300};
    struct packed_room room = {0};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (size_t j = 0; j < sizeof nodes / sizeof nodes[0]; j++)
            check_shape(&shapes[i], 5, nodes[j], &room);
    packed_room_free(&room);
}

/* Deep and thin: each split has a leaf on one side. */
static void test_chain(void **state)
{
    (void)state;
    enum { DEPTH = 3000 };
    struct tree tree = {0};
    for (int i = 0; i < DEPTH; i++) {
        add_split(&tree, 0, (float)(DEPTH - i));
        if (i % 2) /* go on to the left: the right leaf comes when the left side is done */
            continue;
    }
    next_leaf(&tree, 0, 1);
    for (int i = 0; i < DEPTH; i++)
        next_leaf(&tree, (uint32_t)(DEPTH - 1 - i) % 3, 1);
    struct packed_forest forest = packed_start(1, 3);
    pack(&forest, &tree);
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    /* x <= 1 ends in the left leaf; 1 < x <= 2 in the right leaf of the last split; ... */
    const float x[] = {0.5f, 1, 1.5f, 2.5f, 1000.5f, 2999.5f, 3000, 3001};
    const uint32_t expected[] = {0, 0, 2999 % 3, 2998 % 3, 2000 % 3, 1, 1, 0};
    memcpy(voter.x, x, sizeof x);
    assert_true(vote_tile(&voter, voter.x, 8));
    for (size_t row = 0; row < 8; row++)
        assert_int_equal(voter.classes[row], expected[row]);
    vote_end(&voter);
    packed_free(&forest);
    tree_free(&tree);
}

/* The first round of a walk, of a chain whose leaves have these weights, from the root down. */
static void check_steps(const uint32_t *weights, int splits, uint32_t expected)
{
    struct tree tree = {0};
    for (int i = 0; i < splits; i++) {
        add_split(&tree, 0, (float)i);
        next_leaf(&tree, 0, weights[i]);
    }
    next_leaf(&tree, 1, weights[splits]);
    struct packed_forest forest = packed_start(1, 2);
    pack(&forest, &tree);
    assert_int_equal(forest.trees[0].steps, expected);
    packed_free(&forest);
    tree_free(&tree);
}

/* One more than the median: of 1 1 1 2 3 4 4 4 4, of 1 eight times and 2 2 2, and of 0. The mean of
   the last chain, 1 ten times and a 20 twice, would be above 4. */
static void test_steps_of_a_round(void **state)
{
    (void)state;
    check_steps((const uint32_t[]){3, 1, 1, 2, 2}, 4, 4);
    check_steps((const uint32_t[]){8, 1, 2}, 2, 2);
    check_steps((const uint32_t[]){7}, 0, 1);
    check_steps((const uint32_t[21]){[0] = 10, [19] = 1, [20] = 1}, 20, 2);
}

static void test_equal_votes_go_to_the_first_class(void **state)
{
    (void)state;
    struct tree first = {0}, second = {0};
    next_leaf(&first, 2, 1);
    next_leaf(&second, 1, 5);
    struct packed_forest forest = packed_start(3, 4);
    pack(&forest, &first);
    pack(&forest, &second);
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    memset(voter.x, 0, 3 * sizeof(float));
    assert_true(vote_tile(&voter, voter.x, 1));
    assert_int_equal(voter.classes[0], 1);
    const double proba[] = {0, 0.5, 0.5, 0};
    assert_memory_equal(voter.proba, proba, sizeof proba);
    vote_end(&voter);
    packed_free(&forest);
    tree_free(&first);
    tree_free(&second);
}

/* More sums than are listed: all are looked at, and all are cleared. */
static void test_all_classes(void **state)
{
    (void)state;
    enum { CLASSES = 8192, ROWS = 65 };
    static uint32_t counts[CLASSES];
    struct tree trees[2] = {0};
    struct packed_forest forest = packed_start(1, CLASSES);
    for (uint32_t c = 0; c < CLASSES; c++)
        counts[c] = c % 7 + 1;
    add_split(&trees[0], 0, 1);
    add_mixed(&trees[0], counts, CLASSES);
    next_leaf(&trees[0], 9, 3);
    next_leaf(&trees[1], 3, 1);
    pack(&forest, &trees[0]);
    pack(&forest, &trees[1]);
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    for (int turn = 0; turn < 4; turn++) {
        float x[ROWS];
        for (size_t i = 0; i < ROWS; i++)
            x[i] = turn % 2 ? 2 : 0;
        assert_true(vote_tile(&voter, x, ROWS));
        for (size_t row = 0; row < ROWS; row++)
            check_row(trees, 2, x + row, &voter, row);
    }
    vote_end(&voter);
    packed_free(&forest);
    tree_free(&trees[0]);
    tree_free(&trees[1]);
}

/* A sum of thirds depends on the order: 1/3 + 1 + 1/3 + ... in index order, in double. */
static void test_shares_are_added_in_order(void **state)
{
    (void)state;
    struct packed_forest forest = packed_start(1, 2);
    double sum = 0;
    for (int i = 0; i < 30; i++) {
        struct tree tree = {0};
        const uint32_t counts[] = {1, 2};
        if (i % 7 == 3) {
            next_leaf(&tree, 0, 4);
            sum += 1;
        } else {
            add_mixed(&tree, counts, 2);
            sum += 1.0 / 3.0;
        }
        pack(&forest, &tree);
        tree_free(&tree);
    }
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    voter.x[0] = 0;
    assert_true(vote_tile(&voter, voter.x, 1));
    sum /= 30;
    assert_memory_equal(voter.proba, &sum, sizeof sum);
    vote_end(&voter);
    packed_free(&forest);
}

static void test_keys_are_in_the_order_of_floats(void **state)
{
    (void)state;
    static const float ascending[] = {-FLT_MAX,   -1e30f, -1.5f,  -1,      -FLT_MIN,
                                      -1e-45f,    0,      1e-45f, FLT_MIN, 0.1f,
                                      0.1000001f, 1,      3e9f,   FLT_MAX};
    size_t count = sizeof ascending / sizeof ascending[0];
    for (size_t i = 0; i + 1 < count; i++)
        assert_true(packed_key(ascending[i]) < packed_key(ascending[i + 1]));
    assert_int_equal(packed_key(-0.0f), packed_key(0.0f));
    assert_true(packed_key(FLT_MAX) < PACKED_LEAF);
}

static void test_zeros_of_either_sign_are_equal(void **state)
{
    (void)state;
    static const float zeros[] = {0.0f, -0.0f};
    for (int i = 0; i < 2; i++) {
        struct tree tree = {0};
        add_split(&tree, 0, zeros[i]);
        next_leaf(&tree, 0, 1);
        next_leaf(&tree, 1, 1);
        struct packed_forest forest = packed_start(1, 2);
        pack(&forest, &tree);
        struct voter voter;
        assert_true(vote_start(&voter, &forest));
        const float x[] = {0.0f, -0.0f, 1e-45f, -1e-45f};
        memcpy(voter.x, x, sizeof x);
        assert_true(vote_tile(&voter, voter.x, 4));
        const uint32_t expected[] = {0, 0, 1, 0};
        assert_memory_equal(voter.classes, expected, sizeof expected);
        vote_end(&voter);
        packed_free(&forest);
        tree_free(&tree);
    }
}

static void test_infinite_values_are_refused(void **state)
{
    (void)state;
    struct tree tree = {0};
    next_leaf(&tree, 0, 1);
    struct packed_forest forest = packed_start(3, 1);
    pack(&forest, &tree);
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    const float values[] = {1, NAN, -NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 5; i++)
        for (int place = 0; place < 27; place++) {
            for (int j = 0; j < 27; j++)
                voter.x[j] = j % 2 ? FLT_MAX : -FLT_MAX;
            voter.x[place] = values[i];
            assert_int_equal(vote_tile(&voter, voter.x, 9), i < 3); /* those missing are not */
        }
    vote_end(&voter);
    packed_free(&forest);
    tree_free(&tree);
}

/* A full tree of depth 13: 8,191 splits, of which the last 4,096 have pairs of leaves. */
static void check_paths(const struct walk_kernel *kernel)
{
    enum { ROWS = 400 };
    static const struct shape shape = {5, 2, 13, 0, 0};
    struct tree tree = {0};
    struct packed_forest forest = packed_start(shape.dim, shape.class_count);
    struct random random = random_keyed(5, 5);
    grow(&tree, &shape, 0, &random);
    assert_int_equal(tree.splits, 8191);
    pack(&forest, &tree);
    assert_int_equal(forest.trees[0].node_count, 2 + 8190 + 2 * 4); /* four different pairs */
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    voter.kernel = kernel;
    memset(voter.x, 0, ROWS * shape.dim * sizeof *voter.x);
    assert_true(vote_tile(&voter, voter.x, ROWS));
    assert_int_equal(voter.walkers.account.rounds, 1); /* all leaves are as deep */
    assert_int_equal(voter.walkers.account.topped, strcmp(kernel->name, "avx512") == 0);
    assert_int_equal(voter.walkers.account.fetched, 1);
    assert_int_equal(voter.walkers.account.alone, 0);
    assert_true(vote_tile(&voter, voter.x, 3));
    assert_int_equal(voter.walkers.account.alone, 3);
    assert_int_equal(voter.walkers.account.rounds, 1);
    vote_end(&voter);
    packed_free(&forest);
    tree_free(&tree);
}

static void test_fast_paths(void **state)
{
    (void)state;
    check_paths(&walk_portable);
    check_paths(walk_kernel_of(cpu_level(), false));
    check_paths(walk_kernel_of(cpu_level(), true));
}

/* Ten trees of one leaf each, of these classes; `mixed` leaves have their class among their counts,
   so that sums are kept where else ballots would do. */
static uint64_t settled_of(const uint32_t *leaves, bool mixed, size_t rows, uint32_t expected)
{
    struct packed_forest forest = packed_start(1, 3);
    for (int i = 0; i < 10; i++) {
        struct tree tree = {0};
        const uint32_t counts[3] = {leaves[i] == 0, leaves[i] == 1, leaves[i] == 2};
        if (mixed)
            add_mixed(&tree, counts, 3);
        else
            next_leaf(&tree, leaves[i], 1);
        pack(&forest, &tree);
        tree_free(&tree);
    }
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    voter.classes_only = true;
    memset(voter.x, 0, rows * sizeof *voter.x);
    assert_true(vote_tile(&voter, voter.x, rows));
    for (size_t row = 0; row < rows; row++)
        assert_int_equal(voter.classes[row], expected);
    const uint64_t settled = voter.walkers.account.settled;
    vote_end(&voter);
    packed_free(&forest);
    return settled;
}

static void test_settled_samples_are_left_out(void **state)
{
    (void)state;
    static const uint32_t all[] = {1, 1, 1, 1, 1, 1, 2, 2, 2, 2};  /* 6 to 0, 4 to come */
    static const uint32_t late[] = {1, 1, 2, 1, 2, 1, 2, 1, 1, 2}; /* 5 to 3, then 6 to 3 after 9 */
    static const uint32_t open[] = {2, 2, 2, 2, 2, 1, 1, 1, 1, 1}; /* equal at the end */
    static const uint32_t first[] = {0, 0, 0, 0, 0,
                                     1, 1, 1, 1, 1}; /* so are these: class 0 has it */
    for (int mixed = 0; mixed < 2; mixed++) {
        assert_int_equal(settled_of(all, mixed, 20, 1), 20);
        assert_int_equal(settled_of(late, mixed, 20, 1), 20);
        assert_int_equal(settled_of(open, mixed, 20, 1), 0);
        assert_int_equal(settled_of(all, mixed, 3, 1),
                         0); /* alone: the trees are asked at a time */
    }
    assert_int_equal(settled_of(first, false, 20, 0), 20);
    assert_int_equal(settled_of(first, true, 20, 0), 0); /* sums are rounded, and so held apart */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_fast_paths),
        cmocka_unit_test(test_settled_samples_are_left_out),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_steps_of_a_round),
        cmocka_unit_test(test_equal_votes_go_to_the_first_class),
        cmocka_unit_test(test_all_classes),
        cmocka_unit_test(test_shares_are_added_in_order),
        cmocka_unit_test(test_keys_are_in_the_order_of_floats),
        cmocka_unit_test(test_zeros_of_either_sign_are_equal),
        cmocka_unit_test(test_infinite_values_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
