/*
 * helpers: what unit tests share: cmocka with what it needs before it, a temporary file, bytes
 * from and to files, all levels of the machine.
 *
 * A test program includes it last, after the headers under test, and brings its tests with
 * RUN_TESTS. Whatever fails in here fails the test that called. Bytes lie in memory of exactly
 * their size, so that a sanitizer sees who reads beyond them.
 */
#ifndef TESTS_UNIT_HELPERS_H
#define TESTS_UNIT_HELPERS_H

#include "base/cpu.h"
#include "base/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* The text of a string literal, which may hold '\0'. */
#define TEXT(literal) ((struct text){literal, sizeof(literal) - 1})

/* ---- running ---- */

/* `return RUN_TESTS("words", tests);` at the end of main: `tests` is an array of them. */
#define RUN_TESTS(name, tests) cmocka_run_group_tests_name(name, tests, NULL, NULL)
/* The same with `test_path`, an empty file that is there from the first test to the last. */
#define RUN_TESTS_WITH_FILE(name, tests)                                                           \
    cmocka_run_group_tests_name(name, tests, test_path_make, test_path_remove)

/* A loop over the levels of kernels that this machine has, the portable one first. */
#define EACH_LEVEL(level)                                                                          \
    for (enum cpu_level level = CPU_PORTABLE; level <= cpu_level(); level = level + 1)

/* ---- files ---- */

enum { TEST_PATH_SIZE = sizeof "/tmp/glovepipe-test.XXXXXX" };

/* Makes an empty file with a name of its own; who wants it unlinks it. */
static inline void file_make(char path[TEST_PATH_SIZE])
{
    memcpy(path, "/tmp/glovepipe-test.XXXXXX", TEST_PATH_SIZE);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
}

static char test_path[TEST_PATH_SIZE];

static inline int test_path_make(void **state)
{
    (void)state;
    file_make(test_path);
    return 0;
}

static inline int test_path_remove(void **state)
{
    (void)state;
    return unlink(test_path);
}

/* Bytes on the heap; whoever got them frees `data`. */
struct bytes {
    unsigned char *data;
    size_t size;
};

static inline struct bytes bytes_copy(const void *data, size_t size)
{
    struct bytes bytes = {malloc(size ? size : 1), size};
    assert_non_null(bytes.data);
    if (size)
        memcpy(bytes.data, data, size);
    return bytes;
}

/*
 * Makes `path` hold these bytes alone. It is shortened behind them and not emptied before: what was
 * emptied ext4 writes to the disk when it is closed.
 */
static inline void file_write(const char *path, const void *data, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT, 0666);
    assert_true(file >= 0);
    assert_int_equal(write(file, data, size), size);
    assert_int_equal(ftruncate(file, (off_t)size), 0);
    assert_int_equal(close(file), 0);
}

/* All that `path` holds. */
static inline struct bytes file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    struct bytes bytes = {malloc(size ? (size_t)size : 1), (size_t)size};
    assert_non_null(bytes.data);
    assert_int_equal(fread(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

/* The same as a string, to be freed. */
static inline char *file_text(const char *path)
{
    struct bytes bytes = file_read(path);
    char *text = realloc(bytes.data, bytes.size + 1);
    assert_non_null(text);
    text[bytes.size] = '\0';
    return text;
}

static inline void assert_file(const char *path, const char *expected)
{
    char *text = file_text(path);
    assert_string_equal(text, expected);
    free(text);
}

/* The CRC-32 of zlib, bit by bit: what the fast ones are held to. */
static inline uint32_t slow_crc(const unsigned char *data, size_t size)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

#endif
