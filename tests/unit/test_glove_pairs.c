/* Pairs counted by hand, and against a count that goes over all pairs of positions. */
#include "base/radix.h"
#include "base/random.h"
#include "glove/counter.h"
#include "glove/merge.h"

#include "helpers.h"

#define UNIT (UINT64_C(1) << PAIRS_UNIT_BITS)

/* ---- a corpus of numbers that are ranks already ---- */

struct text_case {
    const uint32_t *ranks;
    size_t count, words;
    unsigned window;
    bool symmetric, weighted;
    unsigned jobs;
    size_t key_bytes;
};

/* The matrix of counts, words x words, as the engine counts them. */
static uint64_t *count_by_engine(const struct text_case *text, size_t *runs)
{
    struct error error = {0};
    struct grid grid = grid_for(text->words, 512);
    struct pairs_rules rules;
    struct counter counter;
    struct sequence sequence = sequence_with(0, "/tmp");
    uint32_t *identity = malloc(text->words * sizeof *identity);
    for (uint32_t i = 0; i < text->words; i++)
        identity[i] = i;
    struct word_ranking ranking = {.size = text->words, .ranks = identity};
    assert_true(
        pairs_rules_make(&rules, &grid, text->window, text->symmetric, text->weighted, &error));
    assert_true(sequence_append(&sequence, text->ranks, text->count, &error));
    assert_true(counter_start(&counter, &rules, text->jobs, text->key_bytes, "/tmp", &error));
    assert_true(counter_run(&counter, &sequence, &ranking, NULL, NULL, &error));
    *runs = 0;
    for (unsigned i = 0; i < text->jobs; i++)
        *runs += counter.threads[i].run_count;

    uint64_t *matrix = calloc(text->words * text->words, sizeof *matrix), before = 0;
    struct merge merge;
    struct cell_count cell;
    bool more;
    assert_true(merge_open(&merge, counter.threads, text->jobs, 1 << 16, &error));
    for (size_t i = 0; merge_next(&merge, &cell, &more, &error) && more; i++) {
        assert_true(i == 0 || cell.cell > before);
        before = cell.cell;
        uint32_t block = grid_cell_block(&grid, cell.cell);
        uint32_t word =
            (block >> grid.stripe_bits) << grid.row_bits | grid_cell_word(&grid, cell.cell);
        uint32_t context = (block & ((1U << grid.stripe_bits) - 1)) << grid.row_bits |
                           grid_cell_context(&grid, cell.cell);
        assert_true(!text->symmetric || word <= context);
        word = grid_rank(&grid, word);
        context = grid_rank(&grid, context);
        matrix[word * text->words + context] += cell.sum;
        if (text->symmetric)
            matrix[context * text->words + word] += cell.sum;
    }
    merge_close(&merge);
    counter_free(&counter);
    pairs_rules_free(&rules);
    sequence_free(&sequence);
    free(identity);
    return matrix;
}

static uint64_t *count_by_positions(const struct text_case *text)
{
    uint64_t *matrix = calloc(text->words * text->words, sizeof *matrix);
    for (size_t i = 0; i < text->count; i++)
        for (size_t j = i + 1; j < text->count && j - i <= text->window; j++) {
            if (text->ranks[i] == PAIRS_BREAK || text->ranks[j] == PAIRS_BREAK)
                break;
            uint64_t far = j - i, units = text->weighted ? (2 * UNIT / far + 1) / 2 : UNIT;
            matrix[text->ranks[i] * text->words + text->ranks[j]] += units;
            if (text->symmetric)
                matrix[text->ranks[j] * text->words + text->ranks[i]] += units;
        }
    return matrix;
}

static void test_by_hand(void **state)
{
    (void)state;
    /* "a b a c", and "c a" in another document; the window is two words to either side. */
    static const uint32_t ranks[] = {0, 1, 0, 2, PAIRS_BREAK, 2, 0, PAIRS_BREAK};
    struct text_case text = {ranks, 8, 3, 2, true, true, 1, 0};
    size_t runs;
    uint64_t *matrix = count_by_engine(&text, &runs);
    const uint64_t wanted[] = {UNIT,     2 * UNIT, 2 * UNIT, /* a: itself twice at distance 2 */
                               2 * UNIT, 0,        UNIT / 2, /* b: c at distance 2 */
                               2 * UNIT, UNIT / 2, 0};
    assert_memory_equal(matrix, wanted, sizeof wanted);
    free(matrix);

    text.symmetric = text.weighted = false;
    matrix = count_by_engine(&text, &runs);
    const uint64_t to_the_right[] = {UNIT, UNIT, UNIT, UNIT, 0, UNIT, UNIT, 0, 0};
    assert_memory_equal(matrix, to_the_right, sizeof to_the_right);
    free(matrix);
}

