/*
 * The stream's contract: what is written can be read, a cut at any byte is a cut, a change of
 * any byte is damage.
 */
#define _GNU_SOURCE /* memmem */
#include "base/memory.h"
#include "base/output.h"
#include "stream/end.h"
#include "stream/forest.h"
#include "stream/frame.h"
#include "stream/predictions.h"
#include "stream/samples.h"
#include "stream/vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT(literal) ((struct text){literal, sizeof literal - 1})

static char path[] = "/tmp/test_stream.XXXXXX";

struct bytes {
    unsigned char *data;
    size_t size;
};

static struct bytes read_file(void)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct bytes bytes = {malloc(1 << 20), 0};
    bytes.size = fread(bytes.data, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void write_file(const unsigned char *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* ---- one small stream of each kind ---- */

static struct text classes[] = {{"earn", 4}, {"tr\xc3\xa4ge", 6}};

static void write_vectors(struct stream_writer *writer, struct error *error)
{
    struct text words[] = {TEXT("the"), TEXT(". . ."), TEXT("gr\xc3\xbc\xc3\x9f")};
    float x[] = {0.5f, -1, 2, 3, 4, 5};
    assert_true(vectors_write(writer, 3, 2, words, x, error));
    assert_true(vectors_write(writer, 1, 2, words, x + 2, error));
}

static void write_samples(struct stream_writer *writer, struct error *error)
{
    struct samples_rows rows = {2, (float[]){1, 2, 3, 4}, (int32_t[]){7, 8}, (int32_t[]){7, 0},
                                (struct text[]){TEXT("tr\xc3\xa4ge"), TEXT("earn")}};
    assert_true(samples_write(writer, 2, &rows, error));
    rows.rows = 1;
    rows.labels = (struct text[]){TEXT("earn")};
    assert_true(samples_write(writer, 2, &rows, error));
}

/* x[1] <= 0.25 ? 5 samples of class 1 : (x[0] <= -2 ? 1 of class 0 and 3 of 1 : 300 of class 0) */
static struct tree small_tree(void)
{
    struct tree tree = {.nodes = 5, .splits = 2, .mixed = 1};
    assert_true(tree_reserve_nodes(&tree, 5) && tree_reserve_counts(&tree, 2));
    memcpy(tree.feature, (uint32_t[]){1, TREE_NONE, 0, TREE_NONE, TREE_NONE}, 20);
    memcpy(tree.threshold, (float[]){0.25f, -2}, 8);
    memcpy(tree.leaf_class, (uint32_t[]){1, TREE_NONE, 0}, 12);
    memcpy(tree.weight, (uint32_t[]){5, 4, 300}, 12);
    memcpy(tree.counts, (uint32_t[]){1, 3}, 8);
    return tree;
}

static void write_forest(struct stream_writer *writer, struct error *error)
{
    struct tree tree = small_tree();
    assert_true(forest_write(writer, 2, &tree, error));
    assert_true(forest_write(writer, 2, &tree, error));
    tree_free(&tree);
}

static void write_predictions(struct stream_writer *writer, struct error *error)
{
    struct predictions_rows rows = {2, (int32_t[]){1, 0},
                                    (struct text[]){TEXT("earn"), TEXT("unseen")},
                                    (float[]){0.25f, 0.75f, 1, 0}};
    assert_true(predictions_write(writer, 2, &rows, error));
}

struct kind_case {
    struct stream_header header;
    void (*write)(struct stream_writer *, struct error *);
    uint64_t rows;
};

static const struct kind_case cases[] = {
    {{.kind = STREAM_VECTORS, .dim = 2}, write_vectors, 4},
    {{.kind = STREAM_SAMPLES, .dim = 2, .labelled = true}, write_samples, 3},
    {{.kind = STREAM_FOREST,
      .dim = 2,
      .trees = 2,
      .samples = 309,
      .class_count = 2,
      .classes = classes},
     write_forest,
     10},
    {{.kind = STREAM_PREDICTIONS,
      .labelled = true,
      .class_count = 2,
      .classes = classes,
      .proba = true},
     write_predictions,
     2},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static const struct digest source = {0x12345678, 99};

static struct bytes make_stream(const struct kind_case *made)
{
    struct error error = {0};
    struct common common = {.tool = "test", .output = path};
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    assert_non_null(output);
    struct stream_header header = made->header;
    assert_true(lineage_append(&header.lineage, "test", &error));
    assert_true(lineage_add_count(&header.lineage, "top", 300, &error));
    assert_true(lineage_add_real(&header.lineage, "share", 0.5, &error));
    assert_true(lineage_add_flag(&header.lineage, "fast", true, &error));
    assert_true(lineage_add_text(&header.lineage, "tokenizer", "simple", &error));
    struct stream_writer *writer = stream_begin(output, &header, &error);
    assert_non_null(writer);
    made->write(writer, &error);
    assert_true(stream_end(writer, source, &error));
    assert_true(output_commit(output, &error));
    lineage_free(&header.lineage);
    return read_file();
}

/* Reads and decodes the whole file as a consumer does. */
static bool decode(const struct stream_header *header, const struct stream_record *record,
                   struct error *error)
{
    struct vectors_block vectors;
    struct samples_block samples;
    struct predictions_block predictions;
    struct tree tree = {0};
    bool decoded = false;
    switch (header->kind) {
    case STREAM_VECTORS:
        return vectors_decode(header, record, &vectors, error);
    case STREAM_SAMPLES:
        return samples_decode(header, record, &samples, error);
    case STREAM_PREDICTIONS:
        return predictions_decode(header, record, &predictions, error);
    case STREAM_FOREST:
        decoded = forest_decode(header, record, &tree, error);
        tree_free(&tree);
        break;
    case STREAM_LINEAR: /* test_stream_linear.c */
        break;
    }
    return decoded;
}

static enum status consume(enum stream_kind kind, uint64_t *rows, struct error *error)
{
    struct stream_header header;
    struct stream_record record = {0};
    struct stream_reader *reader = stream_open(path, error);
    assert_non_null(reader);
    enum stream_next next = STREAM_FAILED;
    if (stream_read_header(reader, kind, &header, error)) {
        while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
            if (!decode(&header, &record, error)) {
                next = STREAM_FAILED;
                break;
            }
        stream_header_free(&header);
    }
    *rows = stream_read_totals(reader).rows;
    if (next == STREAM_END) {
        assert_int_equal(stream_read_digest(reader).crc32, source.crc32);
        assert_int_equal(stream_read_digest(reader).size, source.size);
    }
    stream_record_free(&record);
    stream_close(reader);
    return next == STREAM_END ? STATUS_DONE : error->status;
}

static void test_whole(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct error error = {0};
        uint64_t rows;
        struct bytes bytes = make_stream(&cases[i]);
        assert_int_equal(consume(cases[i].header.kind, &rows, &error), STATUS_DONE);
        assert_int_equal(rows, cases[i].rows);
        free(bytes.data);
    }
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct bytes bytes = make_stream(&cases[i]);
        for (size_t size = 0; size < bytes.size; size++) {
            struct error error = {0};
            uint64_t rows;
            write_file(bytes.data, size);
            assert_int_equal(consume(cases[i].header.kind, &rows, &error), STATUS_CUT);
            assert_non_null(strstr(error.text, "upstream ended early"));
        }
        free(bytes.data);
    }
}

static void test_changed_anywhere(void **state)
{
    (void)state;
    /* 0x07 makes a map of three one of four, which takes the records behind it for its own. */
    static const unsigned char changes[] = {0x01, 0x02, 0x04, 0x07, 0x08,
                                            0x10, 0x20, 0x40, 0x80, 0xff};
    for (int i = 0; i < CASES; i++) {
        struct bytes bytes = make_stream(&cases[i]);
        for (size_t at = 0; at < bytes.size; at++) {
            for (size_t c = 0; c < sizeof changes; c++) {
                struct error error = {0};
                uint64_t rows;
                bytes.data[at] ^= changes[c];
                write_file(bytes.data, bytes.size);
                bytes.data[at] ^= changes[c];
                assert_int_equal(consume(cases[i].header.kind, &rows, &error), STATUS_INPUT);
                assert_non_null(strstr(error.text, "byte "));
            }
        }
        free(bytes.data);
    }
}

static void test_bytes_after_the_end(void **state)
{
    (void)state;
    struct error error = {0};
    uint64_t rows;
    struct bytes bytes = make_stream(&cases[0]);
    bytes.data[bytes.size] = 0xc0;
    write_file(bytes.data, bytes.size + 1);
    assert_int_equal(consume(STREAM_VECTORS, &rows, &error), STATUS_INPUT);
    assert_non_null(strstr(error.text, "follows the end record"));
    free(bytes.data);
}

static void test_other_kind(void **state)
{
    (void)state;
    struct error error = {0};
    uint64_t rows;
    struct bytes bytes = make_stream(&cases[0]);
    assert_int_equal(consume(STREAM_SAMPLES, &rows, &error), STATUS_INPUT);
    assert_non_null(strstr(error.text, "holds vectors, and samples are needed"));
    free(bytes.data);
}

/* The end record by hand: the msgpack specification's bytes, the CRC-32 bit by bit. */
static uint32_t slow_crc(const unsigned char *data, size_t size)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

static void test_end_record_bytes(void **state)
{
    (void)state;
    static const unsigned char layout[] = "\x85\xa3"
                                          "end\xc3\xa4"
                                          "rows\xcf\0\0\0\0\0\0\0\4\xa6"
                                          "blocks\xcf\0\0\0\0\0\0\0\2"
                                          "\xa4"
                                          "read\x82\xa5"
                                          "crc32\xce\x12\x34\x56\x78\xa4"
                                          "size\xcf\0\0\0\0\0\0\0\x63"
                                          "\xa5"
                                          "crc32\xce";
    struct bytes bytes = make_stream(&cases[0]);
    size_t end = bytes.size - STREAM_END_SIZE;
    assert_int_equal(sizeof layout - 1, STREAM_END_SIZE - 4);
    assert_memory_equal(bytes.data + end, layout, sizeof layout - 1);
    uint32_t crc = slow_crc(bytes.data, bytes.size - 4);
    unsigned char tail[] = {crc >> 24, crc >> 16 & 0xff, crc >> 8 & 0xff, crc & 0xff};
    assert_memory_equal(bytes.data + bytes.size - 4, tail, 4);
    free(bytes.data);
}

static void test_header_bytes(void **state)
{
    (void)state;
    static const unsigned char start[] = "\x85\xa6"
                                         "format\xa9"
                                         "glovepipe\xa7"
                                         "version\1\xa4"
                                         "kind\xa7"
                                         "vectors\xa3"
                                         "dim\2"
                                         "\xa7"
                                         "lineage\x91\x83\xa4"
                                         "tool\xa4"
                                         "test";
    struct bytes bytes = make_stream(&cases[0]);
    assert_memory_equal(bytes.data, start, sizeof start - 1);
    free(bytes.data);
}

static void test_lineage_travels(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_header header;
    free(make_stream(&cases[1]).data);
    struct stream_reader *reader = stream_open(path, &error);
    assert_true(stream_read_any_header(reader, &header, &error));
    assert_int_equal(header.kind, STREAM_SAMPLES);
    assert_int_equal(header.dim, 2);
    assert_true(header.labelled);
    const struct lineage_entry *entry = lineage_find(&header.lineage, "test");
    assert_non_null(entry);
    assert_false(entry->has_read);
    assert_int_equal(lineage_option(entry, "top")->count, 300);
    assert_true(lineage_option(entry, "share")->real == 0.5);
    assert_int_equal(lineage_option(entry, "fast")->count, 1);
    assert_string_equal(lineage_option(entry, "tokenizer")->text, "simple");
    assert_null(lineage_option(entry, "absent"));
    stream_header_free(&header);
    stream_close(reader);
}

static void test_tree_travels(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct tree wanted = small_tree(), got = {0};
    free(make_stream(&cases[2]).data);
    struct stream_reader *reader = stream_open(path, &error);
    assert_true(stream_read_header(reader, STREAM_FOREST, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_true(forest_decode(&header, &record, &got, &error));
    assert_int_equal(got.nodes, 5);
    assert_int_equal(got.splits, 2);
    assert_int_equal(got.mixed, 1);
    assert_memory_equal(got.feature, wanted.feature, 5 * 4);
    assert_memory_equal(got.threshold, wanted.threshold, 2 * 4);
    assert_memory_equal(got.leaf_class, wanted.leaf_class, 3 * 4);
    assert_memory_equal(got.weight, wanted.weight, 3 * 4);
    assert_memory_equal(got.counts, wanted.counts, 2 * 4);
    tree_free(&got);
    tree_free(&wanted);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
}

static void test_samples_load(void **state)
{
    (void)state;
    struct error error = {0};
    struct samples samples;
    struct bytes bytes = make_stream(&cases[1]);
    struct stream_reader *reader = stream_open(path, &error);
    assert_true(samples_load(reader, &samples, &error));
    assert_int_equal(samples.rows, 3);
    assert_int_equal(samples.dim, 2);
    assert_int_equal(samples.class_count, 2);
    static const float x[] = {1, 2, 3, 4, 1, 2};
    static const uint32_t class_of[] = {1, 0, 0};
    assert_memory_equal(samples.x, x, sizeof x);
    assert_memory_equal(samples.classes[0].data, "earn", 4);
    assert_memory_equal(samples.class_of, class_of, sizeof class_of);
    assert_int_equal(samples.digest.size, bytes.size);
    assert_int_equal(samples.digest.crc32, slow_crc(bytes.data, bytes.size));
    assert_true(samples.lineage.entries[0].has_read);
    assert_int_equal(samples.lineage.entries[0].read.size, source.size);
    samples_free(&samples);
    stream_close(reader);
    free(bytes.data);
}

static void write_nothing(struct stream_writer *writer, struct error *error)
{
    (void)writer;
    (void)error;
}

/* That there are no rows and that they have no labels are two things. */
static void test_samples_load_no_rows(void **state)
{
    (void)state;
    for (int labelled = 0; labelled < 2; labelled++) {
        struct error error = {0};
        struct samples samples;
        struct kind_case made = {
            {.kind = STREAM_SAMPLES, .dim = 2, .labelled = labelled == 1}, write_nothing, 0};
        free(make_stream(&made).data);
        struct stream_reader *reader = stream_open(path, &error);
        assert_true(samples_load(reader, &samples, &error));
        assert_int_equal(samples.rows, 0);
        assert_int_equal(samples.class_of != NULL, labelled);
        assert_int_equal(samples.classes != NULL, labelled);
        samples_free(&samples);
        stream_close(reader);
    }
}

static void test_samples_load_refuses_nan(void **state)
{
    (void)state;
    struct error error = {0};
    struct samples samples;
    struct bytes bytes = make_stream(&cases[1]);
    /* 3.0f, the first value of row 2, becomes infinite: then the CRC no longer matters. */
    static const unsigned char three[] = {0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40};
    for (size_t at = 0; at + 8 < bytes.size; at++)
        if (memcmp(bytes.data + at, three, 8) == 0)
            memcpy(bytes.data + at, (unsigned char[]){0, 0, 0x80, 0x7f}, 4);
    write_file(bytes.data, bytes.size);
    struct stream_reader *reader = stream_open(path, &error);
    assert_false(samples_load(reader, &samples, &error));
    assert_int_equal(error.status, STATUS_INPUT);
    assert_non_null(strstr(error.text, "row 2 holds a value that is infinite"));
    stream_close(reader);
    free(bytes.data);
}

/* ---- frames ---- */

static enum frame_state frame_of(const char *bytes, size_t size, struct frame *frame,
                                 uint64_t *needed)
{
    const char *why;
    *frame = (struct frame){0};
    return frame_advance(frame, (const unsigned char *)bytes, size, 1000, needed, &why);
}

static void test_frames(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum frame_state state;
        uint64_t number; /* WHOLE: where it ends; MORE: how much is missing; BAD: where */
    } rows[] = {
        {"", 0, FRAME_MORE, 1},
        {"\xc0\xc0", 2, FRAME_WHOLE, 1},
        {"\x7f", 1, FRAME_WHOLE, 1},
        {"\xa3"
         "ab",
         3, FRAME_MORE, 1},
        {"\xa3"
         "abc",
         4, FRAME_WHOLE, 4},
        {"\xc4\x05"
         "ab",
         4, FRAME_MORE, 3},
        {"\xcf\0\0", 3, FRAME_MORE, 6},
        {"\x80", 1, FRAME_WHOLE, 1},
        {"\x81\xa1"
         "n\x92\1\2",
         6, FRAME_WHOLE, 6},
        {"\x81\xa1"
         "n\x92\1",
         5, FRAME_MORE, 1},
        {"\xdc\0\2\1\2", 5, FRAME_WHOLE, 5},
        {"\xdf\0\0\0\1\1\2\3", 8, FRAME_WHOLE, 7},
        {"\xc1", 1, FRAME_BAD, 0},
        {"\x91\xd4\0\0", 4, FRAME_BAD, 1},                              /* ext */
        {"\xc6\xff\xff\xff\xff", 5, FRAME_BAD, 0},                      /* beyond the limit */
        {"\xdd\xff\xff\xff\xff", 5, FRAME_BAD, 0},                      /* too many objects */
        {"\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0", 10, FRAME_BAD, 8}, /* nine deep */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct frame frame;
        uint64_t needed = 0;
        assert_int_equal(frame_of(rows[i].bytes, rows[i].size, &frame, &needed), rows[i].state);
        assert_int_equal(rows[i].state == FRAME_MORE ? needed : frame.at, rows[i].number);
    }
}

/* A stream that arrives a byte at a time through a pipe is the same stream. */
static void test_slow_pipe(void **state)
{
    (void)state;
    struct bytes bytes = make_stream(&cases[2]);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    char name[32];
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    struct error error = {0};
    if (fork() == 0) {
        close(ends[0]);
        for (size_t i = 0; i < bytes.size; i++)
            if (write(ends[1], bytes.data + i, 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    struct stream_reader *reader = stream_open(name, &error);
    struct stream_header header;
    struct stream_record record = {0};
    assert_true(stream_read_any_header(reader, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_END);
    assert_int_equal(stream_read_totals(reader).digest.crc32, slow_crc(bytes.data, bytes.size));
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
    close(ends[0]);
    free(bytes.data);
}

/* ---- what no reader takes, no writer writes ---- */

static struct output *open_output(struct error *error)
{
    struct common common = {.tool = "test", .output = path};
    struct output *output = output_open(&common, OUTPUT_BINARY, error);
    assert_non_null(output);
    return output;
}

static void assert_refused(struct stream_writer *writer, const struct error *error,
                           const char *sentence)
{
    assert_int_equal(error->status, STATUS_INPUT);
    assert_non_null(strstr(error->text, sentence));
    stream_abandon(writer);
}

static void test_writer_limits(void **state)
{
    (void)state;
    struct error error = {0};
    struct output *output = open_output(&error);
    struct stream_header header = cases[2].header;
    header.class_count = STREAM_MAX_CLASSES + 1;
    assert_null(stream_begin(output, &header, &error));
    assert_refused(NULL, &error, "1048577 classes");
    struct stream_writer *writer = stream_begin(output, &cases[2].header, &error);
    assert_true(stream_block(writer, 1, 2, &error));
    assert_true(stream_put_numbers(writer, "class", &(uint32_t){0}, 1, 4, &error));
    assert_false(stream_put_numbers(writer, "counts", NULL, STREAM_MAX_RECORD / 4, 4, &error));
    assert_refused(writer, &error, "longer than 1 GiB");
    char *name = calloc(STREAM_MAX_NAME + 1, 1);
    struct text names[] = {{name, STREAM_MAX_NAME}, {name, STREAM_MAX_NAME + 1}};
    writer = stream_begin(output, &cases[0].header, &error);
    assert_true(vectors_write(writer, 1, 2, names, (float[]){1, 2}, &error));
    assert_false(vectors_write(writer, 2, 2, names, (float[]){1, 2, 3, 4}, &error));
    assert_refused(writer, &error, "words: a name of 1048577 bytes");
    free(name);
    output_discard(output);
}

/* ---- which streams go together ---- */

static struct lineage lineage_of(uint32_t crc32, uint64_t top, const char *vocab,
                                 const char *tokenizer)
{
    struct lineage lineage = {0};
    struct error error;
    assert_true(lineage_append(&lineage, "glove-load", &error));
    if (top)
        assert_true(lineage_add_count(&lineage, "top", top, &error));
    if (vocab)
        assert_true(lineage_add_text(&lineage, "vocab", vocab, &error));
    lineage_complete(&lineage, (struct digest){crc32, 1000});
    assert_true(lineage_append(&lineage, "vectorize", &error));
    assert_true(lineage_add_text(&lineage, "tokenizer", tokenizer, &error));
    return lineage;
}

static void test_compatible(void **state)
{
    (void)state;
    static const struct {
        uint32_t crc32;
        uint64_t top;
        const char *vocab, *tokenizer;
        bool fits;
        const char *sentence;
    } rows[] = {
        {7, 0, NULL, "simple", true, NULL},
        {7, 0, "1234", "simple", true, NULL},
        {8, 0, NULL, "simple", false, "CRC-32 00000008"},
        {7, 50, NULL, "simple", false, "top 50"},
        {7, 0, NULL, "clever", false, "(simple; clever)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        struct lineage left = lineage_of(7, 0, NULL, "simple");
        struct lineage right =
            lineage_of(rows[i].crc32, rows[i].top, rows[i].vocab, rows[i].tokenizer);
        assert_int_equal(lineage_compatible(&left, "model.mp", &right, "X.mp", &error),
                         rows[i].fits);
        if (!rows[i].fits) {
            assert_int_equal(error.status, STATUS_INPUT);
            assert_non_null(strstr(error.text, "model.mp and X.mp"));
            assert_non_null(strstr(error.text, rows[i].sentence));
        }
        lineage_free(&left);
        lineage_free(&right);
    }
}

/* Of many options the sentence names those that differ. */
static void test_what_sets_vectors_apart(void **state)
{
    (void)state;
    struct error error = {0};
    struct lineage sides[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        assert_true(lineage_append(&sides[i], "glove-train", &error));
        assert_true(lineage_add_text(&sides[i], "unicode", "14.0", &error));
        assert_true(lineage_add_flag(&sides[i], "symmetric", i == 0, &error));
        assert_true(lineage_add_real(&sides[i], "eta", i == 0 ? 0.05 : 0.1, &error));
        if (i == 1)
            assert_true(lineage_add_flag(&sides[i], "no-label", true, &error));
        lineage_complete(&sides[i], (struct digest){7, 1000});
        assert_true(lineage_append(&sides[i], "vectorize", &error));
    }
    assert_false(lineage_compatible(&sides[0], "m", &sides[1], "X", &error));
    assert_string_equal(
        error.text, "m and X come from different vectors (glove-train of 1000 bytes, CRC-32 "
                    "00000007, symmetric yes, eta 0.05; glove-train of 1000 bytes, CRC-32 "
                    "00000007, symmetric no, eta 0.1, no-label yes): vectorize with the model's "
                    "vectors, or insist with --force");
    lineage_free(&sides[0]);
    lineage_free(&sides[1]);
}

/* It would be written again, where readers of other languages stumble over it. */
static void test_lineage_is_text(void **state)
{
    (void)state;
    static const char *const others[] = {"\xff\xfeple", "a\0b"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        for (int part = 0; part < 3; part++) {
            static const char *const parts[] = {"\xa4test", "\xa3top", "\xa6simple"};
            struct error error = {0};
            uint64_t rows;
            struct bytes bytes = make_stream(&cases[0]);
            unsigned char *at = memmem(bytes.data, bytes.size, parts[part], strlen(parts[part]));
            assert_non_null(at);
            memcpy(at + 1, others[i], 3);
            write_file(bytes.data, bytes.size);
            assert_int_equal(consume(STREAM_VECTORS, &rows, &error), STATUS_INPUT);
            assert_non_null(strstr(error.text, "byte 0: the lineage has an"));
            free(bytes.data);
        }
    }
}

static void test_digest_joined(void **state)
{
    (void)state;
    struct digest whole = {0}, first = {0}, second = {0};
    digest_update(&whole, "123456789", 9);
    digest_update(&first, "1234", 4);
    digest_update(&second, "56789", 5);
    struct digest joined = digest_joined(first, second);
    assert_int_equal(whole.crc32, 0xcbf43926); /* the check value of this CRC */
    assert_int_equal(joined.crc32, whole.crc32);
    assert_int_equal(joined.size, 9);
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_changed_anywhere),
        cmocka_unit_test(test_bytes_after_the_end),
        cmocka_unit_test(test_other_kind),
        cmocka_unit_test(test_end_record_bytes),
        cmocka_unit_test(test_header_bytes),
        cmocka_unit_test(test_lineage_travels),
        cmocka_unit_test(test_tree_travels),
        cmocka_unit_test(test_samples_load),
        cmocka_unit_test(test_samples_load_no_rows),
        cmocka_unit_test(test_samples_load_refuses_nan),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_slow_pipe),
        cmocka_unit_test(test_writer_limits),
        cmocka_unit_test(test_compatible),
        cmocka_unit_test(test_what_sets_vectors_apart),
        cmocka_unit_test(test_lineage_is_text),
        cmocka_unit_test(test_digest_joined),
    };
    return cmocka_run_group_tests_name("stream", tests, make_path, remove_path);
}
