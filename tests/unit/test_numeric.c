/* Logarithm, exponential and power against figures of Python's decimal module at 60 digits. */
#include "base/numeric.h"

#include <math.h>

#include "helpers.h"

static double relative_error(double got, double wanted)
{
    return fabs(got - wanted) / (wanted != 0 ? fabs(wanted) : 1);
}

static void test_log(void **state)
{
    (void)state;
    static const double figures[][2] = {
        {0x1.999999999999ap-4, -0x1.26bb1bbb55515p+1},
        {0x1p-1, -0x1.62e42fefa39efp-1},
        {0x1p+1, 0x1.62e42fefa39efp-1},
        {0x1.000001ad7f29bp+0, 0x1.ad7f2847b6492p-24},
        {0x1.f0da666666666p+12, 0x1.1f6365203aabbp+3},
        {0x1p-28, -0x1.3687a9f1af2b1p+4},
        {0x1.78c29dccccccdp+23, 0x1.0542d5459a967p+4},
        {0x1.6a09e65dc27dfp-1, -0x1.62e4300c77ae8p-2},
    };
    for (size_t i = 0; i < LENGTH(figures); i++)
        assert_true(relative_error(numeric_log(figures[i][0]), figures[i][1]) < 4e-16);
    assert_true(numeric_log(1) == 0);
}

static void test_exp(void **state)
{
    (void)state;
    static const double figures[][2] = {
        {0, 1},
        {1, 0x1.5bf0a8b145769p+1},
        {-1, 0x1.78b56362cef38p-2},
        {-0x1.62d0e56041893p-2, 0x1.6a10b883d5676p-1},
        {5.25, 0x1.7d21edf07d24fp+7},
        {-40, 0x1.39792499b1a24p-58},
        {600, 0x1.88a122d234b39p+865},
    };
    for (size_t i = 0; i < LENGTH(figures); i++)
        assert_true(relative_error(numeric_exp(figures[i][0]), figures[i][1]) < 1e-15);
}

static void test_power(void **state)
{
    (void)state;
    static const double figures[][3] = {
        {0x1.47ae147ae147bp-7, 0.75, 0x1.030dc4ea03a72p-5},
        {0x1.54fdf3b645a1dp-2, 0.75, 0x1.c0e20a7f4b48cp-2},
        {0x1.fae147ae147aep-1, 2.5, 0x1.f34bbc2837447p-1},
        {0x1.5798ee2308c3ap-27, 0x1.999999999999ap-4, 0x1.44960c576b375p-3},
        {0x1.9c511dc3a41dfp-29, 10, 0x1.d5dceff741804p-284},
    };
    for (size_t i = 0; i < LENGTH(figures); i++) {
        double size = fabs(figures[i][1] * log(figures[i][0]));
        double error = relative_error(numeric_power(figures[i][0], figures[i][1]), figures[i][2]);
        assert_true(error < 1e-15 * (1 + size));
    }
    assert_true(numeric_power(0.3, 0) == 1);
}

/* As float32, which is all that is kept, they are libm's wherever that is not between two. */
static void test_floats_are_libms(void **state)
{
    (void)state;
    for (int i = 1; i < 200000; i++) {
        double x = i / 2520.0;
        assert_true(fabsf((float)numeric_log(x) - (float)log(x)) <= fabs(log(x)) * 0x1p-23);
        assert_true(fabsf((float)numeric_power(x, 0.75) - (float)pow(x, 0.75)) <=
                    pow(x, 0.75) * 0x1p-23);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_power),
        cmocka_unit_test(test_floats_are_libms),
    };
    return RUN_TESTS("glove_numeric", tests);
}
