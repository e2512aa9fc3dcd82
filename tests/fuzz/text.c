/* Documents and their tokens, by the kernels of all levels to the same tokens; tables of costs. */
#include "base/cpu.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "score/costs.h"
#include "text/documents.h"
#include "text/tokens.h"

#include <string.h>

/* All tokens, a '\n' behind each; for free(). */
static char *split(enum cpu_level level, const char *text, size_t size, size_t *used)
{
    char *copy = malloc(size + 1), *joined = malloc(3 * size + 1);
    struct tokens tokens = tokens_with(tokens_scan_of(level));
    struct text batch[TOKENS_BATCH];
    struct error error = {0};
    size_t count;
    FUZZ_REQUIRE(copy && joined);
    memcpy(copy, text, size);
    tokens_start(&tokens, copy, size);
    *used = 0;
    while (tokens_next(&tokens, batch, &count, &error) && count)
        for (size_t i = 0; i < count; i++) {
            FUZZ_REQUIRE(batch[i].size && utf8_valid(batch[i].data, batch[i].size));
            memcpy(joined + *used, batch[i].data, batch[i].size);
            joined[*used + batch[i].size] = '\n';
            *used += batch[i].size + 1;
        }
    FUZZ_REQUIRE(error.status == STATUS_DONE);
    tokens_free(&tokens);
    free(copy);
    return joined;
}

static void compare(const char *text, size_t size)
{
    size_t used, other_used;
    char *joined = split(CPU_PORTABLE, text, size, &used);
    for (enum cpu_level level = CPU_PORTABLE + 1; level <= cpu_level(); level++) {
        char *other = split(level, text, size, &other_used);
        FUZZ_REQUIRE(used == other_used && memcmp(joined, other, used) == 0);
        free(other);
    }
    free(joined);
}

static void read_documents(const uint8_t *data, size_t size, struct documents_columns columns)
{
    struct error error = {0};
    struct documents_row row;
    char *text = fuzz_padded(data, size, 0);
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    lines += size && data[size - 1] != '\n';
    struct documents_cursor cursor = documents_cursor(text, size, "text", 1);
    bool good = true;
    for (; lines && good; lines--) {
        good = documents_row(&cursor, &columns, &row, &error);
        if (good)
            compare(row.text, row.text_size);
    }
    FUZZ_REQUIRE(good || error.status == STATUS_INPUT);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct costs costs = {0};
    read_documents(data, size, (struct documents_columns){.label = 1});
    read_documents(data, size, (struct documents_columns){0});
    read_documents(data, size, (struct documents_columns){.label = 2, .text = 1});
    if (!costs_parse((struct text){(const char *)data, size}, "costs", &costs, &error))
        FUZZ_REQUIRE(error.status == STATUS_INPUT);
    costs_free(&costs);
    return 0;
}
