/* Reading documents: lines, chunks, columns, and what is refused. */
#define _GNU_SOURCE
#include "text/documents.h"

#include <pthread.h>
#include <sys/stat.h>
#include <zlib.h>

#include "helpers.h"

static const struct documents_columns labelled = {1, 0}, unlabelled = {0, 0};

/* ---- files ---- */

static void make_file(char path[TEST_PATH_SIZE], const char *bytes, size_t size)
{
    file_make(path);
    file_write(path, bytes, size);
}

static struct documents *open_one(char *path)
{
    struct error error = {0};
    static char *paths[1];
    paths[0] = path;
    struct documents *documents = documents_open(paths, 1, &error);
    assert_non_null(documents);
    return documents;
}

/* ---- rows ---- */

/* All rows of `text` as "line:label=text", joined by '|'; on failure the error's sentence. */
static void read_rows(const char *text, size_t size, struct documents_columns columns, char *joined,
                      size_t joined_size)
{
    char path[TEST_PATH_SIZE];
    struct error error = {0};
    make_file(path, text, size);
    struct documents *documents = open_one(path);
    struct documents_chunk chunk = {0};
    joined[0] = '\0';
    assert_true(documents_read(documents, SIZE_MAX, &chunk, &error));
    struct documents_cursor cursor = documents_cursor(&chunk);
    size_t used = 0;
    for (size_t row = 0; row < chunk.rows; row++) {
        struct documents_row document;
        if (!documents_row(&cursor, &columns, &document, &error)) {
            assert_int_equal(error.status, STATUS_INPUT);
            assert_memory_equal(error.text, path, strlen(path));
            snprintf(joined, joined_size, "%s", error.text + strlen(path));
            break;
        }
        used +=
            (size_t)snprintf(joined + used, joined_size - used, "%s%llu:%.*s=%.*s", used ? "|" : "",
                             (unsigned long long)cursor.line, (int)document.label.size,
                             document.label.data, (int)document.text_size, document.text);
        assert_true(used < joined_size);
    }
    documents_chunk_free(&chunk);
    documents_close(documents);
    unlink(path);
}

static void assert_rows(const char *text, struct documents_columns columns, const char *expected)
{
    char joined[1024];
    read_rows(text, strlen(text), columns, joined, sizeof joined);
    assert_string_equal(joined, expected);
}

static void test_labels_and_texts(void **state)
{
    (void)state;
    assert_rows("", labelled, "");
    assert_rows("earn\tnet up\nacq\tbuys\n", labelled, "1:earn=net up|2:acq=buys");
    assert_rows("earn\tnet up\nacq\tbuys", labelled, "1:earn=net up|2:acq=buys");
    assert_rows("earn\ta\tb\n\ta\nearn\t\n", labelled, "1:earn=a\tb|2:=a|3:earn=");
    /* Only '\n' ends a line. */
    assert_rows("a\tx\ry\vz\r\nb\tx\xc2\x85y\xe2\x80\xa8z\n", labelled,
                "1:a=x\ry\vz\r|2:b=x\xc2\x85y\xe2\x80\xa8z");
}

static void test_texts_alone(void **state)
{
    (void)state;
    assert_rows("net\tup\n\n buys \n", unlabelled, "1:=net\tup|2:=|3:= buys ");
}

static void test_columns(void **state)
{
    (void)state;
    const struct documents_columns swapped = {2, 1}, far = {1, 3}, third = {0, 3};
    assert_rows("net up\tearn\nbuys\tacq\textra\n", swapped, "1:earn=net up|2:acq=buys");
    assert_rows("earn\t7\tnet\t8\n", far, "1:earn=net");
    assert_rows("earn\t7\tnet", third, "1:=net");
    /* The carriage return of a DOS file is no part of a label at its line's end. */
    assert_rows("net\tearn\r\nbuys\tacq\r", swapped, "1:earn=net|2:acq=buys");
}

static void test_invalid_utf8_is_dropped(void **state)
{
    (void)state;
    /* Python: b'...'.decode('utf-8', 'ignore'). */
    assert_rows("e\xff"
                "arn\tn\xc3\xa4t\xc3 u\xe2\x82p\xed\xa0\x80\xf4\x90\x80\x80!\xe2\n",
                labelled, "1:earn=n\xc3\xa4t up!");
}

static void test_byte_order_mark_is_passed_over(void **state)
{
    (void)state;
    assert_rows("\xef\xbb\xbf"
                "earn\tnet\n\xef\xbb\xbf"
                "acq\tbuys\n",
                labelled,
                "1:earn=net|2:\xef\xbb\xbf"
                "acq=buys");
    assert_rows("\xef\xbb\xbf", unlabelled, "");
    assert_rows("\xef\xbb", unlabelled, "1:=");
}

