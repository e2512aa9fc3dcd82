/* What bags hold: as many draws as asked for, the listed rows, and how often rows are left out. */
#include "forest/bag.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROWS = 20000 };

struct bag {
    uint32_t weight[ROWS], rows[ROWS];
    uint32_t count; /* of the rows */
};

static struct bag *draw(const struct growth *growth, uint64_t index)
{
    struct bag *bag = malloc(sizeof *bag);
    struct random random = random_keyed(growth->seed, index);
    bag->count = bag_draw(&random, growth, ROWS, bag->weight, bag->rows);
    return bag;
}

/* The rows are those of any weight, ascending; returns the sum of the weights. */
static uint64_t check_bag(const struct bag *bag)
{
    uint64_t sum = 0;
    uint32_t listed = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        sum += bag->weight[row];
        if (!bag->weight[row])
            continue;
        assert_true(listed < bag->count);
        assert_int_equal(bag->rows[listed++], row);
    }
    assert_int_equal(listed, bag->count);
    return sum;
}

/* `distinct` are expected, with that deviation. */
static void check_draws(uint32_t max_samples, uint32_t draws, uint32_t distinct, uint32_t deviation)
{
    const struct growth growth = {.bootstrap = true, .max_samples = max_samples};
    struct bag *bag = draw(&growth, 5);
    assert_int_equal(check_bag(bag), draws);
    assert_in_range(bag->count, distinct - 4 * deviation, distinct + 4 * deviation);
    free(bag);
}

/* Of n rows, d draws are expected to leave out n (1 - 1/n)^d, with a variance of
   n (e^-c - (1 + c) e^-2c), where c = d / n. */
static void test_draws(void **state)
{
    (void)state;
    check_draws(0, ROWS, 12642, 44);
    check_draws(ROWS, ROWS, 12642, 44);
    check_draws(10000, 10000, 7870, 33);
    check_draws(1000, 1000, 975, 5);
    check_draws(1, 1, 1, 0);
}

static void test_all_drawn_is_the_default(void **state)
{
    (void)state;
    const struct growth growth = {.bootstrap = true},
                        all = {.bootstrap = true, .max_samples = ROWS};
    struct bag *first = draw(&growth, 2), *second = draw(&all, 2);
    assert_int_equal(first->count, second->count);
    assert_memory_equal(first->weight, second->weight, sizeof first->weight);
    free(first);
    free(second);
}

static void test_no_bootstrap(void **state)
{
    (void)state;
    struct bag *bag = draw(&(struct growth){0}, 1);
    assert_int_equal(bag->count, ROWS);
    assert_int_equal(check_bag(bag), ROWS);
    assert_int_equal(bag->weight[0], 1);
    free(bag);
}

/* ---- weights ---- */

static double exact[ROWS], chance[ROWS];
static uint32_t class_of[ROWS];

/* Row r weighs r % 4; the classes are the thirds of the rows that 9, 1 and 2 tenths make. */
static void fill_weights(void)
{
    double all = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        exact[row] = row % 4;
        chance[row] = all += exact[row];
        class_of[row] = row % 12 < 9 ? 0 : row % 12 == 9 ? 1 : 2;
    }
}

/* Of 20,000 draws row r has its share, 0, 1/6, 1/3 or 1/2 by its weight: deviations of 53 to 71. */
static void test_drawn_by_weight(void **state)
{
    static const uint32_t wanted[4] = {0, 3333, 6667, 10000};
    (void)state;
    fill_weights();
    const struct weights weights = {.exact = exact, .unit = 1, .chance = chance};
    const struct growth growth = {.bootstrap = true, .weights = &weights};
    struct bag *bag = draw(&growth, 3);
    uint32_t drawn[4] = {0};
    assert_int_equal(check_bag(bag), ROWS);
    for (uint32_t row = 0; row < ROWS; row++)
        drawn[row % 4] += bag->weight[row];
    assert_int_equal(drawn[0], 0);
    for (int i = 1; i < 4; i++)
        assert_in_range(drawn[i], wanted[i] - 300, wanted[i] + 300);
    assert_false(bag_weighs(&growth));
    free(bag);
}

static void test_weighed(void **state)
{
    (void)state;
    fill_weights();
    exact[1] = 0x1p-40;
    const struct weights weights = {.exact = exact, .unit = 0.125};
    const struct growth growth = {.weights = &weights};
    struct bag *bag = draw(&growth, 3);
    double share[3];
    assert_true(bag_weighs(&growth));
    /* Those of no weight are left out. */
    check_bag(bag);
    assert_int_equal(bag->count, ROWS - ROWS / 4);
    bag_weigh(&growth, class_of, 3, share, bag->weight, bag->rows, bag->count);
    for (uint32_t row = 2; row < ROWS; row++)
        assert_int_equal(bag->weight[row], 8 * (row % 4));
    assert_int_equal(bag->weight[1], 1); /* not none */
    free(bag);
}

/* All classes of a bag weigh the same, up to roundings of each row's units. */
static void test_balanced_bags(void **state)
{
    (void)state;
    fill_weights();
    for (uint32_t row = 0; row < ROWS; row++)
        exact[row] = 1;
    const struct weights weights = {.exact = exact, .unit = 0x1p-15, .balance_bags = true};
    const struct growth growth = {.bootstrap = true, .weights = &weights};
    struct bag *bag = draw(&growth, 3);
    double share[4], sums[4] = {0};
    bag_weigh(&growth, class_of, 4, share, bag->weight, bag->rows, bag->count);
    for (uint32_t row = 0; row < ROWS; row++)
        sums[class_of[row]] += bag->weight[row];
    for (int c = 0; c < 3; c++)
        assert_true(sums[c] > ROWS / 3.0 * 0x1p15 * 0.9999 &&
                    sums[c] < ROWS / 3.0 * 0x1p15 * 1.0001);
    assert_true(sums[3] == 0); /* of no row */
    free(bag);
}

/* A row that is most of the weight and drawn twenty times: 2^30 units each time are too many. */
static void test_too_heavy(void **state)
{
    (void)state;
    fill_weights();
    exact[7] = 0x1p30;
    const struct weights weights = {.exact = exact, .unit = 1};
    const struct growth growth = {.weights = &weights};
    struct bag *bag = draw(&growth, 3);
    double share[3], sum = 0;
    bag->weight[7] = 20;
    bag_weigh(&growth, class_of, 3, share, bag->weight, bag->rows, bag->count);
    for (uint32_t row = 0; row < ROWS; row++)
        sum += bag->weight[row];
    assert_true(sum < 0x1p31 && sum > 0x1p30);
    assert_int_equal(bag->weight[7], 20ull * (1 << 30) >> 4); /* sixteen times as large units */
    assert_int_equal(bag->weight[3], 1);
    free(bag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws),        cmocka_unit_test(test_all_drawn_is_the_default),
        cmocka_unit_test(test_no_bootstrap), cmocka_unit_test(test_drawn_by_weight),
        cmocka_unit_test(test_weighed),      cmocka_unit_test(test_balanced_bags),
        cmocka_unit_test(test_too_heavy)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
