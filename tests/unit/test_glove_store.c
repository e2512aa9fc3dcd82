/* What glove keeps: sequences and shards over files, the ranking of words, the model's rows. */
#include "glove/model.h"
#include "glove/ranking.h"
#include "glove/sequence.h"
#include "glove/shards.h"

#include <math.h>

#include "helpers.h"

static void check_sequence(size_t most_bytes, size_t count, size_t part, bool in_file)
{
    struct error error = {0};
    struct sequence sequence = sequence_with(most_bytes, "/tmp");
    uint32_t *numbers = malloc((count + part) * sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint32_t)(i * 2654435761U);
    for (size_t i = 0; i < count; i += part)
        assert_true(
            sequence_append(&sequence, numbers + i, count - i < part ? count - i : part, &error));
    assert_true(sequence.size == count);
    assert_int_equal(sequence.scratch.size > 0, in_file);
    size_t at = 0, got;
    uint32_t back[777];
    do {
        assert_true(sequence_read(&sequence, back, 777, &got, &error));
        assert_true(got == (count - at < 777 ? count - at : 777));
        assert_memory_equal(back, numbers + at, got * sizeof *back);
        at += got;
    } while (got);
    assert_true(at == count);
    sequence_free(&sequence);
    free(numbers);
}

static void test_sequence(void **state)
{
    (void)state;
    check_sequence(1 << 20, 0, 10, false);
    check_sequence(1 << 20, 100000, 999, false);
    check_sequence(1 << 16, 100000, 999, true);
    check_sequence(1 << 16, (1 << 16) / 4, 1 << 14, true); /* exactly what fits */
    check_sequence(1 << 16, 100000, 50000, true);
}

