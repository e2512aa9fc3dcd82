/* Cosines and their order, computed by hand. */
#include "vectors/neighbours.h"

#include <math.h>

#include "helpers.h"

static const float vectors[][2] = {{NAN, 1}, {3, 4}, {4, 3}, {-3, -4},     {0, 0},
                                   {30, 40}, {1, 0}, {8, 6}, {INFINITY, 1}};
enum { COUNT = 9, ZERO = 4, QUERY = 1 };

static size_t find(uint32_t query, struct neighbour *found, size_t most)
{
    const float *pointers[COUNT];
    for (int i = 0; i < COUNT; i++)
        pointers[i] = vectors[i];
    return neighbours_find(pointers, COUNT, 2, query, found, most);
}

static void test_all_in_order(void **state)
{
    (void)state;
    struct neighbour found[COUNT];
    static const uint32_t rows[] = {5, 2, 7, 6, 3};
    static const double cosines[] = {1, 0.96, 0.96, 0.6, -1};
    assert_int_equal(find(QUERY, found, COUNT), 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(found[i].row, rows[i]);
        assert_true(fabs(found[i].cosine - cosines[i]) < 1e-15);
    }
}

static void test_the_nearest_few(void **state)
{
    (void)state;
    struct neighbour found[COUNT];
    static const uint32_t last[] = {0, 5, 2, 7, 6};
    for (size_t most = 1; most < 5; most++) {
        assert_int_equal(find(QUERY, found, most), most);
        assert_int_equal(found[most - 1].row, last[most]);
    }
}

static void test_what_has_no_direction_has_none(void **state)
{
    (void)state;
    struct neighbour found[COUNT];
    assert_int_equal(find(ZERO, found, COUNT), 0);
    assert_int_equal(find(0, found, COUNT), 0);
    assert_int_equal(find(COUNT - 1, found, COUNT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_in_order),
        cmocka_unit_test(test_the_nearest_few),
        cmocka_unit_test(test_what_has_no_direction_has_none),
    };
    return RUN_TESTS("neighbours", tests);
}
