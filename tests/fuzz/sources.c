/*
 * Streams of vectors or evidence as vectorize loads them, and two documents made samples of; read
 * a second time for each level of kernels, to the same bits.
 */
#include "run/sources.h"

#include "fuzz.h"
#include "text/documents.h"

#include <string.h>

enum { MOST_COLUMNS = 1 << 14 };

static void make_row(const struct sources *sources, enum cpu_level level, const char *line,
                     float *x)
{
    static const struct documents_columns columns = {.label = 1};
    struct error error = {0};
    struct features_scratch scratch = {0};
    struct tokens tokens = tokens_with(tokens_scan_of(level));
    struct features_counts counts;
    struct documents_row row;
    char text[64];
    size_t size = strlen(line);
    memcpy(text, line, size + 1);
    struct documents_cursor cursor = documents_cursor(text, size, "text", 1);
    FUZZ_REQUIRE(features_prepare(&sources->features, &scratch, &error));
    FUZZ_REQUIRE(documents_row(&cursor, &columns, &row, &error));
    FUZZ_REQUIRE(features_row(&sources->features, &scratch, &tokens, &row, x, &counts, &error));
    features_release(&sources->features, &scratch);
    tokens_free(&tokens);
}

static bool load(struct sources *sources, const char *path, bool linear, enum cpu_level level)
{
    struct error error = {0};
    struct sources_paths paths = {0};
    if (linear)
        paths.linear[paths.linear_count++] = path;
    else
        paths.vectors[paths.vector_count++] = path;
    *sources = (struct sources){0};
    bool loaded = sources_load(sources, &paths, level, &error);
    FUZZ_REQUIRE(loaded || error.status == STATUS_INPUT || error.status == STATUS_CUT);
    return loaded;
}

static void compare(const char *path, bool linear)
{
    static const char *const lines[] = {"grain\tthe wheat and the corn of\n", "a\tship xyz PORT\n"};
    struct sources first, second;
    if (!load(&first, path, linear, CPU_PORTABLE))
        return;
    size_t width = features_width(&first.features);
    FUZZ_REQUIRE(load(&second, path, linear, cpu_level()));
    FUZZ_REQUIRE(features_width(&second.features) == width);
    for (size_t i = 0; width <= MOST_COLUMNS && i < sizeof lines / sizeof *lines; i++) {
        float *x = calloc(2 * width + 1, sizeof *x);
        FUZZ_REQUIRE(x);
        make_row(&first, CPU_PORTABLE, lines[i], x);
        make_row(&second, cpu_level(), lines[i], x + width);
        FUZZ_REQUIRE(memcmp(x, x + width, width * sizeof *x) == 0);
        free(x);
    }
    sources_free(&first);
    sources_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    compare(path, false);
    compare(path, true);
    return 0;
}
