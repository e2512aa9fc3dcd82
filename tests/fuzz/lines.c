/* Lines of vectors, by the kernels of all levels to the same rows, words, bits and notes. */
#include "base/cpu.h"
#include "fuzz.h"
#include "vectors/vector_lines.h"

#include <string.h>

static void parse(enum cpu_level level, uint32_t dim, char *text, size_t size,
                  struct parsed_vectors *rows)
{
    struct vector_parser parser = {fields_kernel_of(level), dim, NULL};
    *rows = (struct parsed_vectors){0};
    FUZZ_REQUIRE(parsed_vectors_init(rows, size, dim));
    vector_lines_parse(&parser, text, size, rows);
}

static void compare(const struct parsed_vectors *a, const struct parsed_vectors *b, uint32_t dim)
{
    FUZZ_REQUIRE(a->rows == b->rows && a->note_count == b->note_count &&
                 a->line_count == b->line_count);
    FUZZ_REQUIRE(memcmp(a->x, b->x, a->rows * dim * sizeof *a->x) == 0);
    for (size_t i = 0; i < a->rows; i++)
        FUZZ_REQUIRE(text_equal(a->words[i], b->words[i]) && a->hashes[i] == b->hashes[i] &&
                     a->lines[i] == b->lines[i]);
    for (size_t i = 0; i < a->note_count; i++)
        FUZZ_REQUIRE(a->notes[i].line == b->notes[i].line &&
                     a->notes[i].defect == b->notes[i].defect);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    uint32_t dim = 1 + data[0] % 8;
    data++;
    size--;
    char *text = fuzz_padded(data, size, FIELDS_PADDING);
    struct parsed_vectors rows;
    parse(CPU_PORTABLE, dim, text + FIELDS_PADDING, size, &rows);
    for (enum cpu_level level = CPU_PORTABLE + 1; level <= cpu_level(); level++) {
        char *again = fuzz_padded(data, size, FIELDS_PADDING);
        struct parsed_vectors others;
        parse(level, dim, again + FIELDS_PADDING, size, &others);
        compare(&rows, &others, dim);
        parsed_vectors_free(&others);
        free(again);
    }
    parsed_vectors_free(&rows);
    free(text);
    return 0;
}
