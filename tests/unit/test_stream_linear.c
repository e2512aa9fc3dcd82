/*
 * The linear stream: what is written can be read, a cut at any byte is a cut, a change of any byte
 * is damage, and what contradicts itself is refused.
 */
#define _GNU_SOURCE /* memmem */
#include "run/evidence.h"
#include "stream/numbers.h"
#include "stream/show.h"

#include <unistd.h>

#include "streams.h"

/* ---- two labels, three documents, counts and a view in two blocks ---- */

static struct stream_part parts[] = {{{"bayes", 5}, 2, NULL},
                                     {{"word", 4}, 3, (float[]){-0.5f, 0.25f}}};
static const uint64_t hashes[] = {7, UINT64_C(0x123456789abcdef0), UINT64_C(0x123456789abcdef0)};
static const float scores[] = {1, -1, 0.5f, 0.25f, -2, 3};
static const float weights[] = {1, -1, 0.5f, -2, -0.125f, 4};
static const uint32_t held[] = {1, 2, 3};

static void write_parts(struct stream_writer *writer, struct error *error)
{
    struct text terms[] = {TEXT("net"), TEXT("gr\xc3\xbc\xc3\x9f"), TEXT("oil")};
    assert_true(linear_write_bayes(writer, 2, terms, (uint32_t[]){2, 1}, (uint32_t[]){0, 1, 1},
                                   (uint32_t[]){5, 6, 300}, error));
    assert_true(linear_write_view(writer, 2, 2, terms, held, weights, error));
    assert_true(linear_write_view(writer, 1, 2, terms + 2, held + 2, weights + 4, error));
}

static void write_whole(struct stream_writer *writer, struct error *error)
{
    write_parts(writer, error);
    assert_true(linear_write_documents(writer, 3, 2, hashes, (uint32_t[]){1, 0, 1},
                                       (uint32_t[]){1, 2, 1}, scores, error));
}

static const struct kind_case whole = {{.kind = STREAM_LINEAR,
                                        .samples = 4,
                                        .scored = 3,
                                        .class_count = 2,
                                        .classes = classes,
                                        .part_count = 2,
                                        .parts = parts},
                                       write_whole,
                                       8};

/* ---- there and back ---- */

static void test_header_travels(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_header header;
    free(make_stream(&whole).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_any_header(reader, &header, &error));
    assert_int_equal(header.kind, STREAM_LINEAR);
    assert_int_equal(header.samples, 4);
    assert_int_equal(header.scored, 3);
    assert_int_equal(header.part_count, 2);
    assert_int_equal(linear_views(&header), 1);
    assert_int_equal(linear_rows(&header), 8);
    assert_true(text_equal(header.parts[0].name, TEXT("bayes")));
    assert_true(linear_is_bayes(&header.parts[0]));
    assert_true(text_equal(header.parts[1].name, TEXT("word")));
    assert_int_equal(header.parts[1].terms, 3);
    assert_memory_equal(header.parts[1].intercepts, parts[1].intercepts, 2 * sizeof(float));
    stream_header_free(&header);
    stream_close(reader);
}

static void assert_numbers(struct column column, const uint32_t *wanted, size_t count)
{
    assert_int_equal(column.size, count * sizeof *wanted);
    for (size_t i = 0; i < count; i++)
        assert_int_equal((uint32_t)numbers_int32(column.bytes, i), wanted[i]);
}

static void assert_floats(struct column column, const float *wanted, size_t count)
{
    assert_int_equal(column.size, count * sizeof *wanted);
    for (size_t i = 0; i < count; i++)
        assert_true(numbers_float32(column.bytes, i) == wanted[i]);
}

