/* n log2 n against the C library's logarithm in long double. */
#include "forest/impurity.h"

#include <float.h>
#include <math.h>

#include "helpers.h"

static void check_table(uint32_t most, uint32_t step)
{
    int64_t *table = entropy_terms(most);
    assert_non_null(table);
    assert_int_equal(table[0], 0);
    assert_int_equal(table[1], 0);
    assert_true(table[most] < INT64_C(1) << 52);
    /* 2 log2 2 is 2, and so gives the scale away. */
    long double scale = (long double)table[2] / 2;
    if (most > 4)
        assert_true(table[most] >= INT64_C(1) << 50);
    for (uint32_t n = 2; n <= most - most % step; n += step) {
        long double wanted = (long double)n * log2l(n) * scale;
        /* Where long double is double (32-bit ARM), its own rounding counts. */
        long double unsure = 2 * LDBL_EPSILON * wanted;
        assert_true((long double)table[n] <= wanted + 0.01L + unsure);
        assert_true((long double)table[n] >= wanted - 1.1L - unsure);
    }
    free(table);
}

static void test_every_small_number(void **state)
{
    (void)state;
    check_table(2, 1);
    check_table(3, 1);
    check_table(1000, 1);
    check_table(5485, 1);
}

static void test_large_numbers(void **state)
{
    (void)state;
    check_table(2000000, 1009);
}

static void test_powers_are_exact(void **state)
{
    (void)state;
    int64_t *table = entropy_terms(1 << 12);
    for (int64_t bit = 1; bit <= 12; bit++)
        assert_int_equal(table[1 << bit], (bit << bit) * (table[2] / 2));
    free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_small_number),
                                       cmocka_unit_test(test_large_numbers),
                                       cmocka_unit_test(test_powers_are_exact)};
    return RUN_TESTS("entropy", tests);
}