static void test_scratch_needs_a_folder(void **state)
{
    (void)state;
    struct error error = {0};
    struct scratch scratch = scratch_in("/nowhere/at/all");
    assert_false(scratch_append(&scratch, "x", 1, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
    assert_non_null(strstr(error.text, "--temp-dir"));
    scratch_close(&scratch);
}

static struct nonzero *make_nonzeros(uint32_t block, size_t count)
{
    struct nonzero *nonzeros = malloc((count + 1) * sizeof *nonzeros);
    for (size_t i = 0; i < count; i++)
        nonzeros[i] = (struct nonzero){(uint16_t)block, (uint16_t)i, (float)i, 0.5F};
    return nonzeros;
}

/* Shards come back as they were put, wherever the memory ended. */
static void check_shards(size_t most_bytes, bool in_file)
{
    struct error error = {0};
    struct grid grid = grid_for(1000, 512);
    struct shards shards;
    struct nonzero buffer[256] = {{0}};
    assert_true(shards_start(&shards, &grid, most_bytes, "/tmp", &error));
    uint64_t all = 0;
    for (uint32_t block = 0; block < 256; block += 2) {
        assert_true(
            shards_put(&shards, block, make_nonzeros(block, block % 100), block % 100, &error));
        all += block % 100;
    }
    assert_true(shards.count == all);
    assert_int_equal(shards.in_file, in_file);
    assert_int_equal(shards.longest, 98);
    for (uint32_t block = 0; block < 256; block++) {
        size_t count, wanted = block % 2 ? 0 : block % 100;
        const struct nonzero *got =
            shards_get(&shards, block, in_file ? buffer : NULL, &count, &error);
        assert_int_equal(count, wanted);
        struct nonzero *same = make_nonzeros(block, wanted);
        if (count)
            assert_memory_equal(got, same, count * sizeof *same);
        free(same);
    }
    shards_free(&shards);
}

static void test_shards(void **state)
{
    (void)state;
    check_shards(SIZE_MAX, false);
    check_shards(20000, true);
    check_shards(0, true);
}

static void add_words(struct words *words, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        words_add(words, (struct text){names[i], strlen(names[i])}, NULL);
}

static void check_ranks(const struct word_ranking *ranking, const char *const *wanted, size_t count)
{
    assert_int_equal(ranking->size, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(ranking->words[i].size, strlen(wanted[i]));
        assert_memory_equal(ranking->words[i].data, wanted[i], strlen(wanted[i]));
    }
}

static void test_ranking(void **state)
{
    (void)state;
    static const char *const names[] = {"oil", "the", "of", "cocoa", "rare"};
    static const uint64_t counts[] = {3, 9, 3, 5, 1};
    struct error error = {0};
    struct words words = {0};
    struct word_ranking ranking;
    add_words(&words, names, 5);
    assert_true(ranking_make(&ranking, &words, counts, 2, 100, &error));
    check_ranks(&ranking, (const char *const[]){"the", "cocoa", "oil", "of"}, 4);
    assert_int_equal(ranking.kept, 20);
    const uint32_t ranks[] = {2, 0, 3, 1, RANKING_NONE};
    assert_memory_equal(ranking.ranks, ranks, sizeof ranks);
    ranking_free(&ranking);

    /* Of two that are equally frequent, the first stays. */
    assert_true(ranking_make(&ranking, &words, counts, 1, 3, &error));
    check_ranks(&ranking, (const char *const[]){"the", "cocoa", "oil"}, 3);
    assert_int_equal(ranking.ranks[2], RANKING_NONE);
    ranking_free(&ranking);

    assert_true(ranking_make(&ranking, &words, counts, 10, 3, &error));
    assert_int_equal(ranking.size, 0);
    ranking_free(&ranking);
    words_free(&words);
}

static void test_model_starts(void **state)
{
    (void)state;
    enum { WORDS = 300, DIM = 20 };
    struct error error = {0};
    struct grid grid = grid_for(WORDS, model_row_size(DIM));
    struct model model;
    float vector[DIM];
    assert_true(model_make(&model, &grid, DIM, 0.05, 1, &error));
    double sum = 0, squares = 0;
    for (uint32_t rank = 0; rank < WORDS; rank++) {
        model_vector(&model, MODEL_WORDS, rank, vector);
        for (int i = 0; i < DIM; i++) {
            assert_true(fabsf(vector[i]) <= 0.5F / DIM);
            sum += vector[i];
            squares += (double)vector[i] * vector[i];
        }
    }
    /* Uniform over +-0.025: the mean of 6,000 is 0 +- 0.00019, the variance 0.05^2 / 12. */
    assert_true(fabs(sum / (WORDS * DIM)) < 4 * 0.00019);
    assert_true(fabs(squares / (WORDS * DIM) * 12 / (0.05 * 0.05) - 1) < 0.06);
    model_free(&model);
}

static void test_model_parts_and_state(void **state)
{
    (void)state;
    enum { WORDS = 150, DIM = 3, STATE = 4 * (DIM + 1) };
    struct error error = {0};
    struct grid grid = grid_for(WORDS, model_row_size(DIM));
    struct model model, other;
    float numbers[STATE], back[STATE], vector[DIM];
    assert_int_equal(model_state_dim(DIM), STATE);
    assert_true(model_make(&model, &grid, DIM, 0.05, 1, &error));
    for (uint32_t rank = 0; rank < WORDS; rank++) {
        for (int i = 0; i < STATE; i++)
            numbers[i] = (float)(rank * 100 + (uint32_t)i);
        model_set_state(&model, rank, numbers);
    }
    /* Word 7: w = 700 701 702, b = 703, c = 704 705 706, d = 707, then squares. */
    model_vector(&model, MODEL_WORDS, 7, vector);
    assert_true(vector[0] == 700 && vector[2] == 702);
    model_vector(&model, MODEL_CONTEXTS, 7, vector);
    assert_true(vector[0] == 704 && vector[2] == 706);
    model_vector(&model, MODEL_SUM, 7, vector);
    assert_true(vector[0] == 1404 && vector[1] == 1406);
    float *row = model_row(&model, MODEL_CONTEXT, 7);
    assert_true(row[DIM] == 1 && row[DIM + 1] == 707);
    assert_true(row[model.width] == 712 && row[model.width + DIM + 1] == 715);

    /* The mean of ranks 50 to 149 is that of 99.5. */
    model_rare_vector(&model, MODEL_SUM, vector);
    assert_true(vector[0] == 2 * 9950 + 4 && vector[2] == 2 * 9950 + 8);

    assert_true(model_make(&other, &grid, DIM, 0.05, 2, &error));
    for (uint32_t rank = 0; rank < WORDS; rank++) {
        model_get_state(&model, rank, back);
        model_set_state(&other, rank, back);
    }
    size_t side = grid_stripes(&grid) * grid_rows(&grid) * model_row_size(DIM);
    for (uint32_t rank = 0; rank < WORDS; rank++)
        assert_memory_equal(model_row(&model, MODEL_WORD, rank),
                            model_row(&other, MODEL_WORD, rank), model_row_size(DIM));
    assert_int_equal(model_size(&grid, DIM), 2 * side);
    model_free(&model);
    model_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sequence),     cmocka_unit_test(test_scratch_needs_a_folder),
        cmocka_unit_test(test_shards),       cmocka_unit_test(test_ranking),
        cmocka_unit_test(test_model_starts), cmocka_unit_test(test_model_parts_and_state),
    };
    return RUN_TESTS("glove_store", tests);
}