static void test_utf16_is_refused(void **state)
{
    (void)state;
    static const char *const marks[] = {"\xff\xfe", "\xfe\xff"};
    for (size_t i = 0; i < 2; i++) {
        char path[TEST_PATH_SIZE];
        struct error error = {0};
        struct documents_chunk chunk = {0};
        make_file(path, marks[i], 2);
        struct documents *documents = open_one(path);
        assert_false(documents_read(documents, SIZE_MAX, &chunk, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        assert_string_equal(error.text + strlen(path), ": is UTF-16 text: turn it into UTF-8, "
                                                       "with iconv -f UTF-16 -t UTF-8");
        documents_chunk_free(&chunk);
        documents_close(documents);
        unlink(path);
    }
}

static void test_refused_lines(void **state)
{
    (void)state;
    const struct documents_columns third = {1, 3};
    assert_rows("a\tb\nno tab\n", labelled,
                ":2: no TAB between a label and a text: use --no-label if lines are text alone");
    assert_rows("a\tb\n\na\tb\n", labelled, ":2: the line is empty, and has no label: take it out");
    assert_rows("a\tb\r\n\r\n", labelled, ":2: the line is empty, and has no label: take it out");
    assert_rows("a\tb\n", third, ":1: no column 3: the line has 2, separated by TABs");
}

static void test_label_that_is_too_long(void **state)
{
    (void)state;
    char joined[1024];
    char *line = malloc(DOCUMENTS_LABEL + 8);
    assert_non_null(line);
    memset(line, 'x', DOCUMENTS_LABEL + 8);
    line[DOCUMENTS_LABEL + 1] = '\t';
    read_rows(line, DOCUMENTS_LABEL + 8, labelled, joined, sizeof joined);
    assert_string_equal(joined, ":1: the label is longer than 1 MiB: is this the right column?");
    free(line);
}

/* ---- chunks ---- */

/* The sizes and rows of a file's chunks, as "size/rows@line " each. */
static void list_chunks(char *path, size_t most_rows, char *list, size_t list_size,
                        const char *expected, size_t expected_size)
{
    struct error error = {0};
    struct documents *documents = open_one(path);
    struct documents_chunk chunk = {0};
    size_t used = 0, read = 0;
    list[0] = '\0';
    for (;;) {
        assert_true(documents_read(documents, most_rows, &chunk, &error));
        if (!chunk.size)
            break;
        assert_true(read + chunk.size <= expected_size);
        assert_memory_equal(chunk.bytes, expected + read, chunk.size);
        read += chunk.size;
        used += (size_t)snprintf(list + used, list_size - used, "%zu/%zu@%llu ", chunk.size,
                                 chunk.rows, (unsigned long long)chunk.line);
        assert_true(used < list_size);
    }
    assert_int_equal(read, expected_size);
    struct digest digest = documents_digest(documents);
    assert_int_equal(digest.size, expected_size);
    assert_int_equal(digest.crc32, crc32_z(0, (const unsigned char *)expected, expected_size));
    documents_chunk_free(&chunk);
    documents_close(documents);
}

/* `lines` lines of `size` bytes, their '\n' included. */
static char *make_lines(size_t lines, size_t size)
{
    char *text = malloc(lines * size);
    assert_non_null(text);
    memset(text, 'x', lines * size);
    for (size_t i = 1; i <= lines; i++)
        text[i * size - 1] = '\n';
    return text;
}

static void assert_chunks(const char *text, size_t size, size_t most_rows, const char *expected)
{
    char path[TEST_PATH_SIZE], list[1024];
    make_file(path, text, size);
    list_chunks(path, most_rows, list, sizeof list, text, size);
    assert_string_equal(list, expected);
    unlink(path);
}

static void test_chunks_hold_whole_lines(void **state)
{
    (void)state;
    /* 262 lines of 1000 bytes fit in 262,144; 800 lines are three such chunks and 14 lines. */
    char *text = make_lines(800, 1000);
    assert_chunks(text, 800 * 1000, SIZE_MAX,
                  "262000/262@1 262000/262@263 262000/262@525 14000/14@787 ");
    assert_chunks(text, 800 * 1000 - 1, SIZE_MAX,
                  "262000/262@1 262000/262@263 262000/262@525 13999/14@787 ");
    assert_chunks(text, 800 * 1000, 300,
                  "262000/262@1 262000/262@263 262000/262@525 14000/14@787 ");
    assert_chunks(text, 800 * 1000, 250,
                  "250000/250@1 250000/250@251 250000/250@501 50000/50@751 ");
    free(text);
    /* Exactly full. */
    text = make_lines(1024, 512);
    assert_chunks(text, 1024 * 512, SIZE_MAX, "262144/512@1 262144/512@513 ");
    free(text);
}

/* A long line is a chunk of its own, wherever it stands. */
static void test_long_lines(void **state)
{
    (void)state;
    enum { LONG = 3000000, SIZE = LONG + 2000 };
    char *text = make_lines(1, SIZE);
    text[999] = '\n';             /* 1000 bytes, */
    text[1000 + LONG - 1] = '\n'; /* the long line, and 1000 bytes */
    assert_chunks(text, SIZE, SIZE_MAX, "1000/1@1 3000000/1@2 1000/1@3 ");
    assert_chunks(text, 1000 + LONG - 1, SIZE_MAX, "1000/1@1 2999999/1@2 ");
    free(text);
}

struct dripping {
    const char *path, *text;
    size_t size;
};

/* Writes to a FIFO in pieces of odd sizes. */
static void *drip(void *argument)
{
    const struct dripping *dripping = argument;
    FILE *file = fopen(dripping->path, "w");
    assert_non_null(file);
    setbuf(file, NULL);
    size_t step = 1;
    for (size_t at = 0; at < dripping->size; at += step) {
        step = step * 7 % 65537;
        size_t left = dripping->size - at;
        fwrite(dripping->text + at, 1, step < left ? step : left, file);
    }
    fclose(file);
    return NULL;
}

static void test_chunks_do_not_depend_on_the_pipe(void **state)
{
    (void)state;
    char path[TEST_PATH_SIZE], list[1024];
    file_make(path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    char *text = make_lines(800, 1000);
    struct dripping dripping = {path, text, 800 * 1000};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, drip, &dripping), 0);
    list_chunks(path, SIZE_MAX, list, sizeof list, text, 800 * 1000);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(list, "262000/262@1 262000/262@263 262000/262@525 14000/14@787 ");
    free(text);
    unlink(path);
}

static void test_files_are_not_joined(void **state)
{
    (void)state;
    char first[TEST_PATH_SIZE], empty[TEST_PATH_SIZE], last[TEST_PATH_SIZE];
    struct error error = {0};
    make_file(first, "a\tone", 5);
    make_file(empty, "", 0);
    make_file(last, "b\ttwo\nc\tthree\n", 14);
    char *paths[] = {first, empty, last};
    struct documents *documents = documents_open(paths, 3, &error);
    assert_non_null(documents);
    struct documents_chunk chunk = {0};
    assert_true(documents_read(documents, SIZE_MAX, &chunk, &error));
    assert_string_equal(chunk.name, first);
    assert_int_equal(chunk.size, 5);
    assert_true(documents_read(documents, SIZE_MAX, &chunk, &error));
    assert_string_equal(chunk.name, last);
    assert_int_equal(chunk.rows, 2);
    assert_int_equal(chunk.line, 1);
    assert_true(documents_read(documents, SIZE_MAX, &chunk, &error));
    assert_int_equal(chunk.size, 0);
    assert_true(documents_read(documents, SIZE_MAX, &chunk, &error));
    assert_int_equal(chunk.size, 0);
    assert_int_equal(documents_digest(documents).size, 19);
    documents_chunk_free(&chunk);
    documents_close(documents);
    for (size_t i = 0; i < 3; i++)
        unlink(paths[i]);
}

static void test_unreadable_files(void **state)
{
    (void)state;
    struct error error = {0};
    char *absent[] = {"-", "/nowhere/train.txt"}, *folder[] = {"/tmp"};
    assert_null(documents_open(absent, 2, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_string_equal(error.text, "/nowhere/train.txt: can't open: No such file or directory");
    assert_null(documents_open(folder, 1, &error));
    assert_int_equal(error.status, STATUS_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_and_texts),
        cmocka_unit_test(test_texts_alone),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_invalid_utf8_is_dropped),
        cmocka_unit_test(test_byte_order_mark_is_passed_over),
        cmocka_unit_test(test_utf16_is_refused),
        cmocka_unit_test(test_refused_lines),
        cmocka_unit_test(test_label_that_is_too_long),
        cmocka_unit_test(test_chunks_hold_whole_lines),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_chunks_do_not_depend_on_the_pipe),
        cmocka_unit_test(test_files_are_not_joined),
        cmocka_unit_test(test_unreadable_files),
    };
    return RUN_TESTS("documents", tests);
}
