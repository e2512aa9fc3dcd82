/* Sorting items against the C library's sort, and which values lie apart. */
#include "base/random.h"
#include "forest/ranks.h"
#include "forest/sort.h"

#include "helpers.h"

#include <math.h>

static int ascending(const void *left, const void *right)
{
    const uint64_t l = *(const uint64_t *)left, r = *(const uint64_t *)right;
    return (l > r) - (l < r); /* no two are alike, for rows are not */
}

typedef float value_maker(struct random *random, uint32_t row);

/* Sorts `count` values as they are made. Returns whether they were found to lie apart. */
static bool check_sort(value_maker *make, uint32_t count)
{
    struct random random = random_keyed(7, count);
    uint64_t *items = malloc(2 * count * sizeof *items),
             *expected = malloc(count * sizeof *expected);
    bool apart;
    for (uint32_t row = 0; row < count; row++)
        expected[row] = items[row] = (uint64_t)ranks_bits(make(&random, row)) << 32 | row;
    qsort(expected, count, sizeof *expected, ascending);
    const uint64_t *sorted = sort_items(items, items + count, count, &apart);
    assert_memory_equal(sorted, expected, count * sizeof *expected);
    free(expected);
    free(items);
    return apart;
}

static float spread(struct random *random, uint32_t row)
{
    (void)row;
    return (float)random_unit(random) * 2 - 1;
}

/* Each value thrice, about, of 20,000 rows. */
static float repeated(struct random *random, uint32_t row)
{
    (void)row;
    return (float)random_below(random, 6000) / 64 - 40;
}

/* All share the highest bits; and all but the lowest ten. */
static float near_one(struct random *random, uint32_t row)
{
    (void)row;
    return 1 + (float)random_unit(random) / 8;
}

static float next_to_one(struct random *random, uint32_t row)
{
    (void)row;
    return 1 + (float)random_below(random, 1024) * 0x1p-23f;
}

static float odd_ones(struct random *random, uint32_t row)
{
    static const float values[] = {0.0f,  -0.0f,     1e-45f, -1e-45f, INFINITY, 1e-38f,  -1e-38f,
                                   3e38f, -INFINITY, -3e38f, 1.0f,    -1.0f,    0x1p-24f};
    return row % 2 ? values[random_below(random, sizeof values / sizeof *values)]
                   : (float)random_unit(random);
}

static void test_same_order(void **state)
{
    static const uint32_t counts[] = {1,    2,    63,    255,   256,   257,
                                      4095, 4096, 20000, 65535, 65536, 65537};
    static value_maker *const makers[] = {spread, repeated, near_one, next_to_one, odd_ones};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t k = 0; k < sizeof makers / sizeof *makers; k++)
            check_sort(makers[k], counts[i]);
}

/* 2^12 values may share the highest eleven bits: of 20,000 even ones in (-1, 1) some 1,250 do. */
static void test_what_lies_apart(void **state)
{
    (void)state;
    assert_true(check_sort(spread, 4096));
    assert_true(check_sort(spread, 20000));
    assert_true(check_sort(repeated, 20000));
    assert_false(check_sort(spread, 4095));
    assert_false(check_sort(spread, 65537));
    assert_true(check_sort(near_one, 4096));
    assert_false(check_sort(near_one, 4097));
    assert_false(check_sort(next_to_one, 4096));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_order),
        cmocka_unit_test(test_what_lies_apart),
    };
    return RUN_TESTS("sort", tests);
}
