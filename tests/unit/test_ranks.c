/* Ranks against a comparison sort, and what is parted against the values themselves. */
#include "base/random.h"
#include "forest/kernels.h"

#include "helpers.h"

#include <math.h>

/* More than one group, and the last is not whole. */
enum { FEATURES = RANKS_GROUP + 2 };

/* A column to sort by; qsort has no context. */
static const float *sorted_by;

static int by_value_then_row(const void *left, const void *right)
{
    uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
    if (sorted_by[l] != sorted_by[r])
        return sorted_by[l] < sorted_by[r] ? -1 : 1;
    return l < r ? -1 : 1;
}

static bool differ_enough(float below, float above)
{
    volatile float reach = below + 1e-7f;
    return above > reach;
}

/* Checks a feature by its values. */
static void check_feature(const struct ranks *ranks, const float *values, uint32_t rows,
                          uint32_t feature)
{
    struct rank_column column = ranks_column(ranks, feature);
    uint32_t *order = malloc(rows * sizeof *order);
    for (uint32_t row = 0; row < rows; row++)
        order[row] = row;
    sorted_by = values;
    qsort(order, rows, sizeof *order, by_value_then_row);
    for (uint32_t rank = 0; rank < rows; rank++)
        assert_int_equal(column_rank(&column, order[rank]), rank);
    uint32_t widest = 0;
    for (uint32_t below = 0; below < rows; below++) {
        uint32_t above = below + 1;
        bool tight = above < rows && !differ_enough(values[order[below]], values[order[above]]);
        assert_int_equal(column.tight[below / 64] >> below % 64 & 1, tight);
        while (above < rows && !differ_enough(values[order[below]], values[order[above]]))
            above++;
        widest = above - 1 - below > widest ? above - 1 - below : widest;
    }
    assert_int_equal(column.span, widest);
    free(order);
}

static void check_ranks(uint32_t rows, float (*value)(struct random *random))
{
    struct random random = random_keyed(7, rows);
    float *columns[FEATURES], *x = malloc(FEATURES * (size_t)rows * sizeof *x);
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin(&ranks, rows, FEATURES, &error));
    const struct matrix matrix = {.rows = rows, .features = FEATURES, .x = x};
    for (uint32_t feature = 0; feature < FEATURES; feature++) {
        columns[feature] = malloc(rows * sizeof *x);
        for (uint32_t row = 0; row < rows; row++)
            x[FEATURES * row + feature] = columns[feature][row] = value(&random);
    }
    EACH_LEVEL (level) {
        /* Twice: it may be done again. */
        for (uint32_t round = 0; round < 2; round++)
            for (uint32_t group = 0; group < ranks_groups(&ranks); group++)
                assert_true(ranks_sort(&ranks, &matrix, group, level, &error));
        for (uint32_t feature = 0; feature < FEATURES; feature++)
            check_feature(&ranks, columns[feature], rows, feature);
    }
    for (uint32_t feature = 0; feature < FEATURES; feature++)
        free(columns[feature]);
    assert_int_equal(ranks.wide, rows > 65536);
    ranks_free(&ranks);
    free(x);
}

static float any_value(struct random *random)
{
    return (float)(random_unit(random) * 200 - 100);
}

static float few_values(struct random *random)
{
    return (float)random_below(random, 9) - 4;
}

/* Steps of 3e-8: two neighbours are too close, the fifth is not. */
static float close_values(struct random *random)
{
    return (float)random_below(random, 3000) * 3e-8f;
}

/* Right above powers of two, which differ in their lowest bits alone: the order by the others is of
   no use. */
static float values_in_heaps(struct random *random)
{
    const float beyond = (float)random_below(random, 2000) * 0x1p-22f;
    return ldexpf(1 + beyond, (int)random_below(random, 8));
}

static float signed_zeros(struct random *random)
{
    return random_below(random, 2) ? -0.0f : 0.0f;
}

