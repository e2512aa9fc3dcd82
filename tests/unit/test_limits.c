/*
 * Leaves that have to lie between bounds: cases by hand, and of all weights up to one that has a
 * share between them, the least, by trying each.
 */
#include "base/random.h"
#include "forest/limits.h"

#include "helpers.h"

static void check(double lower, double upper, uint32_t first, uint32_t second,
                  uint32_t wanted_first, uint32_t wanted_second)
{
    uint32_t counts[2] = {first, second};
    limits_keep(&(struct bounds){lower, upper}, counts);
    assert_int_equal(counts[0], wanted_first);
    assert_int_equal(counts[1], wanted_second);
}

static void test_by_hand(void **state)
{
    (void)state;
    check(-INFINITY, INFINITY, 3, 4, 3, 4);
    check(0.25, 0.75, 3, 5, 3, 5);
    check(0.5, 1, 3, 5, 4, 4);         /* the bound itself */
    check(-INFINITY, 0.3, 3, 5, 2, 6); /* 2.4 of 8: the next below */
    check(0.3, INFINITY, 0, 8, 3, 5);  /* the next above */
    /* No share of the weight is between: two fifths, as many of them as come closest. */
    check(0.4, 0.4, 786432, 0, 2 * 157286, 3 * 157286);
    check(0.4, 0.4, 0, 7, 2, 3);
    check(0.4, 0.4, 0, 8, 4, 6);
    check(1.0 / 3, 1.0 / 3, 1, 0, 1, 2);
    /* Between 0.28569729784434772 and two sevenths, where 8192 has 0.28564 and 0.28577. */
    check(0.28569729784434772, 2.0 / 7, 8192, 0, 2 * 1170, 5 * 1170);
    check(0.3, 0.31, 0, 1, 3, 7);
    check(1, 1, 0, 5, 5, 0);
    check(0, 0, 5, 0, 0, 5);
}

/* The least weight with a share between, and that share. */
static uint32_t least_weight(const struct bounds *bounds, uint32_t *first)
{
    for (uint32_t weight = 1;; weight++)
        for (uint32_t f = 0; f <= weight; f++)
            if ((double)f / weight >= bounds->lower && (double)f / weight <= bounds->upper) {
                *first = f;
                return weight;
            }
}

static void test_least_weight(void **state)
{
    (void)state;
    struct random random = random_keyed(1, 2);
    for (int round = 0; round < 2000; round++) {
        const uint32_t left = 1 + random_below(&random, 40), right = 1 + random_below(&random, 40);
        const double a = (double)random_below(&random, left + 1) / left,
                     b = (double)random_below(&random, right + 1) / right;
        const struct bounds bounds = {a < b ? a : b, a < b ? b : a};
        uint32_t counts[2] = {random_below(&random, 2), 0}, first;
        counts[1] = 1 - counts[0];
        limits_keep(&bounds, counts);
        assert_int_equal(counts[0] + counts[1], least_weight(&bounds, &first));
        assert_true(counts[0] == first || counts[0] + counts[1] == 1);
    }
}

/* A share that counts of units may have, down to 2^-31. */
static double draw_share(struct random *random)
{
    const uint32_t weight = 1 + random_below(random, UINT32_C(1) << random_below(random, 31));
    const uint32_t most = 1 + random_below(random, weight);
    return (double)random_below(random, most + 1) / weight;
}

static void test_always_between(void **state)
{
    (void)state;
    struct random random = random_keyed(3, 4);
    for (int round = 0; round < 100000; round++) {
        const double a = draw_share(&random), b = round % 2 ? a : draw_share(&random);
        const struct bounds bounds = {a < b ? a : b, a < b ? b : a};
        const uint32_t weight = 1 + random_below(&random, UINT32_C(1) << random_below(&random, 31));
        uint32_t counts[2] = {random_below(&random, weight + 1), 0};
        counts[1] = weight - counts[0];
        limits_keep(&bounds, counts);
        assert_true(counts[0] < UINT32_MAX - counts[1]);
        const double share = (double)counts[0] / (counts[0] + counts[1]);
        assert_true(share >= bounds.lower && share <= bounds.upper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_least_weight),
        cmocka_unit_test(test_always_between),
    };
    return RUN_TESTS("limits", tests);
}
