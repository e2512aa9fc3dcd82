/* A tree there and back. */
#define _GNU_SOURCE /* memmem */

#include "stream/object.h"

#include "streams.h"

static void test_tree_travels(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct tree wanted = small_tree(), got = {0};
    free(make_stream(&cases[2]).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_header(reader, STREAM_FOREST, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_true(forest_decode(&header, &record, &got, &error));
    assert_int_equal(got.nodes, 5);
    assert_int_equal(got.splits, 2);
    assert_int_equal(got.mixed, 1);
    assert_memory_equal(got.feature, wanted.feature, 5 * 4);
    assert_memory_equal(got.threshold, wanted.threshold, 2 * 4);
    assert_memory_equal(got.leaf_class, wanted.leaf_class, 3 * 4);
    assert_memory_equal(got.weight, wanted.weight, 3 * 4);
    assert_memory_equal(got.counts, wanted.counts, 2 * 4);
    tree_free(&got);
    tree_free(&wanted);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
}

/* ---- what is refused ---- */

/* A tree whose column has these bytes in place of its own, as many, is refused so. */
static void check_column(const char *key, const void *bytes, size_t size, const char *message)
{
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct tree got = {0};
    free(make_stream(&cases[2]).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_header(reader, STREAM_FOREST, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    const msgpack_object *column = object_find_typed(record.map, key, MSGPACK_OBJECT_BIN);
    assert_non_null(column);
    assert_int_equal(column->via.bin.size, size);
    memcpy(record.bytes + (column->via.bin.ptr - (const char *)record.bytes), bytes, size);
    assert_false(forest_decode(&header, &record, &got, &error));
    assert_int_equal(error.status, STATUS_INPUT);
    if (!strstr(error.text, message))
        fail_msg("%s", error.text);
    tree_free(&got);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
}

/* A tree whose nodes look at these features of two, each a byte in the stream. */
static void check_refused(const unsigned char features[5], const char *message)
{
    check_column("feature", features, 5, message);
}

static void test_refused_shapes(void **state)
{
    (void)state;
    enum { LEAF = UINT8_MAX };
    check_refused((unsigned char[]){2, LEAF, 0, LEAF, LEAF}, "node 0 looks at feature 2 of 2");
    check_refused((unsigned char[]){1, LEAF, 254, LEAF, LEAF}, "node 2 looks at feature 254 of 2");
    check_refused((unsigned char[]){1, LEAF, LEAF, 0, LEAF}, "the tree ends before its last node");
    check_refused((unsigned char[]){1, LEAF, 0, LEAF, 0}, "the tree does not end at its last node");
}

/* The small tree's mixed leaf has a sample of class 0 and three of class 1. */
static void test_refused_counts(void **state)
{
    (void)state;
    check_column("kinds", "\0", 1, "mixed leaf 0 has 0 classes of 2");
    check_column("kinds", "\3", 1, "mixed leaf 0 has 3 classes of 2");
    check_column("kinds", "\1", 1,
                 "the classes of mixed leaf 0 are out of order"); /* of two bytes */
    check_column("among", "\1\0", 2, "the classes of mixed leaf 0 are out of order");
    check_column("among", "\0\0", 2, "the classes of mixed leaf 0 are out of order");
    check_column("among", "\0\2", 2, "the classes of mixed leaf 0 are out of order");
    check_column("among", "\0\xff", 2, "the classes of mixed leaf 0 are out of order");
    check_column("counts", "\1\2", 2, "the counts of leaf 1 do not add up");
    check_column("counts", "\1\xff", 2, "the counts of leaf 1 do not add up");
}

/* ---- counts ---- */

/* Reads the first tree of the file. */
static void read_tree(struct tree *got)
{
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_header(reader, STREAM_FOREST, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    if (!forest_decode(&header, &record, got, &error))
        fail_msg("%s", error.text);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
}

/* By the msgpack specification: `kinds` of one byte, `among` and `counts` of two. */
static const char listed[] = "\xa5kinds\xc4\1\2\xa5"
                             "among\xc4\2\0\1\xa6"
                             "counts\xc4\2\1\3";

/* As it was before leaves named their classes: four bytes for each class. */
static const char in_full[] = "\xa6"
                              "counts\xc4\10\1\0\0\0\3\0\0\0";

static void test_counts_in_full(void **state)
{
    (void)state;
    struct tree wanted = small_tree(), got = {0};
    struct bytes bytes = make_stream(&cases[2]);
    unsigned char *at = memmem(bytes.data, bytes.size, listed, sizeof listed - 1);
    assert_non_null(at);
    /* Seven columns and `n` of a block's map come to six, by the number before its first key. */
    unsigned char *map = memmem(bytes.data, bytes.size, "\x88\xa1n", 3);
    assert_non_null(map);
    *map = 0x86;
    const size_t before = sizeof in_full - 1, size = sizeof listed - 1;
    memcpy(at, in_full, before);
    memmove(at + before, at + size, (size_t)(bytes.data + bytes.size - (at + size)));
    file_write(test_path, bytes.data, bytes.size - size + before);
    free(bytes.data);
    read_tree(&got);
    assert_int_equal(got.mixed, 1);
    assert_memory_equal(got.counts, wanted.counts, 2 * sizeof *got.counts);
    tree_free(&got);
    tree_free(&wanted);
}

enum { MANY = 70000, LEAVES = 300 };

/* 299 splits in a row, whose left children are leaves; each has samples of classes of its own, up
   to the last, as many as a column of two bytes has no room for. */
static struct tree many_classes(void)
{
    struct tree tree = {.nodes = 2 * LEAVES - 1, .splits = LEAVES - 1, .mixed = LEAVES};
    assert_true(tree_reserve_nodes(&tree, tree.nodes));
    assert_true(tree_reserve_counts(&tree, (size_t)LEAVES * MANY));
    memset(tree.counts, 0, (size_t)LEAVES * MANY * sizeof *tree.counts);
    for (uint32_t node = 0; node < tree.nodes; node++)
        tree.feature[node] = node % 2 || node == tree.nodes - 1 ? TREE_NONE : 1;
    for (uint32_t leaf = 0; leaf < LEAVES; leaf++) {
        uint32_t *counts = tree.counts + (size_t)leaf * MANY;
        tree.threshold[leaf < LEAVES - 1 ? leaf : 0] = 0.5f;
        tree.leaf_class[leaf] = TREE_NONE;
        counts[leaf] = 1;
        counts[MANY - 1 - leaf] += 70000 + leaf;
        tree.weight[leaf] = 70001 + leaf;
    }
    return tree;
}

static void write_many(struct stream_writer *writer, struct error *error)
{
    struct tree tree = many_classes();
    assert_true(forest_write(writer, MANY, &tree, error));
    tree_free(&tree);
}

/* The stream takes room for the samples that there are, not for 70,000 classes in 300 leaves. */
static void test_many_classes(void **state)
{
    (void)state;
    static struct text numbered[MANY];
    static char names[MANY][8];
    for (uint32_t c = 0; c < MANY; c++) {
        snprintf(names[c], sizeof names[c], "%05u", (unsigned)c);
        numbered[c] = text_of(names[c]);
    }
    const struct kind_case wide = {.header = {.kind = STREAM_FOREST,
                                              .dim = 2,
                                              .trees = 1,
                                              .samples = 9,
                                              .class_count = MANY,
                                              .classes = numbered},
                                   .write = write_many};
    struct bytes bytes = make_stream(&wide);
    assert_true(bytes.size < (size_t)MANY * 6 + 20000);
    free(bytes.data);
    struct tree wanted = many_classes(), got = {0};
    read_tree(&got);
    assert_int_equal(got.mixed, LEAVES);
    assert_memory_equal(got.counts, wanted.counts, (size_t)LEAVES * MANY * sizeof *got.counts);
    tree_free(&got);
    tree_free(&wanted);
}

/* 300 leaves that mix 2^20 classes are more numbers than a reader takes: nothing is written. */
static void write_too_many(struct stream_writer *writer, struct error *error)
{
    struct tree tree = many_classes();
    assert_false(forest_write(writer, 1 << 20, &tree, error));
    assert_int_equal(error->status, STATUS_INPUT);
    assert_non_null(strstr(error->text, "300 leaves that mix 1048576 classes"));
    *error = (struct error){0};
    assert_true(forest_write(writer, 2,
                             &(struct tree){.nodes = 1,
                                            .feature = (uint32_t[]){TREE_NONE},
                                            .leaf_class = (uint32_t[]){0},
                                            .weight = (uint32_t[]){1}},
                             error));
    tree_free(&tree);
}

static void test_too_many(void **state)
{
    (void)state;
    const struct kind_case wide = {.header = cases[2].header, .write = write_too_many};
    free(make_stream(&wide).data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_travels),   cmocka_unit_test(test_refused_shapes),
        cmocka_unit_test(test_refused_counts), cmocka_unit_test(test_counts_in_full),
        cmocka_unit_test(test_many_classes),   cmocka_unit_test(test_too_many),
    };
    return RUN_TESTS_WITH_FILE("forest", tests);
}
