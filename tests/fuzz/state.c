/*
 * States that glove-train goes on from, loaded into a model of the corpus that seeds.py saves one
 * of; then a pass by the kernels of all levels, to the same bits as long as the numbers are finite.
 */
#include "run/state.h"

#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { WORDS = 4, DIM = 3 };

/* The documents, in words' numbers: 0 1 2 3, 0 1 2, 0 1, 0. */
static void prepare(struct glove *glove)
{
    static const char *const words[WORDS] = {"a", "b", "c", "d"};
    const struct glove_options options = {.least_count = 1,
                                          .most_words = 10,
                                          .window = 15,
                                          .symmetric = true,
                                          .weighted = true,
                                          .x_max = 100,
                                          .alpha = 0.75,
                                          .eta = 0.05,
                                          .dim = DIM,
                                          .jobs = 1,
                                          .memory = GLOVE_LEAST_MEMORY,
                                          .temp_dir = "/tmp"};
    struct error error = {0};
    glove_start(glove, &options);
    for (uint32_t i = 0; i < WORDS; i++)
        FUZZ_REQUIRE(words_add(&glove->words, text_of(words[i]), NULL) == i);
    for (uint32_t size = WORDS; size; size--) {
        uint32_t numbers[WORDS + 1];
        for (uint32_t i = 0; i < size; i++)
            numbers[i] = i;
        numbers[size] = PAIRS_BREAK;
        FUZZ_REQUIRE(glove_take(glove, numbers, size + 1, &error));
    }
    FUZZ_REQUIRE(glove_prepare(glove, &error));
}

static struct digest corpus(void)
{
    static const char text[] = "x\ta b c d\nx\ta b c\nx\ta b\nx\ta\n";
    struct digest digest = {0};
    digest_update(&digest, text, sizeof text - 1);
    return digest;
}

/* As made by options that are those which it says itself. */
static bool load(const char *path, struct glove *glove)
{
    struct error error = {0};
    struct stream_header header = {0};
    struct state state = {0};
    struct stream_reader *reader = stream_open(path, &error);
    bool good = reader && stream_read_any_header(reader, &header, &error);
    const struct lineage_entry *wanted = lineage_find(&header.lineage, "glove-train");
    stream_close(reader);
    good = good && wanted && state_open(&state, path, wanted, DIM, &error) &&
           state_load(&state, glove, corpus(), &error);
    FUZZ_REQUIRE(good || !wanted || error.status == STATUS_INPUT || error.status == STATUS_CUT);
    state_close(&state);
    stream_header_free(&header);
    return good;
}

/* Passes on, and takes the numbers; false: they are not finite any more. */
static bool pass(struct glove *glove, enum cpu_level level, float *numbers)
{
    struct error error = {0};
    double cost;
    glove->options.level = level;
    bool done = glove_pass(glove, 1, &cost, &error);
    FUZZ_REQUIRE(done || error.status == STATUS_INPUT);
    for (uint32_t i = 0; i < WORDS; i++)
        model_get_state(&glove->model, i, numbers + i * model_state_dim(DIM));
    for (size_t i = 0; done && i < WORDS * model_state_dim(DIM); i++)
        done = isfinite(numbers[i]);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct glove glove;
    float numbers[2][WORDS * 4 * (DIM + 1)];
    if (!glove.options.dim)
        prepare(&glove);
    const char *path = fuzz_file(data, size);
    if (!load(path, &glove) || !pass(&glove, CPU_PORTABLE, numbers[0]))
        return 0;
    for (enum cpu_level level = CPU_PORTABLE + 1; level <= cpu_level(); level++) {
        FUZZ_REQUIRE(load(path, &glove) && pass(&glove, level, numbers[1]));
        FUZZ_REQUIRE(
            memcmp((const void *)numbers[0], (const void *)numbers[1], sizeof numbers[0]) == 0);
    }
    return 0;
}
