/*
 * Vectors whose numbers are packed, word2vec's and arrays': all records at once and one after the
 * other, as the rule for their ends cuts them, to the same rows.
 */
#include "vectors/vector_records.h"

#include "fuzz.h"
#include "vectors/vector_shape.h"

#include <string.h>

enum { MOST = 4096, WORDS = 8 };

/* Appends the rows that `from` has. */
static void join(struct parsed_vectors *rows, const struct parsed_vectors *from, uint32_t dim)
{
    memcpy(rows->x + rows->rows * dim, from->x, from->rows * dim * sizeof *from->x);
    for (size_t i = 0; i < from->rows; i++)
        rows->words[rows->rows + i] = from->words[i];
    rows->rows += from->rows;
    rows->note_count += from->note_count;
    rows->line_count += from->line_count;
}

static void compare(const struct parsed_vectors *a, const struct parsed_vectors *b, uint32_t dim)
{
    FUZZ_REQUIRE(a->rows == b->rows && a->note_count == b->note_count &&
                 a->line_count == b->line_count);
    FUZZ_REQUIRE(memcmp(a->x, b->x, a->rows * dim * sizeof *a->x) == 0);
    for (size_t i = 0; i < a->rows; i++)
        FUZZ_REQUIRE(a->words[i].size == b->words[i].size &&
                     (!a->words[i].data || text_equal(a->words[i], b->words[i])));
}

/* The words of an array's rows, which may be repaired in place. */
static void make_words(char bytes[WORDS][8], struct text words[WORDS])
{
    for (int i = 0; i < WORDS; i++) {
        const int size = snprintf(bytes[i], 8, "w\xff%d", i);
        words[i] = (struct text){bytes[i], i == 3 ? 0 : (size_t)size};
    }
}

/* A record at a time. */
static bool parse_singly(const struct vector_records *records, char *bytes, size_t size,
                         struct parsed_vectors *rows)
{
    const struct records_rule rule = {.size = records->dim * packed_width(records->packed.type)};
    records_behind *behind = records->words ? vector_records_array : vector_records_word2vec;
    struct parsed_vectors one = {0};
    bool good = true;
    FUZZ_REQUIRE(parsed_vectors_init(&one, size + 2 * records->dim + 2, records->dim));
    for (size_t at = 0, end; good && at < size; at = end) {
        struct records_scan scan = {.at = at};
        end = behind(&rule, bytes, size, &scan);
        FUZZ_REQUIRE(!end || (end > at && end <= size));
        if (!end)
            end = size;
        good = vector_records_parse(records, bytes + at, end - at, rows->line_count, &one);
        join(rows, &one, records->dim);
    }
    parsed_vectors_free(&one);
    return good;
}

static bool parse(struct vector_records records, const uint8_t *data, size_t size, bool singly,
                  char *copy, struct parsed_vectors *rows)
{
    char bytes[WORDS][8];
    struct text words[WORDS];
    /* Rows have room by lines, of which an array's take fewer bytes. */
    const size_t room = size + (2 * records.dim + 2) * (WORDS + 1);
    FUZZ_REQUIRE(parsed_vectors_init(rows, room, records.dim));
    make_words(bytes, words);
    if (records.words)
        records.words = words;
    memcpy(copy, data, size);
    const bool good = singly ? parse_singly(&records, copy, size, rows)
                             : vector_records_parse(&records, copy, size, 0, rows);
    for (size_t i = 0; records.words && i < rows->rows; i++) /* they go with this call */
        rows->words[i].data = NULL;
    return good;
}

static void parse_both(const struct vector_records *records, const uint8_t *data, size_t size)
{
    struct parsed_vectors rows[2] = {{0}, {0}};
    char *copies[2] = {fuzz_padded(data, size, 0), fuzz_padded(data, size, 0)};
    bool good[2];
    for (int i = 0; i < 2; i++)
        good[i] = parse(*records, data, size, i, copies[i], &rows[i]);
    FUZZ_REQUIRE(good[0] == good[1]);
    compare(&rows[0], &rows[1], records->dim);
    for (int i = 0; i < 2; i++) {
        parsed_vectors_free(&rows[i]);
        free(copies[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct text some;
    if (size < 2 || size > MOST)
        return 0;
    struct vector_records records = {.dim = 1 + data[0] % 8, .packed = {PACKED_FLOAT32, false}};
    const uint8_t way = data[1];
    uint64_t count, dim;
    size_t header;
    data += 2;
    size -= 2;
    if (vector_shape_header((const char *)data, size, &count, &dim, &header) && dim <= MOST) {
        FUZZ_REQUIRE(header <= size);
        vector_records_plausible((const char *)data + header, size - header, way & 1, count,
                                 (uint32_t)dim);
    }
    if (way & 2) {
        records.words = &some;
        records.packed =
            (struct packed){(enum packed_type)((way >> 2) % (PACKED_UINT64 + 1)), way & 1};
        const size_t most = WORDS * records.dim * packed_width(records.packed.type);
        size = size < most ? size : most;
    }
    parse_both(&records, data, size);
    return 0;
}
