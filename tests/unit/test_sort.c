/* Sorting values against the C library's sort, and which of them are sorted by what. */
#include "base/random.h"
#include "forest/kernels.h"

#include "helpers.h"

#include <math.h>

static int ascending(const void *left, const void *right)
{
    const uint64_t l = *(const uint64_t *)left, r = *(const uint64_t *)right;
    return (l > r) - (l < r); /* no two are alike, for rows are not */
}

typedef float value_maker(struct random *random, uint32_t row);

/* Sorts `count` values as they are made, at each level. Returns by what they were sorted. */
static enum sort_way check_sort(value_maker *make, uint32_t count)
{
    struct random random = random_keyed(7, count);
    float *values = malloc(count * sizeof *values);
    uint64_t *items = malloc(2 * count * sizeof *items),
             *expected = malloc(count * sizeof *expected);
    enum sort_way way, first = SORT_EVEN;
    for (uint32_t row = 0; row < count; row++) {
        values[row] = make(&random, row);
        const uint32_t bits = isnan(values[row]) ? RANKS_MISSING : ranks_bits(values[row]);
        expected[row] = (uint64_t)bits << 32 | row;
    }
    qsort(expected, count, sizeof *expected, ascending);
    EACH_LEVEL (level) {
        const uint64_t *sorted = kernels_of(level)->sort(values, count, items, items + count, &way);
        assert_memory_equal(sorted, expected, count * sizeof *expected);
        first = level == CPU_PORTABLE ? way : first;
        assert_int_equal(way, first);
    }
    free(expected);
    free(items);
    free(values);
    return first;
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

/* Zeros of either sign, and others that share the cell of zero. */
static float near_zero(struct random *random, uint32_t row)
{
    static const float values[] = {0.0f, -0.0f, 1e-45f, -1e-45f, 1e-38f, -1e-38f, 0x1p-24f};
    return row < 2     ? 2 - 4 * (float)row
           : row % 256 ? (float)random_unit(random) - 0.5f
                       : values[random_below(random, sizeof values / sizeof *values)];
}

/* From the lowest float to the highest, which is no float's distance. */
static float widest(struct random *random, uint32_t row)
{
    (void)row;
    return ((float)random_unit(random) * 2 - 1) * 3.4e38f;
}

static float denormal(struct random *random, uint32_t row)
{
    (void)row;
    return (float)random_below(random, 5000) * 0x1p-149f;
}

static float all_same(struct random *random, uint32_t row)
{
    (void)random;
    (void)row;
    return -3;
}

static float one_missing(struct random *random, uint32_t row)
{
    return row == 100 ? NAN : spread(random, row);
}

static float one_infinite(struct random *random, uint32_t row)
{
    return row == 100 ? INFINITY : spread(random, row);
}

/* In one cell of the grid, but for the first. */
static float crowded(struct random *random, uint32_t row)
{
    return row == 0 ? 0x1p30f : spread(random, row);
}

/* Likewise, and alike in all but the last bits. */
static float crowded_close(struct random *random, uint32_t row)
{
    return row == 0 ? 0x1p30f : next_to_one(random, row);
}

/* In order already, three of them a cell, and the last far off. */
static float dense(struct random *random, uint32_t row)
{
    (void)random;
    return row == 4095 ? 0x1p22f : (float)row;
}

/* One value mostly. */
static float mostly_zero(struct random *random, uint32_t row)
{
    return row % 10 ? 0 : spread(random, row);
}

/* The lowest value, and others that are low, all at the first place of a block. */
static float low_at_first(struct random *random, uint32_t row)
{
    return row % 64 == 0 ? -(float)row : spread(random, row);
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
    static const uint32_t counts[] = {1,   2,    63,   64,    65,    127,   129,  255,
                                      256, 4095, 4096, 20000, 65535, 65536, 65537};
    static value_maker *const makers[] = {spread,        repeated,    near_one,     next_to_one,
                                          odd_ones,      near_zero,   widest,       denormal,
                                          all_same,      one_missing, one_infinite, crowded,
                                          crowded_close, dense,       mostly_zero,  low_at_first};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t k = 0; k < sizeof makers / sizeof *makers; k++)
            check_sort(makers[k], counts[i]);
}

/* 2^20 values have a cell each, on average. */
static void test_what_lies_evenly(void **state)
{
    (void)state;
    assert_int_equal(check_sort(spread, 2), SORT_EVEN);
    assert_int_equal(check_sort(spread, 20000), SORT_EVEN);
    assert_int_equal(check_sort(spread, 1 << 20), SORT_EVEN);
    assert_int_equal(check_sort(repeated, 20000), SORT_EVEN);
    assert_int_equal(check_sort(near_one, 20000), SORT_EVEN);
    assert_int_equal(check_sort(next_to_one, 4096), SORT_EVEN);
    assert_int_equal(check_sort(near_zero, 20000), SORT_EVEN);
    assert_int_equal(check_sort(mostly_zero, 65536), SORT_EVEN);
    assert_int_equal(check_sort(low_at_first, 200), SORT_EVEN);
}

/* No grid, or one of which a cell has most values; their leading bits tell them apart, or there is
   nothing more to tell. */
static void test_what_leading_bits_part(void **state)
{
    (void)state;
    assert_int_equal(check_sort(spread, 1), SORT_LEADING);
    assert_int_equal(check_sort(widest, 4096), SORT_LEADING);
    assert_int_equal(check_sort(all_same, 4096), SORT_LEADING);
    assert_int_equal(check_sort(one_missing, 4096), SORT_LEADING);
    assert_int_equal(check_sort(one_infinite, 65536), SORT_LEADING);
    assert_int_equal(check_sort(crowded, 4096), SORT_LEADING);
    assert_int_equal(check_sort(dense, 4096), SORT_LEADING);
}

/* 5,000 denormal numbers have only 5 different leading parts. */
static void test_what_takes_all_bits(void **state)
{
    (void)state;
    assert_int_equal(check_sort(denormal, 4096), SORT_ALL);
    assert_int_equal(check_sort(crowded_close, 4096), SORT_ALL);
    assert_int_equal(check_sort(one_infinite, 65537), SORT_ALL);
    assert_int_equal(check_sort(spread, (1 << 20) + 1), SORT_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_order),
        cmocka_unit_test(test_what_lies_evenly),
        cmocka_unit_test(test_what_leading_bits_part),
        cmocka_unit_test(test_what_takes_all_bits),
    };
    return RUN_TESTS("sort", tests);
}
