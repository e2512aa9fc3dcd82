/* Counting and parting the rows of random nodes, at every level, against one row at a time. */
#include "base/random.h"
#include "forest/kernels.h"
#include "forest/tally.h"

#include "helpers.h"

/* Weights are up to `heaviest`, and all as much where `lightest` is. */
static void check_tally(uint32_t count, uint32_t classes, uint32_t lightest, uint32_t heaviest)
{
    struct random random = random_keyed(count, classes);
    uint16_t *codes = malloc(count * sizeof *codes);
    uint32_t *expected = calloc(classes, sizeof *expected), all = 0, present = 0;
    uint32_t *end = calloc(classes, sizeof *end);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t class = (uint32_t)((uint64_t)i * classes / count);
        uint32_t weight = heaviest - random_below(&random, heaviest - lightest + 1);
        codes[i] = code_of(class, weight);
        present += expected[class] == 0;
        expected[class] += weight;
        end[class] = i + 1;
        all += weight;
    }
    const struct node node = {.codes = codes, .count = count};
    struct tally tally;
    struct grow_account account = {0};
    assert_true(tally_begin(&tally, classes, &account));
    /* Twice: what was counted before must be gone. */
    for (int round = 0; round < 2; round++)
        tally_count(&tally, &node);
    assert_memory_equal(tally.total, expected, classes * sizeof *expected);
    assert_int_equal(tally.weight, all);
    assert_int_equal(tally.present_count, present);
    for (uint32_t i = 0; i < present; i++)
        assert_int_equal(tally.end[i], end[tally.present[i]]);
    tally_free(&tally);
    free(end);
    free(expected);
    free(codes);
}

static void test_tally(void **state)
{
    (void)state;
    for (uint32_t count = 1; count < 140; count++)
        check_tally(count, 1 + count % 20, 1, 4);
    check_tally(1000, 1, 1, CODE_MAX_WEIGHT);
    check_tally(1000, 3, 1, CODE_MAX_WEIGHT);
    check_tally(1000, 64, 1, CODE_MAX_WEIGHT);
    check_tally(300000, 2, 1, CODE_MAX_WEIGHT);
    /* A lane of 16 bits sums up 4,369 rows of a weight of 15: eight of them 34,952 rows. */
    check_tally(100000, 1, CODE_MAX_WEIGHT, CODE_MAX_WEIGHT);
}

/* A node with every second or so of the rows 0 .. rows - 1, and their ranks by one feature. */
struct setting {
    uint32_t rows, count;
    uint32_t *node_rows;
    uint16_t *codes;
    float *x;
    struct ranks ranks;
};

static void setting_make(struct setting *s, uint32_t rows)
{
    struct random random = random_keyed(3, rows);
    struct error error;
    *s = (struct setting){.rows = rows};
    s->node_rows = malloc(rows * sizeof *s->node_rows);
    s->codes = malloc(rows * sizeof *s->codes);
    s->x = malloc(rows * sizeof *s->x);
    for (uint32_t row = 0; row < rows; row++) {
        s->x[row] = (float)random_unit(&random);
        if (random_below(&random, 2) && row + 1 < rows)
            continue;
        s->codes[s->count] = code_of(random_below(&random, 100), 1 + random_below(&random, 15));
        s->node_rows[s->count++] = row;
    }
    const struct matrix matrix = {.rows = rows, .features = 1, .x = s->x};
    assert_true(ranks_begin_by_row(&s->ranks, rows, 1, &error));
    assert_true(ranks_sort(&s->ranks, &matrix, 0, cpu_level(), &error));
    for (uint32_t block = 0; block < ranks_blocks(&s->ranks); block++)
        ranks_lay_rows(&s->ranks, block);
}

static void setting_free(struct setting *s)
{
    free(s->node_rows);
    free(s->codes);
    free(s->x);
    ranks_free(&s->ranks);
}

static void *copy_of(const void *data, size_t size)
{
    return bytes_copy(data, size).data;
}

/* Parts copies of the rows at the cut, and looks at each. */
static void check_part(const struct setting *s, const struct cut *cut, bool coded,
                       enum cpu_level level)
{
    struct rank_column column = ranks_column(&s->ranks, 0);
    size_t rows_size = s->count * sizeof(uint32_t), codes_size = s->count * sizeof(uint16_t);
    uint32_t *rows = copy_of(s->node_rows, rows_size), *spare_rows = copy_of(rows, rows_size);
    uint16_t *codes = copy_of(s->codes, codes_size), *spare_codes = copy_of(codes, codes_size);
    const struct parting parting = {rows, spare_rows, coded ? codes : NULL, spare_codes, s->count};
    struct neighbours found = {0};
    rows_parter *kernel = coded ? kernels_of(level)->part : NULL;
    const struct matrix matrix = {.rows = s->rows, .features = 1, .x = s->x};
    const struct view view = {.matrix = &matrix, .x = s->x, .whole = &s->ranks};
    uint32_t left = cut->by_value ? rows_part_by_value(&parting, &view, cut)
                    : cut->by_row ? rows_part_by_row(&parting, &view, cut, &found)
                                  : (kernel ? kernel : rows_part)(&parting, &column, cut, &found);
    uint32_t at[2] = {0, left};
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t rank = column_rank(&column, s->node_rows[i]);
        uint32_t place = at[rank > cut->below]++;
        assert_int_equal(rows[place], s->node_rows[i]);
        assert_int_equal(codes[place], coded ? s->codes[i] : s->codes[place]);
    }
    assert_int_equal(at[0], left);
    if (!cut->by_value) {
        assert_int_equal(column_rank(&column, found.below), cut->below);
        assert_int_equal(column_rank(&column, found.above), cut->above);
    }
    free(rows);
    free(spare_rows);
    free(codes);
    free(spare_codes);
}

static int by_number(const void *left, const void *right)
{
    uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
    return (l > r) - (l < r);
}

static void check_parts(uint32_t rows)
{
    struct setting s;
    setting_make(&s, rows);
    struct rank_column column = ranks_column(&s.ranks, 0);
    uint32_t *order = malloc(s.count * sizeof *order);
    for (uint32_t i = 0; i < s.count; i++)
        order[i] = column_rank(&column, s.node_rows[i]);
    qsort(order, s.count, sizeof *order, by_number);
    for (uint32_t i = 0; i + 1 < s.count; i += 1 + s.count / 7) {
        const struct cut cut = {.below = order[i], .above = order[i + 1]};
        for (int level = CPU_PORTABLE; level <= (int)cpu_level(); level++) {
            check_part(&s, &cut, true, (enum cpu_level)level);
            check_part(&s, &cut, false, (enum cpu_level)level);
        }
        if (s.ranks.by_row) {
            struct cut by_row = cut;
            by_row.by_row = true;
            check_part(&s, &by_row, true, CPU_PORTABLE);
        }
        struct cut drawn = {.below = order[i], .by_value = true};
        for (uint32_t k = 0; k < s.count; k++)
            if (column_rank(&column, s.node_rows[k]) == order[i])
                drawn.threshold = s.x[s.node_rows[k]];
        check_part(&s, &drawn, true, CPU_PORTABLE);
    }
    free(order);
    setting_free(&s);
}

static void test_part(void **state)
{
    (void)state;
    for (uint32_t rows = 3; rows < 100; rows++)
        check_parts(rows);
    check_parts(5000);
    check_parts(65536);
    check_parts(70001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tally), cmocka_unit_test(test_part)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
