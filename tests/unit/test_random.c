/* The generators against their authors' figures; bounds and uniformity. */
#include "base/random.h"

#include "helpers.h"

/* SplitMix64 from 1234567, as published with its reference implementation. */
static const uint64_t splitmix_1234567[] = {
    UINT64_C(6457827717110365317), UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
    UINT64_C(4593380528125082431)};

static void test_state_is_splitmix(void **state)
{
    (void)state;
    /* The scrambled seed is the first number of its sequence: this stream turns it back. */
    struct random random = random_keyed(1234567, splitmix_1234567[0] ^ 1234567);
    for (int i = 0; i < 4; i++)
        assert_true(random.state[i] == splitmix_1234567[i]);
}

static void test_xoshiro256starstar(void **state)
{
    (void)state;
    /* The first numbers from the state 1, 2, 3, 4, as in rand_xoshiro's tests, which were made
       with the authors' C code. */
    static const uint64_t wanted[] = {11520,
                                      0,
                                      1509978240,
                                      UINT64_C(1215971899390074240),
                                      UINT64_C(1216172134540287360),
                                      UINT64_C(607988272756665600),
                                      UINT64_C(16172922978634559625),
                                      UINT64_C(8476171486693032832),
                                      UINT64_C(10595114339597558777),
                                      UINT64_C(2904607092377533576)};
    struct random random = {{1, 2, 3, 4}};
    for (int i = 0; i < 10; i++)
        assert_true(random_u64(&random) == wanted[i]);
}

static void test_below_is_uniform(void **state)
{
    (void)state;
    enum { BOUND = 7, DRAWS = 70000 };
    int seen[BOUND] = {0};
    struct random random = random_keyed(1, 2);
    for (int i = 0; i < DRAWS; i++) {
        uint32_t drawn = random_below(&random, BOUND);
        assert_true(drawn < BOUND);
        seen[drawn]++;
    }
    /* Chi-squared with 6 degrees of freedom: above 22.5 once in a thousand. */
    double chi = 0;
    for (int i = 0; i < BOUND; i++)
        chi += (seen[i] - 10000.0) * (seen[i] - 10000.0) / 10000.0;
    assert_true(chi < 22.5);
}

static void test_below_large_bounds(void **state)
{
    (void)state;
    struct random random = random_keyed(3, 4);
    uint32_t most = 0;
    for (int i = 0; i < 1000; i++) {
        uint32_t drawn = random_below(&random, UINT32_MAX);
        assert_true(drawn < UINT32_MAX);
        most = drawn > most ? drawn : most;
        assert_int_equal(random_below(&random, 1), 0);
    }
    assert_true(most > UINT32_MAX / 100 * 99);
}

static void test_unit_interval(void **state)
{
    (void)state;
    struct random random = random_keyed(5, 6);
    double sum = 0;
    for (int i = 0; i < 100000; i++) {
        double unit = random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        sum += unit;
    }
    /* The mean's standard deviation is 0.0009. */
    assert_true(sum / 100000 > 0.496 && sum / 100000 < 0.504);
}

static void test_keys_are_apart(void **state)
{
    (void)state;
    struct random a = random_keyed(1, 2), b = random_keyed(2, 1), c = random_keyed(1, 3);
    for (int i = 0; i < 100; i++) {
        uint64_t from_a = random_u64(&a);
        assert_true(from_a != random_u64(&b));
        assert_true(from_a != random_u64(&c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_is_splitmix), cmocka_unit_test(test_xoshiro256starstar),
        cmocka_unit_test(test_below_is_uniform),  cmocka_unit_test(test_below_large_bounds),
        cmocka_unit_test(test_unit_interval),     cmocka_unit_test(test_keys_are_apart),
    };
    return RUN_TESTS("random", tests);
}