/* Rows of a class next to each other, in one class as they were; each has the rank of its value. */
static void test_by_class(void **state)
{
    (void)state;
    float x[] = {5, 1, 4, 2, 3, 0};
    const uint32_t class_of[] = {2, 0, 2, 0, 2, 0}, rows[] = {1, 3, 5, 0, 2, 4};
    const struct matrix matrix = {
        .rows = 6, .features = 1, .classes = 4, .x = x, .class_of = class_of};
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin(&ranks, 6, 1, &error) && ranks_by_class(&ranks, &matrix, &error) &&
                ranks_sort(&ranks, &matrix, 0, cpu_level(), &error));
    const struct rank_column column = ranks_column(&ranks, 0);
    for (uint32_t row = 0; row < 6; row++) {
        assert_int_equal(ranks_row(&ranks, row), rows[row]);
        assert_int_equal(column_rank(&column, row), (uint32_t)x[rows[row]]);
    }
    ranks_free(&ranks);
}

/* Every rank by row is that of its column; and columns of some rows are made of these. */
static void check_by_row(uint32_t rows, uint32_t features)
{
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin_by_row(&ranks, rows, features, &error));
    uint16_t *rank = ranks.rank, copied[RANKS_TOGETHER][3];
    for (uint32_t i = 0; i < rows * features; i++)
        rank[i] = (uint16_t)(i * 40503u);
    for (uint32_t block = 0; block < ranks_blocks(&ranks); block++)
        ranks_lay_rows(&ranks, block);
    for (uint32_t row = 0; row < rows; row++)
        for (uint32_t f = 0; f < features; f++)
            assert_int_equal(ranks.by_row[row * features + f], rank[f * rows + row]);
    const uint32_t some[3] = {0, rows / 2, rows - 1};
    uint32_t wanted[RANKS_TOGETHER];
    for (uint32_t count = 1; count <= RANKS_TOGETHER; count++) {
        for (uint32_t i = 0; i < count; i++)
            wanted[i] = (i * 7 + 3) % features;
        ranks_copy_rows(&ranks, some, 3, wanted, count, copied[0], 3);
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t k = 0; k < 3; k++)
                assert_int_equal(copied[i][k], rank[wanted[i] * rows + some[k]]);
    }
    ranks_free(&ranks);
}

static void test_by_row(void **state)
{
    (void)state;
    check_by_row(1, 1);
    check_by_row(31, 5);
    check_by_row(1024, 3);
    check_by_row(1025, 2);
    check_by_row(2100, 9);
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin_by_row(&ranks, 65537, 1, &error));
    assert_null(ranks.by_row); /* four bytes a rank */
    assert_int_equal(ranks_blocks(&ranks), 0);
    ranks_free(&ranks);
}

static void test_distinct_values(void **state)
{
    (void)state;
    check_ranks(1, any_value);
    check_ranks(64, any_value);
    check_ranks(1000, any_value);
    check_ranks(5000, any_value);
}

static void test_equal_and_close_values(void **state)
{
    (void)state;
    check_ranks(700, few_values);
    check_ranks(700, close_values);
    check_ranks(6000, close_values);
    check_ranks(10000, few_values);
    check_ranks(10000, values_in_heaps);
}

static void test_wide(void **state)
{
    (void)state;
    check_ranks(65536, any_value);
    check_ranks(65537, any_value);
}

static void test_zeros_are_equal(void **state)
{
    (void)state;
    enum { ROWS = 100 };
    struct random random = random_keyed(1, 1);
    float x[ROWS];
    for (int i = 0; i < ROWS; i++)
        x[i] = signed_zeros(&random);
    struct ranks ranks;
    struct error error;
    const struct matrix matrix = {.rows = ROWS, .features = 1, .x = x};
    assert_true(ranks_begin(&ranks, ROWS, 1, &error));
    assert_true(ranks_sort(&ranks, &matrix, 0, cpu_level(), &error));
    struct rank_column column = ranks_column(&ranks, 0);
    assert_int_equal(column.span, ROWS - 1);
    assert_false(column_parted(&column, 0, ROWS - 1));
    ranks_free(&ranks);
}

