/* A tree there and back. */

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

/* A tree whose nodes look at these features of two, each a byte in the stream, is refused so. */
static void check_refused(const unsigned char features[5], const char *message)
{
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct tree got = {0};
    free(make_stream(&cases[2]).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_header(reader, STREAM_FOREST, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    const msgpack_object *column = object_find_typed(record.map, "feature", MSGPACK_OBJECT_BIN);
    assert_int_equal(column->via.bin.size, 5);
    memcpy(record.bytes + (column->via.bin.ptr - (const char *)record.bytes), features, 5);
    assert_false(forest_decode(&header, &record, &got, &error));
    assert_int_equal(error.status, STATUS_INPUT);
    assert_non_null(strstr(error.text, message));
    tree_free(&got);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_travels),
        cmocka_unit_test(test_refused_shapes),
    };
    return RUN_TESTS_WITH_FILE("forest", tests);
}
