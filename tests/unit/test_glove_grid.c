/* Places, cells and blocks of words; how evenly pairs fall on blocks. */
#include "glove/grid.h"

#include "helpers.h"

static void test_places_of_a_few(void **state)
{
    (void)state;
    /* Five words on four stripes: 0 1 2 3, and back: 4 on the last. */
    struct grid grid = grid_for(5, 64);
    assert_int_equal(grid_stripes(&grid), 4);
    assert_int_equal(grid_rows(&grid), 2);
    assert_int_equal(grid_blocks(&grid), 16);
    assert_int_equal(grid_place(&grid, 0), 0 << 1);
    assert_int_equal(grid_place(&grid, 3), 3 << 1);
    assert_int_equal(grid_place(&grid, 4), 3 << 1 | 1);
    /* Stripes 0 and 3, rows 0 and 1: 00 11 0 1. */
    assert_int_equal(grid_cell(&grid, 0, 3 << 1 | 1), 0x0d);
    assert_int_equal(grid_cell_bits(&grid), 6);
}

static void test_one_word(void **state)
{
    (void)state;
    struct grid grid = grid_for(1, 1 << 20);
    assert_int_equal(grid_blocks(&grid), 1);
    assert_int_equal(grid_place(&grid, 0), 0);
    assert_int_equal(grid_cell(&grid, 0, 0), 0);
}

static void check_words(size_t words, size_t row_size)
{
    struct grid grid = grid_for(words, row_size);
    size_t places = grid_stripes(&grid) << grid.row_bits;
    unsigned char *seen = calloc(places, 1);
    assert_true(grid_cell_bits(&grid) <= GRID_CELL_BITS);
    for (size_t rank = 0; rank < words; rank++) {
        uint32_t place = grid_place(&grid, (uint32_t)rank);
        assert_true(place < places && !seen[place]);
        assert_true(grid_row(&grid, place) < grid_rows(&grid));
        assert_int_equal(grid_rank(&grid, place), rank);
        seen[place] = 1;
    }
    free(seen);
}

static void test_every_word_has_a_place(void **state)
{
    (void)state;
    check_words(2, 512);
    check_words(16, 512);
    check_words(17, 512);
    check_words(12289, 512);
    check_words(100003, 2432);
    check_words(GRID_MOST_WORDS, 512);
}

static void test_cells_there_and_back(void **state)
{
    (void)state;
    struct grid grid = grid_for(12289, 512);
    uint32_t stripe_mask = (uint32_t)grid_stripes(&grid) - 1;
    for (uint32_t rank = 0; rank < 12289; rank += 37) {
        uint32_t word = grid_place(&grid, rank), context = grid_place(&grid, 12288 - rank);
        uint64_t cell = grid_cell(&grid, word, context);
        uint32_t block = grid_cell_block(&grid, cell);
        assert_int_equal(block >> grid.stripe_bits, word >> grid.row_bits);
        assert_int_equal(block & stripe_mask, context >> grid.row_bits);
        assert_int_equal(grid_cell_word(&grid, cell), grid_row(&grid, word));
        assert_int_equal(grid_cell_context(&grid, cell), grid_row(&grid, context));
    }
}

/* Where words' shares fall as 1/rank, no stripe has a tenth more than another. */
static void test_stripes_are_balanced(void **state)
{
    (void)state;
    struct grid grid = grid_for(12289, 512);
    double shares[256] = {0}, least = 1e9, most = 0;
    for (uint32_t rank = 32; rank < 12289; rank++) /* the first meet nearly every word, once */
        shares[grid_place(&grid, rank) >> grid.row_bits] += 1.0 / (rank + 1);
    for (size_t stripe = 0; stripe < grid_stripes(&grid); stripe++) {
        least = shares[stripe] < least ? shares[stripe] : least;
        most = shares[stripe] > most ? shares[stripe] : most;
    }
    assert_true(most < 1.1 * least);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_of_a_few),        cmocka_unit_test(test_one_word),
        cmocka_unit_test(test_every_word_has_a_place), cmocka_unit_test(test_cells_there_and_back),
        cmocka_unit_test(test_stripes_are_balanced),
    };
    return RUN_TESTS("glove_grid", tests);
}
