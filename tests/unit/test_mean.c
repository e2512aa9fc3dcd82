/* Means of vectors: numpy's bits, and the same from every kernel. */
#include "vectors/mean.h"

#include "base/random.h"

#include <math.h>

#include "helpers.h"

enum { DIM = 4, ROWS = 5 };

static const float rows[ROWS][DIM] = {
    {0x1.555556p-2, 0x1.312dp+23, 0x1.0624dep-10, -0.0f},
    {0x1.555556p-1, -0x1.312dp+22, 0x1.0624dep-7, -0.0f},
    {0x1.0p+0, 0x1.96e6aap+21, 0x1.ba5e36p-6, -0.0f},
    {0x1.555556p+0, -0x1.312dp+21, 0x1.0624dep-4, -0.0f},
    {0x1.aaaaaap+0, 0x1.e848p+20, 0x1.0p-3, -0.0f},
};

/* numpy 1.24: np.array(rows[:count]).mean(axis=0). */
static const struct {
    size_t count;
    float mean[DIM];
} means[] = {
    {1, {0x1.555556p-2, 0x1.312dp+23, 0x1.0624dep-10, 0.0f}},
    {2, {0x1.0p-1, 0x1.312dp+21, 0x1.26e97ap-8, 0.0f}},
    {3, {0x1.555556p-1, 0x1.53158ep+21, 0x1.89374ep-7, 0.0f}},
    {5, {0x1.0p+0, 0x1.7e7caap+20, 0x1.70a3d8p-5, 0.0f}},
};

static void test_bits_of_numpy(void **state)
{
    (void)state;
    for (enum cpu_level level = CPU_PORTABLE; level <= cpu_level(); level++)
        for (size_t i = 0; i < LENGTH(means); i++) {
            const float *vectors[ROWS];
            for (size_t v = 0; v < means[i].count; v++)
                vectors[v] = rows[v];
            float mean[DIM] = {0};
            mean_add_of(level)(mean, vectors, means[i].count, DIM);
            mean_divide(mean, means[i].count, DIM);
            assert_memory_equal(mean, means[i].mean, sizeof mean); /* -0.0 is not 0.0 here */
        }
}

/* 1e8 + 1 is 1e8 in float32, so the order of the terms shows in the sum. */
static void test_order_of_the_tokens(void **state)
{
    (void)state;
    const float large[] = {1e8f, 1e8f}, one[] = {1, 1}, minus[] = {-1e8f, -1e8f};
    const float *lost[] = {large, one, minus}, *kept[] = {large, minus, one};
    for (enum cpu_level level = CPU_PORTABLE; level <= cpu_level(); level++) {
        float sum[2] = {0};
        mean_add_of(level)(sum, lost, 3, 2);
        assert_true(sum[0] == 0 && sum[1] == 0);
        mean_add_of(level)(sum, kept, 3, 2);
        assert_true(sum[0] == 1 && sum[1] == 1);
    }
}

static void test_nothing_known_is_zero(void **state)
{
    (void)state;
    float mean[DIM] = {0};
    const float zeros[DIM] = {0};
    mean_add_of(cpu_level())(mean, NULL, 0, DIM);
    mean_divide(mean, 0, DIM);
    assert_memory_equal(mean, zeros, sizeof mean);
}

/* Every dimension from 1 to 100 and some counts; nothing behind the last dimension is touched. */
static void test_kernels_agree(void **state)
{
    (void)state;
    enum { MOST_DIM = 100, MOST_COUNT = 9, GUARD = 16 };
    struct random random = random_keyed(2, 1);
    float x[MOST_COUNT][MOST_DIM];
    for (size_t v = 0; v < MOST_COUNT; v++)
        for (size_t i = 0; i < MOST_DIM; i++)
            x[v][i] = (float)ldexp(random_unit(&random) - 0.5, (int)random_below(&random, 30));
    for (size_t dim = 1; dim <= MOST_DIM; dim++)
        for (size_t count = 0; count <= MOST_COUNT; count++) {
            /* At each distance from a cache line's start. */
            const float *vectors[MOST_COUNT];
            for (size_t v = 0; v < count; v++)
                vectors[v] = x[v] + (MOST_DIM - dim);
            float expected[MOST_DIM + GUARD], got[MOST_DIM + GUARD];
            memset(expected, 0x55, sizeof expected);
            memset(expected, 0, dim * sizeof *expected);
            memcpy(got, expected, sizeof got);
            mean_add_portable(expected, vectors, count, dim);
            mean_add_of(cpu_level())(got, vectors, count, dim);
            assert_memory_equal(got, expected, sizeof got);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bits_of_numpy),
        cmocka_unit_test(test_order_of_the_tokens),
        cmocka_unit_test(test_nothing_known_is_zero),
        cmocka_unit_test(test_kernels_agree),
    };
    return RUN_TESTS("mean", tests);
}
