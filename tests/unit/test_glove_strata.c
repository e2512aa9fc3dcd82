/* Every block once, never two of a row or column at a time, with the outcome of one order. */
#include "glove/strata.h"
#include "par/team.h"

#include <stdatomic.h>

#include "helpers.h"

enum { MOST = 64 };

/* A visit stirs the states of its row and column together: no two orders give the same. */
struct board {
    size_t stripes;
    uint64_t rows[MOST], columns[MOST];
    unsigned char visits[MOST][MOST];
    atomic_int row_users[MOST], column_users[MOST];
    atomic_bool clash;
    size_t fail_row, fail_column; /* a visit that fails; SIZE_MAX: none */
    uint64_t told;
};

static uint64_t stir(uint64_t left, uint64_t right)
{
    uint64_t mixed = (left ^ (right >> 29)) * UINT64_C(0x9e3779b97f4a7c15) + right;
    return mixed ^ (mixed >> 31);
}

static bool visit(void *shared, unsigned member, size_t row, size_t column, struct error *error)
{
    struct board *board = shared;
    (void)member;
    if (atomic_fetch_add(&board->row_users[row], 1) ||
        atomic_fetch_add(&board->column_users[column], 1))
        board->clash = true;
    board->visits[row][column]++;
    uint64_t left = board->rows[row], right = board->columns[column];
    for (int i = 0; i < 500; i++) { /* long enough to meet others */
        left = stir(left, right);
        right = stir(right, left);
    }
    board->rows[row] = left;
    board->columns[column] = right;
    atomic_fetch_sub(&board->row_users[row], 1);
    atomic_fetch_sub(&board->column_users[column], 1);
    if (row == board->fail_row && column == board->fail_column)
        return error_set(error, STATUS_SYSTEM, "block %zu %zu", row, column);
    return true;
}

static void tell(void *shared, uint64_t blocks)
{
    struct board *board = shared;
    assert_true(blocks >= board->told);
    board->told = blocks;
}

static struct board *make_board(size_t stripes)
{
    struct board *board = calloc(1, sizeof *board);
    board->stripes = stripes;
    board->fail_row = board->fail_column = SIZE_MAX;
    for (size_t i = 0; i < stripes; i++) {
        board->rows[i] = i;
        board->columns[i] = 1000 + i;
    }
    return board;
}

static bool run(struct board *board, unsigned jobs, uint64_t seed, uint64_t pass,
                struct error *error)
{
    const struct strata strata = {.stripes = board->stripes,
                                  .seed = seed,
                                  .pass = pass,
                                  .jobs = jobs,
                                  .visit = visit,
                                  .progressed = tell,
                                  .shared = board};
    return strata_run(&strata, error);
}

static void check_jobs(size_t stripes, unsigned jobs)
{
    struct error error = {0};
    struct board *one = make_board(stripes), *many = make_board(stripes);
    for (uint64_t pass = 1; pass <= 4; pass++) {
        one->told = many->told = 0;
        assert_true(run(one, 1, 5, pass, &error));
        assert_true(run(many, jobs, 5, pass, &error));
        for (size_t row = 0; row < stripes; row++)
            for (size_t column = 0; column < stripes; column++)
                assert_int_equal(many->visits[row][column], pass);
    }
    assert_false(many->clash);
    assert_memory_equal(one->rows, many->rows, sizeof one->rows);
    assert_memory_equal(one->columns, many->columns, sizeof one->columns);
    free(one);
    free(many);
}

static void test_any_number_of_threads(void **state)
{
    (void)state;
    check_jobs(1, 3);
    check_jobs(2, 2);
    check_jobs(16, 2);
    check_jobs(16, 8);
    check_jobs(33, 20);
    check_jobs(MOST, 4);
}

static void test_order_is_keyed(void **state)
{
    (void)state;
    struct error error = {0};
    uint64_t outcomes[3];
    for (int i = 0; i < 3; i++) { /* by (seed, pass): (1, 1), (2, 1), (1, 2) */
        struct board *board = make_board(16);
        assert_true(run(board, 1, i == 1 ? 2 : 1, i == 2 ? 2 : 1, &error));
        outcomes[i] = board->rows[7];
        free(board);
    }
    assert_true(outcomes[0] != outcomes[1] && outcomes[0] != outcomes[2]);
}

static void test_failure_ends_the_pass(void **state)
{
    (void)state;
    for (unsigned jobs = 1; jobs <= 4; jobs += 3) {
        struct error error = {0};
        struct board *board = make_board(16);
        board->fail_row = 3;
        board->fail_column = 9;
        assert_false(run(board, jobs, 1, 1, &error));
        assert_int_equal(error.status, STATUS_SYSTEM);
        assert_string_equal(error.text, "block 3 9");
        free(board);
    }
}

static void note_member(void *shared, unsigned member)
{
    atomic_int *calls = shared;
    atomic_fetch_add(&calls[member], 1);
}

static void test_team_calls_every_member(void **state)
{
    (void)state;
    for (unsigned size = 1; size <= 9; size += 4) {
        atomic_int calls[10] = {0};
        team_run(size, note_member, calls);
        for (unsigned i = 0; i < 10; i++)
            assert_int_equal(calls[i], i < size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_threads),
        cmocka_unit_test(test_order_is_keyed),
        cmocka_unit_test(test_failure_ends_the_pass),
        cmocka_unit_test(test_team_calls_every_member),
    };
    return RUN_TESTS("glove_strata", tests);
}
