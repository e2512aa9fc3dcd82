/*
 * packing: texts, and what gzip and zip programs make of them. Include it behind helpers.h.
 */
#ifndef TESTS_UNIT_PACKING_H
#define TESTS_UNIT_PACKING_H

#include "base/random.h"

#include <minizip/zip.h>
#include <zlib.h>

enum { GZIP_WINDOW = MAX_WBITS + 16, BARE_WINDOW = -MAX_WBITS };

#ifdef HAVE_ISAL
static const char *const inflaters[] = {"zlib", "isal"};
#else
static const char *const inflaters[] = {"zlib"};
#endif

/* A loop over what this build inflates with, each set in the environment. */
#define EACH_INFLATER(i)                                                                           \
    for (size_t i = 0; i < LENGTH(inflaters) && !setenv("GLOVEPIPE_INFLATE", inflaters[i], 1); i++)

/* Text that deflates to blocks of all kinds, some of it not at all. */
static inline struct bytes some_text(uint64_t seed, size_t size)
{
    struct random random = random_keyed(seed, 0);
    struct bytes bytes = {malloc(size + 1), size};
    assert_non_null(bytes.data);
    uint32_t spread = 1 + random_below(&random, 256);
    for (size_t i = 0; i < size; i++)
        bytes.data[i] = (unsigned char)(i % 60 == 59 ? '\n' : 'a' + random_below(&random, spread));
    return bytes;
}

/* Appends a gzip member (or bare deflate data) of `text`. */
static inline void append_deflated(struct bytes *to, struct bytes text, int level, int window)
{
    z_stream stream = {0};
    size_t room = compressBound(text.size) + 64;
    to->data = realloc(to->data, to->size + room);
    assert_non_null(to->data);
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = text.data;
    stream.avail_in = (unsigned)text.size;
    stream.next_out = to->data + to->size;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    to->size += room - stream.avail_out;
    deflateEnd(&stream);
}

static inline void write_gzip(const char *path, const void *data, size_t size)
{
    struct bytes text = {(unsigned char *)(uintptr_t)data, size}, file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    file_write(path, file.data, file.size);
    free(file.data);
}

static inline void add_member(zipFile zip, const char *name, struct bytes bytes, int method,
                              int zip64)
{
    zip_fileinfo info = {0};
    assert_int_equal(
        zipOpenNewFileInZip64(zip, name, &info, NULL, 0, NULL, 0, NULL, method, 6, zip64), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(zip, bytes.data, (unsigned)bytes.size), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
}

#endif
