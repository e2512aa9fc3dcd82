/* A tree sent as a parcel comes out as it was; a parcel that is not whole is refused. */
#include "forest/parcel.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CLASSES = 3, ROOM = 4096 };

struct bytes {
    unsigned char bytes[ROOM];
    size_t size, limit;
};

static bool put(void *context, const void *bytes, size_t size)
{
    struct bytes *to = context;
    if (to->size + size > to->limit)
        return false;
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    return true;
}

/* Five nodes: two splits, three leaves, the last one mixed. */
static struct tree make_tree(void)
{
    struct tree tree = {.nodes = 5, .splits = 2, .mixed = 1};
    assert_true(tree_reserve_nodes(&tree, 5) && tree_reserve_counts(&tree, CLASSES));
    memcpy(tree.feature, (uint32_t[]){4, 70000, TREE_NONE, TREE_NONE, TREE_NONE}, 20);
    memcpy(tree.threshold, (float[]){0.5f, -1e-30f}, 8);
    memcpy(tree.leaf_class, (uint32_t[]){0, 2, TREE_NONE}, 12);
    memcpy(tree.weight, (uint32_t[]){7, 1, 5}, 12);
    memcpy(tree.counts, (uint32_t[]){3, 0, 2}, 12);
    return tree;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct bytes bytes = {.limit = ROOM};
    struct tree tree = make_tree(), back = {0};
    struct grow_account account = {.depth = 2, .trees = 1, .paths[PATH_FEW] = UINT64_C(5000000000)};
    struct grow_account got = {0};
    assert_true(parcel_pack(&tree, CLASSES, &account, put, &bytes));
    assert_true(parcel_unpack(bytes.bytes, bytes.size, CLASSES, &back, &got));
    assert_memory_equal(&got, &account, sizeof got);
    assert_int_equal(back.nodes, 5);
    assert_int_equal(back.splits, 2);
    assert_int_equal(back.mixed, 1);
    assert_memory_equal(back.feature, tree.feature, 20);
    assert_memory_equal(back.threshold, tree.threshold, 8);
    assert_memory_equal(back.leaf_class, tree.leaf_class, 12);
    assert_memory_equal(back.weight, tree.weight, 12);
    assert_memory_equal(back.counts, tree.counts, 12);
    tree_free(&back);
    tree_free(&tree);
}

static void test_leaf_alone(void **state)
{
    (void)state;
    struct bytes bytes = {.limit = ROOM};
    struct tree tree = {.nodes = 1}, back = {0};
    struct grow_account account = {0}, got = {.depth = 9};
    assert_true(tree_reserve_nodes(&tree, 1));
    tree.feature[0] = TREE_NONE;
    tree.leaf_class[0] = 1;
    tree.weight[0] = 12;
    assert_true(parcel_pack(&tree, CLASSES, &account, put, &bytes));
    assert_true(parcel_unpack(bytes.bytes, bytes.size, CLASSES, &back, &got));
    assert_int_equal(back.nodes, 1);
    assert_int_equal(back.leaf_class[0], 1);
    assert_int_equal(back.weight[0], 12);
    assert_int_equal(got.depth, 0);
    tree_free(&back);
    tree_free(&tree);
}

static void test_not_whole(void **state)
{
    (void)state;
    struct bytes bytes = {.limit = ROOM};
    struct tree tree = make_tree(), back = {0};
    struct grow_account account = {0}, got;
    assert_true(parcel_pack(&tree, CLASSES, &account, put, &bytes));
    for (size_t size = 0; size < bytes.size; size++)
        assert_false(parcel_unpack(bytes.bytes, size, CLASSES, &back, &got));
    assert_false(parcel_unpack(bytes.bytes, bytes.size + 1, CLASSES, &back, &got));
    /* As many bytes, but of more classes. */
    assert_false(parcel_unpack(bytes.bytes, bytes.size, CLASSES + 1, &back, &got));
    assert_int_equal(back.nodes, 0);
    tree_free(&back);
    tree_free(&tree);
}

static void test_put_fails(void **state)
{
    (void)state;
    struct tree tree = make_tree();
    struct bytes bytes = {.limit = sizeof(struct parcel) + 40};
    const struct grow_account account = {0};
    assert_false(parcel_pack(&tree, CLASSES, &account, put, &bytes));
    tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_leaf_alone),
        cmocka_unit_test(test_not_whole), cmocka_unit_test(test_put_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
