/* Rows of features. */
#include "linear/row.h"

#include "base/random.h"

#include <stdint.h>

#include "helpers.h"

enum { MOST = 2000 };

static void test_sorted(void **state)
{
    (void)state;
    static uint32_t feature[MOST];
    static float value[MOST];
    static uint64_t room[2 * MOST];
    struct random random = random_keyed(3, 1);
    for (size_t count = 0; count <= MOST; count = count < 30 ? count + 1 : count * 4) {
        for (size_t i = 0; i < count; i++) {
            feature[i] = random_below(&random, 1 << 20);
            value[i] = (float)feature[i] + 0.5f;
        }
        row_sort(feature, value, count, 20, room);
        for (size_t i = 0; i < count; i++) {
            assert_true(value[i] == (float)feature[i] + 0.5f);
            assert_true(i == 0 || feature[i - 1] <= feature[i]);
        }
    }
}

static void test_merged(void **state)
{
    (void)state;
    uint32_t feature[] = {1, 1, 4, 5, 5, 5};
    float value[] = {1, 2, 3, 4, 5, 6};
    assert_int_equal(row_merge(feature, value, 0), 0);
    assert_int_equal(row_merge(feature, value, 6), 3);
    assert_memory_equal(feature, ((uint32_t[]){1, 4, 5}), 12);
    assert_memory_equal(value, ((float[]){3, 3, 15}), 12);
}

static void test_bits(void **state)
{
    (void)state;
    assert_int_equal(row_bits(0), 0);
    assert_int_equal(row_bits(1), 1);
    assert_int_equal(row_bits(4), 3);
    assert_int_equal(row_bits(UINT32_MAX), 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_bits),
    };
    return RUN_TESTS("row", tests);
}
