/* A tree there and back. */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_travels),
    };
    return RUN_TESTS_WITH_FILE("forest", tests);
}
