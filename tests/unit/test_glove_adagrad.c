/* Steps computed by hand; the twins' bits. */
#include "base/random.h"
#include "glove/adagrad.h"

#include <math.h>

#include "helpers.h"

/* Vectors of one number; the rate of the vectors is 1/2. */
enum { WIDTH = 16 };

static void test_two_steps_by_hand(void **state)
{
    (void)state;
    float word[2 * WIDTH] = {0.5F, 0.25F, 1}, context[2 * WIDTH] = {2, 1, -0.25F};
    float word_rates[WIDTH] = {0.5F, 1}, context_rates[WIDTH] = {0.5F, 0, 1};
    for (int lane = 0; lane < WIDTH; lane++)
        word[WIDTH + lane] = context[WIDTH + lane] = 1;
    const struct adagrad adagrad = {WIDTH, word_rates, context_rates};
    const struct nonzero pair = {.word = 0, .context = 0, .log_count = 0.5F, .weight = 0.5F};

    /* w.c + b + d - log X = 1 + 0.25 - 0.25 - 0.5 = 0.5, the slope 0.25; t of w is
       0.25 x 0.5 x 2 = 0.25, of c 0.25 x 0.5 x 0.5 = 0.0625, of b and d 0.25. All are exact. */
    assert_true(adagrad_pass_portable(&adagrad, word, context, &pair, 1) == 0.125);
    assert_true(word[0] == 0.25F && word[WIDTH] == 1.0625F);
    assert_true(context[0] == 1.9375F && context[WIDTH] == 1.00390625F);
    assert_true(word[1] == 0 && word[WIDTH + 1] == 1.0625F);
    assert_true(context[2] == -0.5F && context[WIDTH + 2] == 1.0625F);
    assert_true(word[2] == 1 && context[1] == 1);

    /* 0.484375 - 0.5 - 0.5 = -0.515625, the slope half of it; w moves by
       0.2578125 x 0.5 x 1.9375 / sqrt(1.0625) = 0.2422987, b by 0.2578125 / sqrt(1.0625). */
    double cost = adagrad_pass_portable(&adagrad, word, context, &pair, 1);
    assert_true(cost == 0.515625 * 0.2578125);
    assert_true(fabs(word[0] - 0.4922987) < 1e-6);
    assert_true(fabs(word[1] - 0.2501149) < 1e-6);
}

/* Made-up rows and pairs, words and contexts coming again and again. */
struct data {
    size_t width;
    float *words, *contexts, *rates;
    struct nonzero *nonzeros;
};

enum { ROWS = 40, PAIRS = 3000 };

static struct data make_data(size_t dim)
{
    size_t width = adagrad_width(dim), row = 2 * width;
    struct random random = random_keyed(dim, 1);
    struct data data = {.width = width,
                        .words = calloc(ROWS * row, sizeof(float)),
                        .contexts = calloc(ROWS * row, sizeof(float)),
                        .rates = calloc(row, sizeof(float)),
                        .nonzeros = calloc(PAIRS, sizeof(struct nonzero))};
    for (size_t i = 0; i < ROWS * row; i++) {
        bool square = i % row >= width;
        data.words[i] = square ? 1 : (float)(random_unit(&random) - 0.5);
        data.contexts[i] = square ? 1 : (float)(random_unit(&random) - 0.5);
    }
    for (size_t i = 0; i < row; i++)
        data.rates[i] = 0.05F;
    for (size_t i = 0; i < PAIRS; i++)
        data.nonzeros[i] = (struct nonzero){
            (uint16_t)random_below(&random, ROWS), (uint16_t)random_below(&random, ROWS),
            (float)random_unit(&random), (float)random_unit(&random)};
    return data;
}

static void free_data(struct data *data)
{
    free(data->words);
    free(data->contexts);
    free(data->rates);
    free(data->nonzeros);
}

static void check_twin(adagrad_pass *twin, size_t dim, size_t pairs)
{
    struct data portable = make_data(dim), other = make_data(dim);
    const struct adagrad adagrad = {portable.width, portable.rates,
                                    portable.rates + portable.width};
    size_t bytes = ROWS * 2 * portable.width * sizeof(float);
    for (int pass = 0; pass < 3; pass++) {
        double wanted = adagrad_pass_portable(&adagrad, portable.words, portable.contexts,
                                              portable.nonzeros, pairs);
        double got = twin(&adagrad, other.words, other.contexts, other.nonzeros, pairs);
        assert_memory_equal(&wanted, &got, sizeof got);
    }
    assert_memory_equal(portable.words, other.words, bytes);
    assert_memory_equal(portable.contexts, other.contexts, bytes);
    free_data(&portable);
    free_data(&other);
}

static void test_twins(void **state)
{
    (void)state;
    static const size_t dims[] = {1, 14, 15, 30, 50, 100, 303};
    for (enum cpu_level level = CPU_PORTABLE; level <= cpu_level(); level++)
        for (size_t i = 0; i < LENGTH(dims); i++)
            for (size_t pairs = 0; pairs <= PAIRS; pairs = 7 * pairs + 1)
                check_twin(adagrad_pass_of(level), dims[i], pairs);
}

static void test_runaway_shows_in_the_cost(void **state)
{
    (void)state;
    struct data data = make_data(10);
    const struct adagrad adagrad = {data.width, data.rates, data.rates + data.width};
    data.words[3] = INFINITY;
    double cost = adagrad_pass_portable(&adagrad, data.words, data.contexts, data.nonzeros, PAIRS);
    assert_false(isfinite(cost));
    free_data(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_steps_by_hand),
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_runaway_shows_in_the_cost),
    };
    return RUN_TESTS("glove_adagrad", tests);
}
