/* Which plan fits which memory, against sums by hand. */
#include "run/linear_room.h"

#include "helpers.h"

/*
 * Models 40,000, 32,000 and 3,996, scores 40,000, duals 40,000, a worker 131,936; 6,400 and 400
 * less where 100 features are lone.
 */
static const struct linear_size size = {
    .features = 999, .rows = 1000, .labels = 10, .scored = true};

static enum linear_plan plan_of(unsigned views, unsigned jobs, uint64_t memory, uint64_t map)
{
    const struct linear_size sizes[] = {size, size};
    const struct linear_room room = {memory, map, false};
    enum linear_plan plan;
    struct error error;
    assert_true(linear_plan(sizes, views, jobs, &room, &plan, &error));
    return plan;
}

static void test_one_view(void **state)
{
    (void)state;
    assert_int_equal(plan_of(1, 1, 287932, UINT64_MAX), LINEAR_TOGETHER);
    assert_int_equal(plan_of(1, 1, 287931, UINT64_MAX), LINEAR_IN_FILES);
    assert_int_equal(plan_of(1, 2, 419868, UINT64_MAX), LINEAR_TOGETHER);
    assert_int_equal(plan_of(1, 2, 419867, UINT64_MAX), LINEAR_IN_FILES);
}

static void test_lone_features(void **state)
{
    (void)state;
    struct linear_size lone = size;
    lone.lone = 100;
    const struct linear_room room = {287932 - 6800, UINT64_MAX, false},
                             less = {287931 - 6800, UINT64_MAX, false};
    enum linear_plan plan;
    struct error error;
    assert_true(linear_plan(&lone, 1, 1, &room, &plan, &error));
    assert_int_equal(plan, LINEAR_TOGETHER);
    assert_true(linear_plan(&lone, 1, 1, &less, &plan, &error));
    assert_int_equal(plan, LINEAR_IN_FILES);
}

static void test_two_views(void **state)
{
    (void)state;
    assert_int_equal(plan_of(2, 1, 443928, UINT64_MAX), LINEAR_TOGETHER);
    assert_int_equal(plan_of(2, 1, 443927, UINT64_MAX), LINEAR_APART);
    assert_int_equal(plan_of(2, 1, 403928, UINT64_MAX), LINEAR_APART);
    assert_int_equal(plan_of(2, 1, 403927, UINT64_MAX), LINEAR_IN_FILES);
    assert_int_equal(plan_of(2, 1, 203928, UINT64_MAX), LINEAR_IN_FILES);
}

/* What may be mapped bounds one process, and files are mapped like the rest. */
static void test_address_space(void **state)
{
    (void)state;
    assert_int_equal(plan_of(2, 4, UINT64_MAX, 443928), LINEAR_TOGETHER);
    assert_int_equal(plan_of(2, 4, UINT64_MAX, 443927), LINEAR_APART);
    assert_int_equal(plan_of(2, 4, 600000, 403928), LINEAR_IN_FILES);
}

/* Files that take memory are of no use: what fits without them does, 403,928 as above; what does
   not is refused. */
static void test_files_take_memory(void **state)
{
    (void)state;
    const struct linear_size sizes[] = {size, size};
    struct linear_room room = {403928, UINT64_MAX, true};
    enum linear_plan plan;
    struct error error;
    assert_true(linear_plan(sizes, 2, 1, &room, &plan, &error));
    assert_int_equal(plan, LINEAR_APART);
    room.memory--;
    assert_false(linear_plan(sizes, 2, 1, &room, &plan, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_non_null(strstr(error.text, "or a --temp-dir on a disk"));
}

static void refuse(uint64_t memory, uint64_t map, unsigned jobs, const char *sentence)
{
    const struct linear_size large = {100000000, 0, 10000000, 58, true};
    const struct linear_room room = {memory, map, false};
    enum linear_plan plan;
    struct error error;
    assert_false(linear_plan(&large, 1, jobs, &room, &plan, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    if (!strstr(error.text, sentence))
        fail_msg("no '%s' in: %s", sentence, error.text);
}

/*
 * Weights 23,200,000,232, folds of terms 400,000,000, rows 320,000,000, scores and duals
 * 2,320,000,000 each, a worker 7,080,000,000.
 */
static void test_refused(void **state)
{
    (void)state;
    const uint64_t gib = 1 << 30;
    refuse(2 * gib, UINT64_MAX, 1, "take about 7.26 GiB, and 2.00 GiB are to be had: use --min");
    refuse(gib / 2, UINT64_MAX, 2, "take about 13.86 GiB, and 512 MiB are to be had");
    refuse(2 * gib, UINT64_MAX, 2, "a smaller -j");
    refuse(UINT64_MAX, 8 * gib, 2, "take about 33.19 GiB, and 8.00 GiB are to be had");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_view),  cmocka_unit_test(test_lone_features),
        cmocka_unit_test(test_two_views), cmocka_unit_test(test_address_space),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_files_take_memory),
    };
    return RUN_TESTS("linear_room", tests);
}
