/* Importances of a tree that is worked out by hand. */
#include "forest/importance.h"

#include <math.h>

#include "helpers.h"

/*
 * Node 0 splits on feature 1: 4 of class 0 on the left; on the right feature 2 parts 1 of class 0
 * and 1 of class 1, a mixed leaf, from 2 of class 1. Gini, times samples: the root
 * 8 (1 - 25/64 - 9/64) = 3.75, the right side 4 (1 - 1/16 - 9/16) = 1.5, the mixed leaf 1. So the
 * first split brings 3.75 - 1.5 = 2.25, the second 1.5 - 1 = 0.5: shares of 9/11 and 2/11.
 *
 * Entropy, times samples, in bits: 8 x 0.9544340 = 7.6354722, 4 x 0.8112781 = 3.2451125, and 2:
 * 4.3903597 and 1.2451125.
 */
static uint32_t features[] = {1, TREE_NONE, 2, TREE_NONE, TREE_NONE};
static uint32_t leaf_class[] = {0, TREE_NONE, 1};
static uint32_t weight[] = {4, 2, 2};
static uint32_t counts[] = {1, 1};
static const struct tree tree = {.nodes = 5,
                                 .splits = 2,
                                 .mixed = 1,
                                 .feature = features,
                                 .leaf_class = leaf_class,
                                 .weight = weight,
                                 .counts = counts};
static uint32_t leaf[] = {TREE_NONE};
static const struct tree stump = {.nodes = 1,
                                  .mixed = 1,
                                  .feature = leaf,
                                  .leaf_class = leaf,
                                  .weight = weight + 1,
                                  .counts = counts};

static void assert_near(double got, double wanted)
{
    if (fabs(got - wanted) > 1e-7)
        fail_msg("%.9f is not %.9f", got, wanted);
}

static void check(enum criterion criterion, double first, double second)
{
    struct importance importance;
    assert_true(importance_start(&importance, 3, 2, criterion));
    assert_near(importance_mean(&importance, 1), 0);
    assert_true(importance_add(&importance, &stump)); /* does not count */
    assert_true(importance_add(&importance, &tree));
    assert_near(importance_mean(&importance, 0), 0);
    assert_near(importance_mean(&importance, 1), first);
    assert_near(importance_mean(&importance, 2), second);
    assert_near(importance_spread(&importance, 1), 0);

    /* The same tree on features 0 and 2: half of `first` each, with a deviation as large. */
    features[0] = 0;
    assert_true(importance_add(&importance, &tree));
    features[0] = 1;
    assert_near(importance_mean(&importance, 0), first / 2);
    assert_near(importance_spread(&importance, 0), first / 2);
    assert_near(importance_mean(&importance, 2), second);
    importance_free(&importance);
}

static void test_gini(void **state)
{
    (void)state;
    check(CRITERION_GINI, 9.0 / 11, 2.0 / 11);
}

static void test_entropy(void **state)
{
    (void)state;
    check(CRITERION_ENTROPY, 4.3903597 / 5.6354722, 1.2451125 / 5.6354722);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gini),
        cmocka_unit_test(test_entropy),
    };
    return cmocka_run_group_tests_name("importance", tests, NULL, NULL);
}
