/* The table of vectors: what it finds, of repeated words the last, and streams it refuses. */
#define _GNU_SOURCE
#include "run/vector_table.h"

#include "stream/vectors.h"
#include "text/tokens.h"

#include "helpers.h"

enum { DIM = 3 };

/* ---- streams to load ---- */

/* Words `w0` to `w<count - 1>` whose vectors are {value, value + 0.5, -value}. */
static void write_words(struct stream_writer *writer, uint32_t count, float value)
{
    struct error error = {0};
    static char names[STREAM_MAX_ROWS][16];
    static struct text words[STREAM_MAX_ROWS];
    static float x[STREAM_MAX_ROWS][DIM];
    for (uint32_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "w%u", (unsigned)i);
        words[i] = text_of(names[i]);
        float v = value + (float)i;
        memcpy(x[i], (float[DIM]){v, v + 0.5f, -v}, sizeof x[i]);
    }
    assert_true(vectors_write(writer, count, DIM, words, x[0], &error));
}

/* Writes a whole vectors stream to `test_path`, whose blocks `write` makes of `what`. */
static void write_vectors(void (*write)(struct stream_writer *writer, const void *what),
                          const void *what)
{
    struct error error = {0};
    const struct common common = {.output = test_path};
    struct lineage lineage = {0};
    assert_true(lineage_append(&lineage, "glove-load", &error));
    const struct stream_header header = {.kind = STREAM_VECTORS, .dim = DIM, .lineage = lineage};
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    assert_non_null(output);
    struct stream_writer *writer = stream_begin(output, &header, &error);
    assert_non_null(writer);
    write(writer, what);
    assert_true(stream_end(writer, (struct digest){0x1234, 56}, &error));
    assert_true(output_commit(output, &error));
    lineage_free(&lineage);
}

struct blocks {
    const uint32_t *counts;
    size_t count;
};

/* The vectors of block b start at 1000000 x b. */
static void write_blocks(struct stream_writer *writer, const void *what)
{
    const struct blocks *blocks = what;
    for (size_t b = 0; b < blocks->count; b++)
        write_words(writer, blocks->counts[b], 1e6f * (float)b);
}

static void write_stream(const uint32_t *counts, size_t blocks)
{
    write_vectors(write_blocks, &(struct blocks){counts, blocks});
}

static void write_empty_words(struct stream_writer *writer, const void *what)
{
    (void)what;
    struct error error = {0};
    const struct text words[] = {text_of(""), text_of("gold"), text_of("")};
    const float x[3][DIM] = {{1, 1, 1}, {2, 2.5f, -2}, {3, 3.5f, -3}};
    assert_true(vectors_write(writer, 3, DIM, words, x[0], &error));
}

static bool load(struct vector_table *table, struct error *error)
{
    struct stream_reader *reader = stream_open(test_path, error);
    assert_non_null(reader);
    bool loaded = vector_table_load(table, reader, error);
    stream_close(reader);
    return loaded;
}

/* ---- tests ---- */

static void assert_vector(const struct vector_table *table, const char *word, float value)
{
    struct text token = text_of(word);
    const float *vector = NULL;
    assert_int_equal(vector_table_find(table, &token, 1, &vector), 1);
    assert_true(vector[0] == value && vector[1] == value + 0.5f && vector[2] == -value);
}

static void test_finds_what_it_loaded(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    write_stream((uint32_t[]){3}, 1);
    assert_true(load(&table, &error));
    assert_int_equal(table.dim, DIM);
    assert_int_equal(table.words.count, 3);
    assert_vector(&table, "w0", 0);
    assert_vector(&table, "w2", 2);
    assert_int_equal(table.lineage.count, 1);
    assert_int_equal(table.lineage.entries[0].read.crc32, 0x1234);
    assert_int_equal(table.lineage.entries[0].read.size, 56);
    vector_table_free(&table);
}

