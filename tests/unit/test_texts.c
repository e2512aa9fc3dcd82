/* Texts: files one after the other, plain and packed; chunks, lines' numbers, what is refused. */
#define _GNU_SOURCE
#include "input/texts.h"

#include "helpers.h"
#include "packing.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

static struct texts *open_one(char *path)
{
    struct error error = {0};
    static char *paths[1];
    paths[0] = path;
    struct texts *texts = texts_open(paths, 1, &texts_documents, &error);
    assert_non_null(texts);
    return texts;
}

/* ---- chunks ---- */

/* The sizes and rows of a file's chunks, as "size/rows@line " each. */
static void list_chunks_of(struct texts *texts, char *path, size_t most_rows, char *list,
                           size_t list_size, const char *expected, size_t expected_size)
{
    struct error error = {0};
    struct texts_chunk chunk = {0};
    size_t used = 0, read = 0;
    list[0] = '\0';
    for (;;) {
        if (!texts_read(texts, most_rows, &chunk, &error))
            fail_msg("%s", error.text);
        if (!chunk.size)
            break;
        assert_true(read + chunk.size <= expected_size);
        assert_memory_equal(chunk.bytes, expected + read, chunk.size);
        assert_string_equal(chunk.name, path);
        read += chunk.size;
        used += (size_t)snprintf(list + used, list_size - used, "%zu/%zu@%llu ", chunk.size,
                                 chunk.rows, (unsigned long long)chunk.line);
        assert_true(used < list_size);
    }
    assert_int_equal(read, expected_size);
    struct digest digest = texts_digest(texts);
    assert_int_equal(digest.size, expected_size);
    assert_int_equal(digest.crc32, slow_crc((const unsigned char *)expected, expected_size));
    texts_chunk_free(&chunk);
    texts_close(texts);
}