/* ---- some rows among themselves ---- */

enum { ONE_OF = 3 /* rows that are taken, nearly */ };

/* The new order must be that of the values, and nothing that is too close may pass as parted. */
static void check_taken(const struct ranks *ranks, const float *values, const uint32_t *rows)
{
    struct rank_column column = ranks_column(ranks, 0);
    uint32_t count = ranks->rows, *order = malloc(count * sizeof *order);
    for (uint32_t i = 0; i < count; i++)
        order[i] = rows[i];
    sorted_by = values;
    qsort(order, count, sizeof *order, by_value_then_row);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rank = column_rank(&column, i);
        assert_true(rank < count);
        assert_int_equal(order[rank], rows[i]);
    }
    for (uint32_t below = 0; below < count; below++)
        for (uint32_t above = below + 1; above < count; above++) {
            if (differ_enough(values[order[below]], values[order[above]]))
                break;
            assert_false(column_parted(&column, below, above));
            assert_true(above - below <= column.span);
        }
    free(order);
}

static void check_take(uint32_t all, float (*value)(struct random *random))
{
    struct random random = random_keyed(8, all);
    float *x = malloc(all * sizeof *x);
    uint32_t *rows = malloc(all * sizeof *rows), count = 0;
    for (uint32_t row = 0; row < all; row++) {
        x[row] = value(&random);
        rows[count] = row;
        count += random_below(&random, ONE_OF) == 0;
    }
    const struct matrix matrix = {.rows = all, .features = 1, .x = x};
    struct ranks ranks, taken;
    struct ranks_scratch scratch = {0};
    struct error error;
    assert_true(ranks_begin(&ranks, all, 1, &error) &&
                ranks_sort(&ranks, &matrix, 0, cpu_level(), &error));
    assert_true(ranks_begin(&taken, count, 1, &error));
    assert_true(ranks_scratch_begin(&scratch, all, count));
    for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
        ranks_take(&taken, 0, &ranks, rows, &scratch, kernels_of((enum cpu_level)level)->renumber);
        check_taken(&taken, x, rows);
    }
    ranks_scratch_free(&scratch);
    ranks_free(&taken);
    ranks_free(&ranks);
    free(rows);
    free(x);
}

static void test_rows_among_themselves(void **state)
{
    (void)state;
    check_take(10, any_value);
    check_take(5000, any_value);
    check_take(2000, close_values);
    check_take(700, few_values);
    check_take(70000, any_value);
    check_take(250000, any_value);
}

/* A tie that is left with fewer rows has a smaller span: it must not stay as wide as it was. */
static void test_the_span_shrinks_with_the_rows(void **state)
{
    (void)state;
    enum { ROWS = 300 };
    float x[ROWS];
    uint32_t rows[] = {0, 7, 100, 250};
    for (int i = 0; i < ROWS; i++)
        x[i] = i < 100 ? 1 : 2;
    const struct matrix matrix = {.rows = ROWS, .features = 1, .x = x};
    struct ranks ranks, taken;
    struct ranks_scratch scratch = {0};
    struct error error;
    assert_true(ranks_begin(&ranks, ROWS, 1, &error) &&
                ranks_sort(&ranks, &matrix, 0, cpu_level(), &error));
    assert_true(ranks_begin(&taken, 4, 1, &error) && ranks_scratch_begin(&scratch, ROWS, 4));
    ranks_take(&taken, 0, &ranks, rows, &scratch, kernels_portable.renumber);
    struct rank_column column = ranks_column(&taken, 0);
    assert_int_equal(column.span, 1);
    assert_false(column_parted(&column, 0, 1));
    assert_true(column_parted(&column, 1, 2));
    assert_false(column_parted(&column, 2, 3));
    ranks_scratch_free(&scratch);
    ranks_free(&taken);
    ranks_free(&ranks);
}

