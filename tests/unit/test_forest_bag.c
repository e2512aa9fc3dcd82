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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_draws),
                                       cmocka_unit_test(test_all_drawn_is_the_default),
                                       cmocka_unit_test(test_no_bootstrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
