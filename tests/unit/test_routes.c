/* A tree's routes, and what it says of samples, by hand. */
#include "vote/routes.h"

#include <math.h>

#include "helpers.h"
#include "run/detail.h"

/*
 * x[1] <= 0.5 ? 4 of class 0 : x[2] <= 2.5 ? 1 of each class : 2 of class 1. So of 8 samples 5 are
 * of class 0, a share of 5/8; on the right 1/4; then 1/2 or 0.
 */
static const struct tree tree = {.nodes = 5,
                                 .splits = 2,
                                 .mixed = 1,
                                 .feature = (uint32_t[]){1, TREE_NONE, 2, TREE_NONE, TREE_NONE},
                                 .threshold = (float[]){0.5f, 2.5f},
                                 .leaf_class = (uint32_t[]){0, TREE_NONE, 1},
                                 .weight = (uint32_t[]){4, 2, 2},
                                 .counts = (uint32_t[]){1, 1}};

static struct routes make_routes(void)
{
    struct routes routes = {0};
    for (int i = 0; i < 2; i++) {
        struct route route;
        assert_int_equal(route_make(&route, &tree, 2, true), ROUTE_MADE);
        assert_int_equal(route.depth, 2);
        assert_int_equal(route.nodes[0].right, 2);
        assert_int_equal(route.nodes[2].right, 4);
        assert_true(routes_append(&routes, &route, 2));
        assert_null(route.nodes);
    }
    assert_true(routes.bias[0] == 2 * 0.625 && routes.bias[1] == 2 * 0.375);
    return routes;
}

static void test_leaves_and_paths(void **state)
{
    (void)state;
    struct routes routes = make_routes();
    struct detail detail = {.kind = DETAIL_LEAVES, .routes = &routes, .dim = 3, .classes = 2};
    struct detail_rows rows = {0};
    const float left[] = {9, 0.5f, 9}, right[] = {0, 1, 3};
    assert_true(detail_begin(&detail, &rows, 2));
    assert_true(detail_add(&detail, &rows, left, NULL) && detail_add(&detail, &rows, right, NULL));
    const struct details *details = detail_end(&rows);
    assert_memory_equal(details->columns[DETAILS_LEAVES], ((uint32_t[]){1, 1, 4, 4}), 16);
    detail_rows_free(&rows);

    detail.kind = DETAIL_PATHS;
    assert_true(detail_begin(&detail, &rows, 1));
    assert_true(detail_add(&detail, &rows, right, NULL));
    details = detail_end(&rows);
    assert_memory_equal(details->columns[DETAILS_ENDS], ((uint32_t[]){3, 6}), 8);
    assert_memory_equal(details->columns[DETAILS_NODE], ((uint32_t[]){0, 2, 4, 0, 2, 4}), 24);
    assert_memory_equal(details->columns[DETAILS_FEATURE], ((uint32_t[]){1, 2, TREE_NONE}), 12);
    assert_memory_equal(details->columns[DETAILS_VALUE], ((float[]){1, 3, 0}), 12);
    assert_memory_equal(details->columns[DETAILS_THRESHOLD], ((float[]){0.5f, 2.5f, 0}), 12);
    detail_rows_free(&rows);
    routes_free(&routes);
}

static void test_contributions(void **state)
{
    (void)state;
    struct routes routes = make_routes();
    struct detail detail = {
        .kind = DETAIL_CONTRIBUTIONS, .routes = &routes, .dim = 3, .classes = 2};
    struct detail_rows rows = {0};
    assert_true(detail_begin(&detail, &rows, 2));
    assert_true(detail_add(&detail, &rows, (float[]){0, 1, 3}, (double[]){0, 1}));
    /* Of a third there is no multiple of 2^-50, nor a float: the sum is the nearest one. */
    const double third = 1.0 / 3;
    assert_true(detail_add(&detail, &rows, (float[]){0, 0, 3}, (double[]){third, 1 - third}));
    const struct details *details = detail_end(&rows);
    const double *bias = details_doubles(details, DETAILS_BIAS);
    const double *shares = details_doubles(details, DETAILS_CONTRIBUTIONS);
    assert_true(bias[0] == 0.625 && bias[1] == 0.375);
    static const double wanted[] = {0, -0.375, -0.25, 0, 0.375, 0.25};
    for (int i = 0; i < 6; i++)
        assert_true(shares[i] == wanted[i]);
    const double sum = bias[0] + shares[6] + shares[7] + shares[8];
    assert_true((float)sum == (float)third);
    const double units = sum * 0x1p50;
    assert_true(units == rint(units));
    detail_rows_free(&rows);
    routes_free(&routes);
}

/* Each split has the next one on its left, each leaf is of a class of its own. */
static enum route_made make_chain(uint32_t splits)
{
    const size_t leaves = splits + 1;
    uint32_t *feature = test_calloc(splits + leaves, sizeof *feature);
    uint32_t *leaf_class = test_calloc(leaves, sizeof *leaf_class);
    uint32_t *weight = test_calloc(leaves, sizeof *weight);
    float *threshold = test_calloc(splits, sizeof *threshold);
    for (uint32_t i = 0; i < leaves; i++) {
        feature[splits + i] = TREE_NONE;
        leaf_class[i] = i;
        weight[i] = 1;
    }
    const struct tree chain = {.nodes = splits + (uint32_t)leaves,
                               .splits = splits,
                               .feature = feature,
                               .threshold = threshold,
                               .leaf_class = leaf_class,
                               .weight = weight};
    struct route route;
    const enum route_made made = route_make(&route, &chain, (uint32_t)leaves, true);
    if (made == ROUTE_MADE) {
        /* On the way to n leaves, all n + 1 shares change, and on that to the other one. */
        const size_t changes = splits + 1 + (size_t)splits * (splits + 3);
        assert_int_equal(route.change_count, changes);
        route_free(&route);
    }
    test_free(feature);
    test_free(leaf_class);
    test_free(weight);
    test_free(threshold);
    return made;
}

/* A node here has as many changes as the tree is deep below it: a bound that goes by nodes. */
static void test_bound(void **state)
{
    (void)state;
    assert_int_equal(make_chain(3), ROUTE_MADE);
    assert_int_equal(make_chain(300), ROUTE_MADE);
    assert_int_equal(make_chain(1000), ROUTE_LARGE);
    assert_int_equal(make_chain(20000), ROUTE_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaves_and_paths),
        cmocka_unit_test(test_contributions),
        cmocka_unit_test(test_bound),
    };
    return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