/* A batch with unknown tokens among the known ones: these keep their order. */
static void test_keeps_the_tokens_order(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    write_stream((uint32_t[]){100}, 1);
    assert_true(load(&table, &error));
    struct text tokens[TOKENS_BATCH];
    const float *vectors[TOKENS_BATCH];
    char names[TOKENS_BATCH][16];
    for (unsigned i = 0; i < TOKENS_BATCH; i++) {
        snprintf(names[i], sizeof names[i], i % 3 ? "w%u" : "unknown%u", TOKENS_BATCH - i);
        tokens[i] = text_of(names[i]);
    }
    size_t known = vector_table_find(&table, tokens, TOKENS_BATCH, vectors), at = 0;
    for (unsigned i = 0; i < TOKENS_BATCH; i++)
        if (i % 3)
            assert_true(vectors[at++][0] == (float)(TOKENS_BATCH - i));
    assert_int_equal(known, at);
    assert_int_equal(vector_table_find(&table, tokens, 0, vectors), 0);
    vector_table_free(&table);
}

static void test_last_vector_of_a_repeated_word(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    write_stream((uint32_t[]){4, 2, 1}, 3);
    assert_true(load(&table, &error));
    assert_int_equal(table.words.count, 4);
    assert_vector(&table, "w0", 2e6f);
    assert_vector(&table, "w1", 1e6f + 1);
    assert_vector(&table, "w2", 2);
    assert_vector(&table, "w3", 3);
    vector_table_free(&table);
}

/* More than a pool holds, in many blocks, one of them large. */
static void test_many_blocks(void **state)
{
    (void)state;
    enum { BLOCKS = 40 };
    struct error error = {0};
    struct vector_table table = {0};
    uint32_t counts[BLOCKS];
    for (uint32_t b = 0; b < BLOCKS; b++)
        counts[b] = STREAM_MAX_ROWS - 1600 * b;
    write_stream(counts, BLOCKS);
    assert_true(load(&table, &error));
    assert_int_equal(table.words.count, STREAM_MAX_ROWS);
    /* Word i is last seen in the last block that has more than i words. */
    for (uint32_t i = 0; i < STREAM_MAX_ROWS; i += 997) {
        uint32_t b = (STREAM_MAX_ROWS - 1 - i) / 1600;
        char name[16];
        snprintf(name, sizeof name, "w%u", (unsigned)i);
        assert_vector(&table, name, 1e6f * (float)(b < BLOCKS ? b : BLOCKS - 1) + (float)i);
    }
    vector_table_free(&table);
}

/* No program writes them, but a stream may hold them. */
static void test_empty_words(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    write_vectors(write_empty_words, NULL);
    assert_true(load(&table, &error));
    assert_int_equal(table.words.count, 2);
    assert_vector(&table, "gold", 2);
    assert_vector(&table, "", 3);
    vector_table_free(&table);
}

static void test_an_empty_stream(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    struct text token = text_of("w0");
    const float *vector;
    write_stream(NULL, 0);
    assert_true(load(&table, &error));
    assert_int_equal(vector_table_find(&table, &token, 1, &vector), 0);
    vector_table_free(&table);
}

static void test_a_stream_that_was_cut(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    write_stream((uint32_t[]){4, 2}, 2);
    struct bytes whole = file_read(test_path);
    assert_int_equal(truncate(test_path, (off_t)whole.size - 100), 0);
    free(whole.data);
    assert_false(load(&table, &error));
    assert_int_equal(error.status, STATUS_CUT);
    assert_int_equal(table.words.count, 0);
    assert_null(table.pool.pieces);
}

static void test_another_kind(void **state)
{
    (void)state;
    struct error error = {0};
    struct vector_table table = {0};
    const struct common common = {.output = test_path};
    const struct stream_header header = {.kind = STREAM_SAMPLES, .dim = DIM};
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    assert_non_null(output);
    struct stream_writer *writer = stream_begin(output, &header, &error);
    assert_non_null(writer);
    assert_true(stream_end(writer, (struct digest){0, 0}, &error));
    assert_true(output_commit(output, &error));
    assert_false(load(&table, &error));
    assert_int_equal(error.status, STATUS_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_it_loaded),
        cmocka_unit_test(test_keeps_the_tokens_order),
        cmocka_unit_test(test_last_vector_of_a_repeated_word),
        cmocka_unit_test(test_many_blocks),
        cmocka_unit_test(test_empty_words),
        cmocka_unit_test(test_an_empty_stream),
        cmocka_unit_test(test_a_stream_that_was_cut),
        cmocka_unit_test(test_another_kind),
    };
    return RUN_TESTS_WITH_FILE("vector_table", tests);
}
