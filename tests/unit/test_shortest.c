/* Floats in the fewest digits: against numpy's, and against printf and strtof. */
#include "base/random.h"
#include "base/shortest.h"

#include <float.h>
#include <math.h>

#include "helpers.h"

static void assert_text(float value, const char *expected)
{
    char text[SHORTEST_SIZE];
    int size = shortest_float(value, text);
    assert_string_equal(text, expected);
    assert_int_equal(size, strlen(expected));
}

/* The digits are those of Python's repr(numpy.float32(...)), the shape is printf's. */
static void test_known_values(void **state)
{
    (void)state;
    assert_text(0, "0");
    assert_text(-0.0f, "-0");
    assert_text(1, "1");
    assert_text(-1.5f, "-1.5");
    assert_text(0.1f, "0.1");
    assert_text(0.3f, "0.3");
    assert_text(1.0f / 3, "0.33333334");
    assert_text(2.0f / 3, "0.6666667");
    assert_text(100000, "100000");
    assert_text(1000000, "1e+06");
    assert_text(1234567, "1234567");
    assert_text(16777216, "16777216");
    assert_text(16777217.0f * 2, "33554432");
    assert_text(0.0001f, "0.0001");
    assert_text(0.00001f, "1e-05");
    assert_text(1.2345e-7f, "1.2345e-07");
    assert_text(9.999999e-5f, "9.999999e-05");
    assert_text(3.14159274f, "3.1415927");
    assert_text(FLT_MAX, "3.4028235e+38");
    assert_text(-FLT_MIN, "-1.1754944e-38");
    assert_text(1e-45f, "1e-45");
    assert_text(0x1p-126f - 0x1p-149f, "1.1754942e-38");
    assert_text(8388608.5f, "8388608");
    assert_text(9.5367431640625e-7f, "9.536743e-07"); /* 2^-20: a power of two */
}

/* The definition: the least precision from 6 on (1 below the normal range) that reads back. */
static void define(float value, char *text)
{
    int precision = value != 0 && fabsf(value) < FLT_MIN ? 1 : 6;
    do
        snprintf(text, SHORTEST_SIZE, "%.*g", precision++, (double)value);
    while (strtof(text, NULL) != value);
}

static void assert_defined(float value)
{
    char text[SHORTEST_SIZE], expected[SHORTEST_SIZE];
    define(value, expected);
    shortest_float(value, text);
    assert_string_equal(text, expected);
}

static float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The quick way is the one that is taken: of such decimals, but for one or two in a thousand. */
static void test_quickly(void **state)
{
    (void)state;
    struct random random = random_keyed(3, 0);
    int quick = 0;
    for (int i = 0; i < 10000; i++) {
        char text[SHORTEST_SIZE], expected[SHORTEST_SIZE];
        float value = (float)((int)random_below(&random, 2000001) - 1000000) / 100000.0f;
        if (!shortest_quickly(value, text))
            continue;
        quick++;
        define(value, expected);
        assert_string_equal(text, expected);
    }
    assert_true(quick >= 9900);
}

static void test_any_bits(void **state)
{
    (void)state;
    struct random random = random_keyed(1, 0);
    for (int i = 0; i < 100000; i++) {
        float value = from_bits((uint32_t)random_u64(&random));
        if (isfinite(value))
            assert_defined(value);
    }
}

static void test_powers_and_their_neighbours(void **state)
{
    (void)state;
    for (uint32_t exponent = 0; exponent < 255; exponent++)
        for (uint32_t off = 0; off < 7; off++) {
            uint32_t bits = (exponent << 23) + off - 3;
            if (isfinite(from_bits(bits)))
                assert_defined(from_bits(bits));
        }
    for (int power = -37; power < 39; power++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", power);
        for (int off = -3; off <= 3; off++) {
            float value = strtof(text, NULL);
            uint32_t bits;
            memcpy(&bits, &value, sizeof bits);
            assert_defined(from_bits(bits + (uint32_t)off));
        }
    }
}

/* Values such as vectors have: short decimals, and means of a few of them. */
static void test_decimals_and_their_means(void **state)
{
    (void)state;
    struct random random = random_keyed(2, 0);
    for (int i = 0; i < 100000; i++) {
        float decimal = (float)((int)random_below(&random, 2000001) - 1000000) / 100000.0f;
        assert_defined(decimal);
        assert_defined(decimal / (float)(1 + random_below(&random, 200)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_quickly),
        cmocka_unit_test(test_any_bits),
        cmocka_unit_test(test_powers_and_their_neighbours),
        cmocka_unit_test(test_decimals_and_their_means),
    };
    return RUN_TESTS("shortest", tests);
}