static void list_chunks(char *path, size_t most_rows, char *list, size_t list_size,
                        const char *expected, size_t expected_size)
{
    list_chunks_of(open_one(path), path, most_rows, list, list_size, expected, expected_size);
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

/* Plain and gzipped: chunks and digest are those of the text. */
static void assert_chunks(const char *text, size_t size, size_t most_rows, const char *expected)
{
    char list[1024];
    file_write(test_path, text, size);
    list_chunks(test_path, most_rows, list, sizeof list, text, size);
    assert_string_equal(list, expected);
    write_gzip(test_path, text, size);
    list_chunks(test_path, most_rows, list, sizeof list, text, size);
    assert_string_equal(list, expected);
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
    assert_chunks(text, SIZE - 1, SIZE_MAX, "1000/1@1 3000000/1@2 999/1@3 ");
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

/* ---- files ---- */

static void test_files_that_are_read_live_are_cut_as_ever(void **state)
{
    (void)state;
    char *text = make_lines(800, 1000), list[1024];
    for (int packed = 0; packed < 2; packed++) {
        (packed ? write_gzip : file_write)(test_path, text, 800 * 1000 - 1);
        struct texts *texts = open_one(test_path);
        texts_live(texts);
        list_chunks_of(texts, test_path, 300, list, sizeof list, text, 800 * 1000 - 1);
        assert_string_equal(list, "262000/262@1 262000/262@263 262000/262@525 13999/14@787 ");
    }
    free(text);
}

static void assert_next(struct texts *texts, struct texts_chunk *chunk, const char *name,
                        const char *bytes)
{
    struct error error = {0};
    if (!texts_read(texts, SIZE_MAX, chunk, &error))
        fail_msg("%s", error.text);
    assert_int_equal(chunk->size, strlen(bytes));
    assert_memory_equal(chunk->bytes, bytes, chunk->size);
    if (*bytes) {
        assert_string_equal(chunk->name, name);
        assert_int_equal(chunk->line, 1);
    }
}

/* Plain, empty, gzipped and zipped; each with its last line alone, and a mark passed over. */
static void test_files_are_not_joined(void **state)
{
    (void)state;
    char files[4][TEST_PATH_SIZE], *paths[4];
    struct error error = {0};
    for (size_t i = 0; i < 4; i++) {
        file_make(files[i]);
        paths[i] = files[i];
    }
    file_write(files[0], "a\tone", 5);
    write_gzip(files[2],
               "\xef\xbb\xbf"
               "b\ttwo\nc\tthree\n",
               17);
    struct bytes last = bytes_copy("d\tfour", 6);
    zipFile zip = zipOpen64(files[3], APPEND_STATUS_CREATE);
    add_member(zip, "docs.txt", last, Z_DEFLATED, 0);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    struct texts *texts = texts_open(paths, 4, &texts_documents, &error);
    assert_non_null(texts);
    struct texts_chunk chunk = {0};
    assert_next(texts, &chunk, files[0], "a\tone");
    assert_next(texts, &chunk, files[2], "b\ttwo\nc\tthree\n");
    assert_int_equal(chunk.rows, 2);
    assert_next(texts, &chunk, files[3], "d\tfour");
    assert_next(texts, &chunk, NULL, "");
    assert_next(texts, &chunk, NULL, "");
    static const char all[] = "a\tone\xef\xbb\xbf"
                              "b\ttwo\nc\tthree\nd\tfour";
    assert_int_equal(texts_digest(texts).size, sizeof all - 1);
    assert_int_equal(texts_digest(texts).crc32,
                     slow_crc((const unsigned char *)all, sizeof all - 1));
    texts_chunk_free(&chunk);
    texts_close(texts);
    free(last.data);
    for (size_t i = 0; i < 4; i++)
        unlink(files[i]);
}

/* What `size` bytes are read as, in one chunk. */
static void assert_read_as(const char *bytes, size_t size, const char *expected, size_t rows)
{
    file_write(test_path, bytes, size);
    struct texts *texts = open_one(test_path);
    struct texts_chunk chunk = {0};
    assert_next(texts, &chunk, test_path, expected);
    assert_int_equal(chunk.rows, rows);
    texts_chunk_free(&chunk);
    texts_close(texts);
}

static void test_a_mark_is_passed_over_where_a_file_begins(void **state)
{
    (void)state;
    assert_read_as("\xef\xbb\xbf"
                   "a\n\xef\xbb\xbf"
                   "b\n",
                   10,
                   "a\n\xef\xbb\xbf"
                   "b\n",
                   2);
    assert_read_as("\xef\xbb\xbf", 3, "", 0);
    assert_read_as("\xef\xbb", 2, "\xef\xbb", 1);
    assert_read_as("", 0, "", 0);
    assert_read_as("\n", 1, "\n", 1);
}

/* ---- what is refused ---- */

/* Reads the file to its end, or an error. */
static struct error read_all(const struct texts_kind *kind)
{
    struct error error = {0};
    char *paths[] = {test_path};
    struct texts *texts = texts_open(paths, 1, kind, &error);
    struct texts_chunk chunk = {0};
    assert_non_null(texts);
    while (texts_read(texts, SIZE_MAX, &chunk, &error) && chunk.size)
        continue;
    texts_chunk_free(&chunk);
    texts_close(texts);
    return error;
}

static void assert_refused(const struct texts_kind *kind, enum status status, const char *expected)
{
    struct error error = read_all(kind);
    assert_int_equal(error.status, status);
    assert_memory_equal(error.text, test_path, strlen(test_path));
    assert_string_equal(error.text + strlen(test_path), expected);
}

static void test_what_is_no_text(void **state)
{
    (void)state;
    static const char wide[] = "\xff\xfe"
                               "a\0\n",
                      stream[] = "\x85\xa6"
                                 "format\xa9"
                                 "glovepipe\xa7version\1";
    file_write(test_path, wide, sizeof wide);
    assert_refused(&texts_documents, STATUS_INPUT,
                   ": is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t UTF-8");
    file_write(test_path, stream, sizeof stream);
    assert_refused(&texts_words, STATUS_INPUT,
                   ": is a glovepipe stream, not text: mp-cat prints it");
    struct bytes one = bytes_copy("a\tb\n", 4);
    zipFile zip = zipOpen64(test_path, APPEND_STATUS_CREATE);
    add_member(zip, "a.txt", one, 0, 0);
    add_member(zip, "b.txt", one, 0, 0);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    assert_refused(&texts_documents, STATUS_USAGE,
                   ": the zip holds 2 files: unzip one of them first, with unzip FILE MEMBER: "
                   "a.txt, b.txt");
    free(one.data);
}

/* The CRC-32 and the size on record are compared, here too. */
static void test_packed_texts_are_verified(void **state)
{
    (void)state;
    struct bytes text = bytes_copy("a\tb\n", 4), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    file.data[file.size - 8] ^= 1;
    file_write(test_path, file.data, file.size);
    struct error error = read_all(&texts_documents);
    assert_int_equal(error.status, STATUS_INPUT);
    assert_non_null(strstr(error.text, "another CRC-32"));
    file_write(test_path, file.data, file.size - 9);
    assert_int_equal(read_all(&texts_documents).status, STATUS_CUT);
    free(text.data);
    free(file.data);
}

/* 2 MiB with its end, after a line: it is read; a byte more: it is refused, by its number. */
static void test_lines_that_are_too_long(void **state)
{
    (void)state;
    enum { MOST = 2 << 20 };
    char *text = make_lines(1, MOST + 100);
    text[8] = text[9 + MOST - 1] = '\n';
    file_write(test_path, text, MOST + 100);
    assert_string_equal(read_all(&texts_words).text, "");
    text[9 + MOST - 1] = 'x';
    text[9 + MOST] = '\n';
    file_write(test_path, text, MOST + 100);
    assert_refused(&texts_words, STATUS_INPUT,
                   ":2: the line is longer than 2 MiB: is this a list of words, one a line?");
    assert_string_equal(read_all(&texts_documents).text, "");
    /* It is told when it is clear, not at its end. */
    memset(text, 'x', MOST + 100);
    file_write(test_path, text, MOST + 100);
    assert_refused(&texts_words, STATUS_INPUT,
                   ":1: the line is longer than 2 MiB: is this a list of words, one a line?");
    free(text);
}

static void test_unreadable_files(void **state)
{
    (void)state;
    struct error error = {0};
    char *absent[] = {"-", "/nowhere/train.txt"}, *folder[] = {"/tmp"};
    assert_null(texts_open(absent, 2, &texts_documents, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_string_equal(error.text, "/nowhere/train.txt: can't open: No such file or directory");
    assert_null(texts_open(folder, 1, &texts_documents, &error));
    assert_int_equal(error.status, STATUS_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_hold_whole_lines),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_chunks_do_not_depend_on_the_pipe),
        cmocka_unit_test(test_files_that_are_read_live_are_cut_as_ever),
        cmocka_unit_test(test_files_are_not_joined),
        cmocka_unit_test(test_a_mark_is_passed_over_where_a_file_begins),
        cmocka_unit_test(test_what_is_no_text),
        cmocka_unit_test(test_packed_texts_are_verified),
        cmocka_unit_test(test_lines_that_are_too_long),
        cmocka_unit_test(test_unreadable_files),
    };
    return RUN_TESTS_WITH_FILE("texts", tests);
}