/* Words as frequent as Zipf's law has it, documents of 1 to 60 of them. */
static uint32_t *make_ranks(size_t count, size_t words)
{
    struct random random = random_keyed(count, words);
    uint32_t *ranks = malloc(count * sizeof *ranks);
    for (size_t i = 0; i < count; i++) {
        double u = random_unit(&random);
        ranks[i] = random_below(&random, 30) == 0 ? PAIRS_BREAK : (uint32_t)(words * u * u * u);
    }
    return ranks;
}

static void check_text(const struct text_case *text, bool spills)
{
    size_t runs;
    uint64_t *got = count_by_engine(text, &runs), *wanted = count_by_positions(text);
    assert_memory_equal(got, wanted, text->words * text->words * sizeof *wanted);
    assert_int_equal(runs > 0, spills);
    free(got);
    free(wanted);
}

static void test_windows_and_weights(void **state)
{
    (void)state;
    uint32_t *ranks = make_ranks(20000, 700);
    for (unsigned window = 1; window <= 40; window += 13)
        for (int kind = 0; kind < 4; kind++) {
            struct text_case text = {ranks, 20000, 700, window, kind & 1, kind & 2, 2, 1 << 26};
            check_text(&text, false);
        }
    free(ranks);
}

/* Little memory, which makes every thread write runs, changes nothing. */
static void test_spilling(void **state)
{
    (void)state;
    enum { COUNT = 200000, WORDS = 3000 };
    uint32_t *ranks = make_ranks(COUNT, WORDS);
    for (unsigned jobs = 1; jobs <= 3; jobs += 2)
        for (int symmetric = 0; symmetric < 2; symmetric++) {
            struct text_case text = {ranks, COUNT, WORDS, 12, symmetric, true, jobs, 1 << 16};
            check_text(&text, true);
        }
    free(ranks);
}

/* A word that has no rank is as if it were not there. */
static void test_unranked_words(void **state)
{
    (void)state;
    struct error error = {0};
    uint32_t ranks[] = {1, RANKING_NONE, 0};
    struct word_ranking ranking = {.size = 2, .ranks = ranks};
    static const uint32_t numbers[] = {0, 1, 1, 2, PAIRS_BREAK};
    struct grid grid = grid_for(2, 512);
    struct pairs_rules rules;
    struct counter counter;
    struct sequence sequence = sequence_with(0, "/tmp");
    size_t cells;
    assert_true(pairs_rules_make(&rules, &grid, 1, true, true, &error));
    assert_true(sequence_append(&sequence, numbers, 5, &error));
    assert_true(counter_start(&counter, &rules, 1, 0, "/tmp", &error));
    assert_true(counter_run(&counter, &sequence, &ranking, NULL, NULL, &error));
    struct cell_count *found = pairs_table_cells(&rules, counter.threads[0].table, &cells);
    assert_int_equal(cells, 1);
    assert_true(found[0].sum == UNIT);
    free(found);
    counter_free(&counter);
    pairs_rules_free(&rules);
    sequence_free(&sequence);
}

static int compare_keys(const void *left, const void *right)
{
    uint64_t l = *(const uint64_t *)left >> 16, r = *(const uint64_t *)right >> 16;
    return (l > r) - (l < r);
}

static void test_radix_sort(void **state)
{
    (void)state;
    enum { MOST = 5000 };
    static uint64_t keys[MOST], spare[MOST], wanted[MOST];
    struct random random = random_keyed(3, 3);
    for (unsigned bits = 1; bits <= 48; bits += 9)
        for (size_t count = 0; count <= MOST; count = 3 * count + 1) {
            for (size_t i = 0; i < count; i++)
                wanted[i] = keys[i] = (random_u64(&random) >> (64 - bits)) << 16 | (i & 0xffff);
            /* The low bits make the order of equal keys visible; qsort on all of it is stable. */
            uint64_t *sorted = radix_sort(keys, spare, count, 16, bits);
            qsort(wanted, count, sizeof *wanted, compare_keys);
            for (size_t i = 0; i < count; i++) {
                assert_true(sorted[i] >> 16 == wanted[i] >> 16);
                assert_true(i == 0 || sorted[i - 1] < sorted[i]);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),    cmocka_unit_test(test_windows_and_weights),
        cmocka_unit_test(test_spilling),   cmocka_unit_test(test_unranked_words),
        cmocka_unit_test(test_radix_sort),
    };
    return RUN_TESTS("glove_pairs", tests);
}