static void test_blocks_travel(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct linear_block block;
    free(make_stream(&whole).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_header(reader, STREAM_LINEAR, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_true(linear_decode(&header, &record, &block, &error));
    assert_ptr_equal(block.part, &header.parts[0]);
    const unsigned char *at = block.terms.names;
    assert_int_equal(block.terms.count, 2);
    assert_true(text_equal(stream_list_next(&at), TEXT("net")));
    assert_true(text_equal(stream_list_next(&at), TEXT("gr\xc3\xbc\xc3\x9f")));
    assert_ptr_equal(at, block.terms.names + block.terms.size);
    assert_numbers(block.pairs, (uint32_t[]){2, 1}, 2);
    assert_numbers(block.labels, (uint32_t[]){0, 1, 1}, 3);
    assert_numbers(block.counts, (uint32_t[]){5, 6, 300}, 3);
    for (uint64_t first = 0; first <= 2; first += 2) {
        assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
        assert_true(linear_decode(&header, &record, &block, &error));
        assert_ptr_equal(block.part, &header.parts[1]);
        assert_int_equal(block.first, first);
        const size_t rows = first ? 1 : 2;
        assert_int_equal(block.rows, rows);
        assert_numbers(block.documents, held + first, rows);
        assert_floats(block.weights, weights + 2 * first, 2 * rows);
    }
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_true(linear_decode(&header, &record, &block, &error));
    assert_null(block.part);
    assert_int_equal(block.rows, 3);
    assert_memory_equal(block.hashes.bytes, "\7\0\0\0\0\0\0\0\xf0\xde\xbc\x9a\x78\x56\x34\x12", 16);
    assert_numbers(block.copies, (uint32_t[]){1, 2, 1}, 3);
    assert_numbers(block.labels, (uint32_t[]){1, 0, 1}, 3);
    assert_floats(block.scores, scores, 6);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_END);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
}

static void test_without_scores(void **state)
{
    (void)state;
    struct error error = {0};
    struct kind_case stripped = whole;
    uint64_t rows;
    stripped.header.scored = 0;
    stripped.write = write_parts;
    free(make_stream(&stripped).data);
    assert_int_equal(consume(STREAM_LINEAR, &rows, &error), STATUS_DONE);
    assert_int_equal(rows, 5);
}

/* ---- damage ---- */

static void test_cut_anywhere(void **state)
{
    (void)state;
    struct bytes bytes = make_stream(&whole);
    for (size_t size = 0; size < bytes.size; size++) {
        struct error error = {0};
        uint64_t rows;
        file_write(test_path, bytes.data, size);
        assert_int_equal(consume(STREAM_LINEAR, &rows, &error), STATUS_CUT);
        assert_non_null(strstr(error.text, "upstream ended early"));
    }
    free(bytes.data);
}

static void test_changed_anywhere(void **state)
{
    (void)state;
    static const unsigned char changes[] = {0x01, 0x02, 0x04, 0x07, 0x08,
                                            0x10, 0x20, 0x40, 0x80, 0xff};
    struct bytes bytes = make_stream(&whole);
    for (size_t at = 0; at < bytes.size; at++)
        for (size_t c = 0; c < sizeof changes; c++) {
            struct error error = {0};
            uint64_t rows;
            bytes.data[at] ^= changes[c];
            file_write(test_path, bytes.data, bytes.size);
            bytes.data[at] ^= changes[c];
            assert_int_equal(consume(STREAM_LINEAR, &rows, &error), STATUS_INPUT);
            assert_non_null(strstr(error.text, "byte "));
        }
    free(bytes.data);
}

/* Changes `count` bytes behind a key and says what a reader makes of it. */
static void assert_refused(const char *key, size_t behind, const char *change, size_t count,
                           const char *sentence)
{
    struct error error = {0};
    uint64_t rows;
    struct bytes bytes = make_stream(&whole);
    unsigned char *at = memmem(bytes.data, bytes.size, key, strlen(key));
    assert_non_null(at);
    memcpy(at + strlen(key) + behind, change, count);
    file_write(test_path, bytes.data, bytes.size);
    assert_int_equal(consume(STREAM_LINEAR, &rows, &error), STATUS_INPUT);
    if (!strstr(error.text, sentence))
        fail_msg("no '%s' in: %s", sentence, error.text);
    free(bytes.data);
}

/* Behind a key stand two bytes of a bin's type and length, then its numbers. */
static void test_contradictions(void **state)
{
    (void)state;
    assert_refused("pairs", 2, "\0\0\0\0\3", 5, "term 1 has no label");
    assert_refused("pairs", 2, "\3", 1, "column labels has 12 bytes, not 16");
    assert_refused("pairs", 2, "\xfe\xff\xff\xff", 4, "column labels has 12 bytes");
    assert_refused("pairs", 2, "\xff\xff\xff\xff\4", 5, "the block has 4294967299 pairs");
    assert_refused("counts", 2, "\0", 1, "counts of term 1 are out of order");
    assert_refused("labels", 2, "\1", 1, "counts of term 1 are out of order");
    assert_refused("labels", 2 + 8, "\2", 1, "label 3 is class 2 of 2");
    assert_refused("documents", 2, "\0", 1, "0 of 4 documents hold term 1");
    assert_refused("documents", 2 + 4, "\5", 1, "5 of 4 documents hold term 2");
    assert_refused("weights", 2 + 2, "\x80\x7f", 2, "column weights is not finite");
    assert_refused("scores", 2 + 2, "\xc0\x7f", 2, "column scores is not finite");
    assert_refused("intercepts", 2 + 2, "\xc0\x7f", 2, "part 2 of the header is none");
    assert_refused("scored", 0, "\5", 1, "the header's scored, 5, is not from 0 to 4");
    assert_refused("copies", 2 + 4, "\0", 1, "document 2 is out of order");
    assert_refused("hashes", 2, "\0\0\0\0\0\0\0\x13", 8, "document 2 is out of order");
    assert_refused("hashes", 2 + 16, "\xef", 1, "document 3 is out of order");
    assert_refused("samples", 0, "\2", 1, "the header's scored, 3, is not from 0 to 2");
    assert_refused("terms", 0, "\1", 1, "the block goes beyond its part");
    assert_refused("intercept", 0, "z", 1, "the block has no column pairs");
    assert_refused("part", 0, "z", 1, "the header has no list of parts");
}

static void write_documents(struct stream_writer *writer, const uint32_t labels[2])
{
    struct error error = {0};
    write_parts(writer, &error);
    for (int i = 0; i < 2; i++)
        assert_true(linear_write_documents(writer, 1, 2, hashes, labels + i, (uint32_t[]){1},
                                           scores, &error));
}

static void write_two_labels(struct stream_writer *writer, struct error *error)
{
    (void)error;
    write_documents(writer, (uint32_t[]){0, 1});
}

static void write_one_label_twice(struct stream_writer *writer, struct error *error)
{
    (void)error;
    write_documents(writer, (uint32_t[]){1, 1});
}

static void assert_evidence(struct kind_case *documents, int status)
{
    struct error error = {0};
    struct evidence evidence;
    free(make_stream(documents).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_int_equal(evidence_load(&evidence, reader, &error), status == STATUS_DONE);
    assert_int_equal(error.status, status);
    stream_close(reader);
    if (status == STATUS_DONE)
        evidence_free(&evidence);
}

/* A document's own counts would be taken away twice. */
static void test_documents_across_blocks(void **state)
{
    (void)state;
    struct kind_case documents = whole;
    documents.header.scored = 2;
    documents.write = write_two_labels;
    assert_evidence(&documents, STATUS_DONE);
    documents.write = write_one_label_twice;
    assert_evidence(&documents, STATUS_INPUT);
}

/* ---- as text ---- */

static void test_speakers(void **state)
{
    (void)state;
    struct stream_part part = {{"word", 4}, 3, (float[]){0, 0}};
    struct stream_header header = {
        .class_count = 2, .classes = classes, .part_count = 1, .parts = &part};
    float room[6];
    static const char names[] = "\xa3net\xa5grows\xa3oil";
    const struct stream_list terms = {(const unsigned char *)names, sizeof names - 1, 3};
    numbers_copy(room, weights, 6, sizeof *room);
    struct column column = {(const unsigned char *)room, sizeof room};
    struct linear_block block = {.part = &part, .rows = 3, .terms = terms, .weights = column};
    static const char *const wanted[] = {
        "",
        "word\tearn\tfor\tnet\t1\nword\tearn\tagainst\toil\t-0.125\n"
        "word\ttr\xc3\xa4ge\tfor\toil\t4\nword\ttr\xc3\xa4ge\tagainst\tgrows\t-2\n",
        "word\tearn\tfor\tnet\t1\nword\tearn\tfor\tgrows\t0.5\nword\tearn\tagainst\toil\t-0.125\n"
        "word\ttr\xc3\xa4ge\tfor\toil\t4\nword\ttr\xc3\xa4ge\tagainst\tgrows\t-2\n"
        "word\ttr\xc3\xa4ge\tagainst\tnet\t-1\n"};
    for (size_t most = 0; most < 3; most++) {
        struct speakers speakers = {0};
        struct buffer text = {0};
        struct error error = {0};
        assert_true(show_linear(&speakers, &header, &block, most, &text, &error));
        assert_int_equal(text.size, strlen(wanted[most]));
        assert_memory_equal(text.bytes ? text.bytes : "", wanted[most], text.size);
        buffer_free(&text);
        speakers_free(&speakers, 2);
    }
}

static void test_block_terms(void **state)
{
    (void)state;
    struct text *terms = calloc(1 << 17, sizeof *terms);
    assert_int_equal(linear_block_terms(terms, 5, 8), 5);
    assert_int_equal(linear_block_terms(terms, 1 << 17, 8), 1 << 15);
    assert_int_equal(linear_block_terms(terms, 1 << 17, 0), STREAM_MAX_ROWS);
    for (int i = 0; i < 100; i++)
        terms[i].size = 1 << 16;
    assert_int_equal(linear_block_terms(terms, 1 << 17, 8), 16);
    free(terms);
}

/* ---- terms as they lie ---- */

/* Bytes in the list, and no list. */
static void test_terms_that_are_none(void **state)
{
    (void)state;
    assert_refused("terms\x92", 0, "\xc4\2", 2, "column terms, row 1 is not a UTF-8 string");
    assert_refused("terms\x92\xa3net", 0, "\xc4\x05", 2, "column terms, row 2 is not a UTF-8");
    assert_refused("\x85\xa1n\2\xa5", 0, "z", 1, "the block has no column terms");
}

/* ---- bytes that stay ---- */

static enum status load(struct stream_reader *reader, struct error *error)
{
    struct evidence evidence;
    if (!evidence_load(&evidence, reader, error))
        return error->status;
    const struct evidence_part *view = &evidence.parts[1];
    float last;
    memcpy(&last, (const char *)view->scorer.blocks[1].weights + sizeof last, sizeof last);
    assert_true(last == 4);
    assert_true(text_equal(words_text(&evidence.parts[0].terms, 0), TEXT("net")));
    assert_int_equal(words_find(&view->terms, TEXT("oil")), 2);
    assert_int_equal(evidence.parts[0].bayes.count[2], 300);
    assert_int_equal(evidence.trained, 3);
    evidence_free(&evidence);
    return STATUS_DONE;
}

/* As a file, and as a pipe, in which nothing stays. */
static void test_loaded(void **state)
{
    (void)state;
    struct error error = {0};
    struct bytes bytes = make_stream(&whole);
    int ends[2];
    char name[32];
    for (size_t size = 0; size <= bytes.size; size++) {
        const enum status wanted = size < bytes.size ? STATUS_CUT : STATUS_DONE;
        file_write(test_path, bytes.data, size);
        struct stream_reader *file = stream_open(test_path, &error);
        assert_int_equal(load(file, &error), wanted);
        stream_close(file);
        assert_int_equal(pipe(ends), 0);
        snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
        assert_int_equal(write(ends[1], bytes.data, size), size);
        struct stream_reader *piped = stream_open(name, &error);
        close(ends[0]);
        close(ends[1]);
        assert_int_equal(load(piped, &error), wanted);
        stream_close(piped);
    }
    free(bytes.data);
}

static void append(const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(test_path, "ab");
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* What a file has gained since its size was asked for is read as well. */
static void test_file_that_grows(void **state)
{
    (void)state;
    struct bytes bytes = make_stream(&whole);
    for (size_t size = 1; size <= bytes.size; size++) {
        struct error error = {0};
        struct stream_header header;
        struct stream_record records[4] = {{0}};
        struct linear_block block;
        struct pool pool = {0};
        file_write(test_path, bytes.data, size);
        struct stream_reader *reader = stream_open(test_path, &error);
        const bool is_told = stream_file_size(reader) == size; /* some file systems don't */
        stream_keep(reader, &pool);
        append(bytes.data + size, bytes.size - size);
        assert_true(stream_read_header(reader, STREAM_LINEAR, &header, &error));
        for (int i = 0; i < 4; i++) {
            assert_int_equal(stream_next(reader, &records[i], &error), STREAM_BLOCK);
            assert_true(linear_decode(&header, &records[i], &block, &error));
            bool within = records[i].offset + records[i].size <= size;
            assert_true(!is_told || records[i].stays == within);
        }
        assert_memory_equal(records[0].bytes, bytes.data + records[0].offset, records[0].size);
        assert_int_equal(stream_next(reader, &records[0], &error), STREAM_END);
        for (int i = 0; i < 4; i++)
            stream_record_free(&records[i]);
        stream_header_free(&header);
        stream_close(reader);
        pool_free(&pool);
    }
    free(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_travels),
        cmocka_unit_test(test_blocks_travel),
        cmocka_unit_test(test_without_scores),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_changed_anywhere),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_documents_across_blocks),
        cmocka_unit_test(test_speakers),
        cmocka_unit_test(test_block_terms),
        cmocka_unit_test(test_terms_that_are_none),
        cmocka_unit_test(test_loaded),
        cmocka_unit_test(test_file_that_grows),
    };
    return RUN_TESTS_WITH_FILE("stream_linear", tests);
}