/* Missing values come last, whatever their sign, and what is present is as it is without them. */
static void test_missing_values(void **state)
{
    (void)state;
    enum { ROWS = 9, TAKEN = 5 };
    const float x[ROWS] = {NAN, 3, 1, -NAN, 1, -2, NAN, 8, 3};
    static const uint32_t wanted[ROWS] = {6, 3, 1, 7, 2, 0, 8, 5, 4};
    static const uint32_t rows[TAKEN] = {0, 1, 3, 7, 8}, left[TAKEN] = {3, 0, 4, 2, 1};
    const struct matrix matrix = {.rows = ROWS, .features = 1, .x = x, .missing = true};
    struct ranks ranks, taken;
    struct ranks_scratch scratch = {0};
    struct error error;
    assert_true(ranks_begin(&ranks, ROWS, 1, &error) &&
                ranks_sort(&ranks, &matrix, 0, cpu_level(), &error));
    assert_true(ranks_begin(&taken, TAKEN, 1, &error) &&
                ranks_scratch_begin(&scratch, ROWS, TAKEN));
    struct rank_column column = ranks_column(&ranks, 0);
    for (uint32_t row = 0; row < ROWS; row++)
        assert_int_equal(column_rank(&column, row), wanted[row]);
    assert_true(column.gaps);
    assert_int_equal(column.present, 6);
    assert_int_equal(column.span, 1);
    ranks_take(&taken, 0, &ranks, rows, &scratch, kernels_portable.renumber);
    column = ranks_column(&taken, 0);
    for (uint32_t row = 0; row < TAKEN; row++)
        assert_int_equal(column_rank(&column, row), left[row]);
    assert_int_equal(column.present, 3);
    ranks_scratch_free(&scratch);
    ranks_free(&taken);
    ranks_free(&ranks);
}

/* Ranks further apart than any that are not parted need no look at what is close to them. */
static void test_far_ranks_are_parted(void **state)
{
    (void)state;
    const float x[] = {0, 4e-8f, 8e-8f, 5};
    const struct matrix matrix = {.rows = 4, .features = 1, .x = x};
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin(&ranks, 4, 1, &error) &&
                ranks_sort(&ranks, &matrix, 0, cpu_level(), &error));
    struct rank_column column = ranks_column(&ranks, 0);
    assert_int_equal(column.span, 2);
    assert_false(column_parted(&column, 0, 2));
    assert_true(column_parted(&column, 0, 3));
    ranks_free(&ranks);
}

/* 40 MB and a bit, of pages of 2 MB: two or more a part. */
static void test_large_pages_in_parts(void **state)
{
    (void)state;
    struct ranks ranks, small;
    struct error error;
    assert_true(ranks_begin(&ranks, 20000, 1000, &error) && ranks_begin(&small, 100, 3, &error));
    assert_int_equal(ranks_page_parts(&ranks, 1), 1);
    assert_int_equal(ranks_page_parts(&ranks, 2), 2);
    assert_int_equal(ranks_page_parts(&ranks, 64), 10);
    assert_int_equal(ranks_page_parts(&small, 64), 1);
    ranks_enlarge_pages(&small, 0, 1);
    /* Both ends are there, and nothing is in them. */
    ranks_enlarge_pages(&ranks, 0, 2);
    ranks_enlarge_pages(&ranks, 1, 2);
    assert_int_equal(((const char *)ranks.memory)[0], 0);
    assert_int_equal(((const char *)ranks.memory)[ranks.memory_size - 1], 0);
    ranks_free(&ranks);
    ranks_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_class),
                                       cmocka_unit_test(test_by_row),
                                       cmocka_unit_test(test_distinct_values),
                                       cmocka_unit_test(test_equal_and_close_values),
                                       cmocka_unit_test(test_wide),
                                       cmocka_unit_test(test_zeros_are_equal),
                                       cmocka_unit_test(test_rows_among_themselves),
                                       cmocka_unit_test(test_far_ranks_are_parted),
                                       cmocka_unit_test(test_the_span_shrinks_with_the_rows),
                                       cmocka_unit_test(test_missing_values),
                                       cmocka_unit_test(test_large_pages_in_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
