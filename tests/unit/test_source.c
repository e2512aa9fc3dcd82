/* Sources: plain, gzip and zip, from files and pipes, whole and damaged; chunks of lines. */
#define _GNU_SOURCE
#include "input/source.h"

#include "base/random.h"
#include "input/chunks.h"
#include "input/sniff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <minizip/zip.h>
#include <zlib.h>

#include <cmocka.h>

#ifdef HAVE_ISAL
static const char *const inflaters[] = {"zlib", "isal"};
#else
static const char *const inflaters[] = {"zlib"};
#endif
enum { INFLATERS = sizeof inflaters / sizeof *inflaters };

/* ---- files ---- */

struct bytes {
    unsigned char *data;
    size_t size;
};

static char path[] = "/tmp/glovepipe-test-XXXXXX";

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

static void write_file(struct bytes bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

static struct bytes read_file(void)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct bytes bytes = {malloc(1 << 22), 0};
    bytes.size = fread(bytes.data, 1, 1 << 22, file);
    assert_true(bytes.size < 1 << 22);
    fclose(file);
    return bytes;
}

/* Text that deflates to blocks of all kinds, some of it not at all. */
static struct bytes some_text(uint64_t seed, size_t size)
{
    struct random random = random_keyed(seed, 0);
    struct bytes bytes = {malloc(size + 1), size};
    uint32_t spread = 1 + random_below(&random, 256);
    for (size_t i = 0; i < size; i++)
        bytes.data[i] = (unsigned char)(i % 60 == 59 ? '\n' : 'a' + random_below(&random, spread));
    return bytes;
}

/* Appends a gzip member (or raw deflate data) of `text`. */
static void append_deflated(struct bytes *to, struct bytes text, int level, int window)
{
    z_stream stream = {0};
    size_t room = compressBound(text.size) + 64;
    to->data = realloc(to->data, to->size + room);
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = text.data;
    stream.avail_in = (unsigned)text.size;
    stream.next_out = to->data + to->size;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    to->size += room - stream.avail_out;
    deflateEnd(&stream);
}

enum { GZIP_WINDOW = MAX_WBITS + 16 };

/* ---- reading it all ---- */

struct outcome {
    struct bytes bytes;
    struct error error; /* status DONE: read to its verified end */
};

static struct outcome read_source(const char *name, const char *member, size_t step)
{
    struct outcome outcome = {{malloc(1 << 22), 0}, {0}};
    struct source *source = source_open(name, member, &outcome.error);
    size_t got = step;
    bool good = source != NULL;
    while (good && got == step) {
        good = source_read(source, outcome.bytes.data + outcome.bytes.size, step, &got,
                           &outcome.error);
        outcome.bytes.size += good ? got : 0;
    }
    uLong crc = crc32_z(0, outcome.bytes.data, outcome.bytes.size);
    if (good && source_verify(source, (uint32_t)crc, &outcome.error))
        assert_int_equal(outcome.error.status, STATUS_DONE);
    source_close(source);
    return outcome;
}

static void assert_reads(const char *name, const char *member, struct bytes wanted, size_t step)
{
    for (int i = 0; i < INFLATERS; i++) {
        setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
        struct outcome outcome = read_source(name, member, step);
        if (outcome.error.status != STATUS_DONE)
            fail_msg("%s: %s", inflaters[i], outcome.error.text);
        assert_int_equal(outcome.bytes.size, wanted.size);
        assert_memory_equal(outcome.bytes.data, wanted.data, wanted.size);
        free(outcome.bytes.data);
    }
}

static void assert_fails(const char *member, enum status status, const char *part)
{
    for (int i = 0; i < INFLATERS; i++) {
        setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
        struct outcome outcome = read_source(path, member, 4096);
        if (outcome.error.status != status || !strstr(outcome.error.text, part))
            fail_msg("status %d, expected %d with '%s': %s", outcome.error.status, status, part,
                     outcome.error.text);
        free(outcome.bytes.data);
    }
}

/* Hands the file to a source through a pipe, `step` bytes at a time. */
static void assert_reads_piped(struct bytes file, struct bytes wanted, size_t step)
{
    for (int i = 0; i < INFLATERS; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            for (size_t at = 0; at < file.size; at += step)
                if (write(ends[1], file.data + at, file.size - at < step ? file.size - at : step) <
                    0)
                    _exit(1);
            _exit(0);
        }
        close(ends[1]);
        char name[64];
        snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
        setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
        struct outcome outcome = read_source(name, NULL, 1000);
        close(ends[0]);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_string_equal(outcome.error.text, "");
        assert_int_equal(outcome.bytes.size, wanted.size);
        assert_memory_equal(outcome.bytes.data, wanted.data, wanted.size);
        free(outcome.bytes.data);
    }
}

/* ---- plain and gzip ---- */

static void test_plain(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 3, 4, 1000, 600000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes text = some_text(i, sizes[i]);
        write_file(text);
        assert_reads(path, NULL, text, 7 + 1000 * i);
        assert_reads_piped(text, text, 999);
        free(text.data);
    }
}

static void test_gzip(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 65536, 700000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int level = 0; level < 10; level += 3) {
            struct bytes text = some_text(i, sizes[i]), file = {0};
            append_deflated(&file, text, level, GZIP_WINDOW);
            write_file(file);
            assert_reads(path, NULL, text, 1 + 997 * i);
            assert_reads(path, NULL, text, 262144);
            if (level == 6)
                assert_reads_piped(file, text, 501);
            free(text.data);
            free(file.data);
        }
    }
}

/* Members of many sizes: the deflate data ends at any bit, and the next header at any byte. */
static void test_gzip_members(void **state)
{
    (void)state;
    struct bytes text = {calloc(1, 1), 0}, file = {0};
    for (uint64_t i = 0; i < 400; i++) {
        struct bytes part = some_text(i, (size_t)(i * 7 % 500));
        append_deflated(&file, part, (int)(i % 10), GZIP_WINDOW);
        text.data = realloc(text.data, text.size + part.size + 1);
        memcpy(text.data + text.size, part.data, part.size);
        text.size += part.size;
        free(part.data);
    }
    write_file(file);
    assert_reads(path, NULL, text, 1000);
    assert_reads(path, NULL, text, 262144);
    assert_reads_piped(file, text, 13);
    /* Zeros behind the last member are none of its business, anything else is. */
    file.data = realloc(file.data, file.size + 512);
    memset(file.data + file.size, 0, 512);
    file.size += 512;
    write_file(file);
    assert_reads(path, NULL, text, 1000);
    file.data[file.size - 100] = 'x';
    write_file(file);
    assert_fails(NULL, STATUS_INPUT, "no gzip data any more");
    free(text.data);
    free(file.data);
}

static void test_gzip_header_fields(void **state)
{
    (void)state;
    struct bytes text = some_text(1, 500), raw = {0}, file = {malloc(4096), 0};
    append_deflated(&raw, text, 6, -MAX_WBITS);
    /* Extra field of 5 bytes, name, comment, CRC-16 of the header (which is passed over). */
    static const unsigned char header[] = {0x1f, 0x8b, 8, 0x1e, 1,   2, 3, 4, 0,
                                           3,    5,    0, 9,    8,   7, 6, 5, 'a',
                                           '.',  't',  0, 'h',  'i', 0, 1, 2};
    memcpy(file.data, header, sizeof header);
    memcpy(file.data + sizeof header, raw.data, raw.size);
    file.size = sizeof header + raw.size;
    uint32_t crc = (uint32_t)crc32_z(0, text.data, text.size);
    for (int i = 0; i < 4; i++) {
        file.data[file.size + (size_t)i] = (unsigned char)(crc >> 8 * i);
        file.data[file.size + 4 + (size_t)i] = (unsigned char)(text.size >> 8 * i);
    }
    file.size += 8;
    write_file(file);
    assert_reads(path, NULL, text, 100);
    file.data[3] |= 0x40;
    write_file(file);
    assert_fails(NULL, STATUS_INPUT, "no gzip data");
    free(text.data);
    free(raw.data);
    free(file.data);
}

static void test_gzip_cut_anywhere(void **state)
{
    (void)state;
    struct bytes text = some_text(5, 400), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    size_t first = file.size;
    append_deflated(&file, text, 6, GZIP_WINDOW);
    for (size_t size = 2; size < file.size; size++) {
        if (size == first)
            continue;
        write_file((struct bytes){file.data, size});
        assert_fails(NULL, STATUS_CUT, "ends early");
    }
    free(text.data);
    free(file.data);
}

/* With any one byte changed it is refused, or the byte did not matter. */
static void test_gzip_damaged_anywhere(void **state)
{
    (void)state;
    struct bytes text = some_text(6, 400), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    for (size_t at = 2; at < file.size; at++) {
        file.data[at] ^= (unsigned char)(1 + at % 255);
        write_file(file);
        for (int i = 0; i < INFLATERS; i++) {
            setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
            struct outcome outcome = read_source(path, NULL, 128);
            if (outcome.error.status == STATUS_DONE) {
                assert_in_range(at, 4, 9); /* time, flags and system in the header */
                assert_int_equal(outcome.bytes.size, text.size);
                assert_memory_equal(outcome.bytes.data, text.data, text.size);
            } else {
                assert_in_range(outcome.error.status, STATUS_INPUT, STATUS_CUT);
            }
            free(outcome.bytes.data);
        }
        file.data[at] ^= (unsigned char)(1 + at % 255);
    }
    free(text.data);
    free(file.data);
}

/* ---- zip ---- */

static void add_member(zipFile zip, const char *name, struct bytes bytes, int method, int zip64)
{
    zip_fileinfo info = {0};
    assert_int_equal(
        zipOpenNewFileInZip64(zip, name, &info, NULL, 0, NULL, 0, NULL, method, 6, zip64), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(zip, bytes.data, (unsigned)bytes.size), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
}

static void write_zip(struct bytes first, struct bytes second, int zip64)
{
    struct bytes none = {NULL, 0};
    zipFile zip = zipOpen64(path, APPEND_STATUS_CREATE);
    assert_non_null(zip);
    add_member(zip, "folder/", none, 0, 0);
    add_member(zip, "folder/first.txt", first, Z_DEFLATED, zip64);
    add_member(zip, "__MACOSX/folder/first.txt", none, 0, 0);
    if (second.data)
        add_member(zip, "second.txt", second, 0, zip64);
    assert_int_equal(zipClose(zip, "a comment"), ZIP_OK);
}

static void test_zip_members(void **state)
{
    (void)state;
    struct bytes first = some_text(7, 300000), second = some_text(8, 1000), none = {NULL, 0};
    for (int zip64 = 0; zip64 < 2; zip64++) {
        write_zip(first, none, zip64);
        assert_reads(path, NULL, first, 100000);
        struct bytes file = read_file();
        assert_reads_piped(file, first, 4096);
        free(file.data);
        write_zip(first, second, zip64);
        assert_reads(path, "folder/first.txt", first, 1 << 20);
        assert_reads(path, "second.txt", second, 1000);
        assert_fails(NULL, STATUS_USAGE,
                     "2 files: pick one with --member: folder/first.txt, second.txt");
        assert_fails("third.txt", STATUS_USAGE, "it holds folder/first.txt, second.txt");
        assert_fails("folder/", STATUS_USAGE, "no member");
    }
    write_file(second);
    assert_fails("second.txt", STATUS_USAGE, "no zip");
    free(first.data);
    free(second.data);
}

static bool collect_member(void *context, const char *name, uint64_t size, struct error *error)
{
    (void)error;
    sprintf((char *)context + strlen(context), "%s %d\n", name, (int)size);
    return true;
}

static void test_zip_list(void **state)
{
    (void)state;
    char list[256] = "";
    struct error error = {0};
    struct bytes first = some_text(7, 3000), second = some_text(8, 10);
    write_zip(first, second, 0);
    assert_true(source_members(path, collect_member, list, &error));
    assert_string_equal(list, "folder/first.txt 3000\nsecond.txt 10\n");
    write_file(second);
    assert_false(source_members(path, collect_member, list, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    free(first.data);
    free(second.data);
}

/* Where `sign` stands in the file, from its end. */
static unsigned char *find_last(struct bytes file, const char *sign)
{
    for (size_t at = file.size - 4; at > 0; at--)
        if (memcmp(file.data + at, sign, 4) == 0)
            return file.data + at;
    fail_msg("no such record in the zip");
    return NULL;
}

/* Writes the file with one byte of its last directory entry changed. */
static void write_changed(struct bytes file, size_t offset, unsigned char value)
{
    unsigned char *entry = find_last(file, "PK\1\2"), old = entry[offset];
    entry[offset] = value;
    write_file(file);
    entry[offset] = old;
}

static void test_zip_that_cannot_be_read(void **state)
{
    (void)state;
    struct bytes text = some_text(9, 5000), none = {NULL, 0};
    zipFile zip = zipOpen64(path, APPEND_STATUS_CREATE);
    add_member(zip, "a.txt", text, Z_DEFLATED, 0);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    struct bytes file = read_file();
    write_changed(file, 8, 1);
    assert_fails(NULL, STATUS_INPUT, "a.txt: is encrypted");
    write_changed(file, 10, 12);
    assert_fails(NULL, STATUS_INPUT, "a.txt: is packed by method 12 (bzip2)");
    write_changed(file, 16, (unsigned char)~find_last(file, "PK\1\2")[16]);
    assert_fails(NULL, STATUS_INPUT, "another CRC-32");
    write_changed(file, 24, 1);
    assert_fails(NULL, STATUS_INPUT, "another size");
    write_changed(file, 42, 1);
    assert_fails(NULL, STATUS_INPUT, "its header in the zip is damaged");
    for (size_t size = 4; size < file.size; size += 1 + size / 10) {
        write_file((struct bytes){file.data, size});
        assert_fails(NULL, STATUS_CUT, "before its directory");
    }
    zip = zipOpen64(path, APPEND_STATUS_CREATE);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    assert_fails(NULL, STATUS_INPUT, "holds no file");
    zip = zipOpen64(path, APPEND_STATUS_CREATE);
    add_member(zip, "folder/", none, 0, 0);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    assert_fails(NULL, STATUS_INPUT, "holds no file");
    free(text.data);
    free(file.data);
}

static void test_what_cannot_be_opened(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(source_open("/nowhere/at/all", NULL, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_null(source_open("/tmp", NULL, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    struct bytes text = some_text(1, 10), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    write_file(file);
    setenv("GLOVEPIPE_INFLATE", "fast", 1);
    assert_null(source_open(path, NULL, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    unsetenv("GLOVEPIPE_INFLATE");
    free(text.data);
    free(file.data);
}

/* ---- chunks ---- */

/* Lines of 0 to 2 x `size` bytes, mostly short; the last may lack its end. */
static struct bytes some_lines(struct random *random, size_t size)
{
    struct bytes bytes = {malloc(64 * size), 0};
    while (bytes.size < 60 * size) {
        size_t length = random_below(random, random_below(random, 20) ? (uint32_t)size / 4
                                                                      : 2 * (uint32_t)size);
        memset(bytes.data + bytes.size, 'a' + (int)random_below(random, 26), length);
        bytes.data[bytes.size + length] = '\n';
        bytes.size += length + 1;
    }
    bytes.size -= random_below(random, 2);
    return bytes;
}

/* The lines that fit a chunk of `size` bytes, each with a '\n'; `*others` counts the rest. */
static struct bytes fitting_lines(struct bytes text, size_t skipped, size_t size, int *others)
{
    struct bytes kept = {malloc(text.size + 1), 0};
    *others = 0;
    for (size_t at = skipped; at < text.size;) {
        const unsigned char *newline = memchr(text.data + at, '\n', text.size - at);
        size_t length = newline ? (size_t)(newline - text.data) - at : text.size - at;
        if (length + 1 > size) {
            ++*others;
        } else {
            memcpy(kept.data + kept.size, text.data + at, length);
            kept.data[kept.size + length] = '\n';
            kept.size += length + 1;
        }
        at += length + 1;
    }
    return kept;
}

static void assert_chunks(struct bytes text, size_t peeked, size_t skipped, size_t size)
{
    struct error error = {0};
    struct chunks chunks;
    struct chunk chunk;
    struct bytes lines = {malloc(text.size + 1), 0};
    size_t fresh = peeked < text.size ? peeked : text.size;
    int others = 0, expected_others;
    write_file(text);
    struct source *source = source_open(path, NULL, &error);
    assert_true(chunks_open(&chunks, source, &error) && chunk_init(&chunk, CHUNKS_LARGE));
    assert_true(chunks_peek(&chunks, peeked, &error));
    assert_int_equal(chunks.held_size, fresh);
    chunks_start(&chunks, skipped, size);
    while (chunks_read(&chunks, &chunk, &error) == CHUNKS_CHUNK) {
        assert_true(chunk.filled <= size);
        assert_memory_equal(chunk.bytes + chunk.fresh, text.data + fresh,
                            chunk.filled - chunk.fresh);
        fresh += chunk.filled - chunk.fresh;
        others += chunk.long_line;
        assert_memory_equal(chunk.bytes + chunk.filled, "\n\n\n\n", 4);
        size_t count = chunk.end - chunk.begin;
        memcpy(lines.data + lines.size, chunk.bytes + chunk.begin, count);
        lines.size += count;
        if (count && chunk.bytes[chunk.end - 1] != '\n')
            lines.data[lines.size++] = '\n';
    }
    assert_string_equal(error.text, "");
    assert_int_equal(fresh, text.size);
    struct bytes expected = fitting_lines(text, skipped, size, &expected_others);
    assert_int_equal(lines.size, expected.size);
    assert_memory_equal(lines.data, expected.data, expected.size);
    assert_int_equal(others, expected_others);
    chunks_close(&chunks);
    chunk_free(&chunk);
    source_close(source);
    free(lines.data);
    free(expected.data);
}

static void test_chunks_hold_all_lines(void **state)
{
    (void)state;
    struct random random = random_keyed(10, 0);
    for (int round = 0; round < 300; round++) {
        size_t size = 8 + random_below(&random, 200);
        struct bytes text = some_lines(&random, size);
        size_t peeked = random_below(&random, 3) * size;
        size_t skipped = 0;
        if (peeked && random_below(&random, 2)) {
            unsigned char *newline = memchr(text.data, '\n', peeked);
            skipped = newline ? (size_t)(newline - text.data) + 1 : 0;
        }
        assert_chunks(text, peeked, skipped, size);
        free(text.data);
    }
    struct bytes none = {malloc(1), 0};
    assert_chunks(none, 0, 0, 100);
    assert_chunks(none, 100, 0, 100);
    free(none.data);
}

/* ---- what it might be instead ---- */

static void assert_sniffed(const char *head, size_t size, const char *part)
{
    char bytes[512] = {0};
    memcpy(bytes, head, size);
    memset(bytes + size, 'x', sizeof bytes - size);
    const char *what = sniff(bytes, sizeof bytes, false);
    if (!what || !strstr(what, part))
        fail_msg("not taken for '%s' but '%s'", part, what ? what : "text");
}

static void test_sniff(void **state)
{
    (void)state;
    assert_sniffed("\xfd"
                   "7zXZ\0",
                   6, "xz");
    assert_sniffed("\x28\xb5\x2f\xfd", 4, "zstd");
    assert_sniffed("BZh91AY&SY", 10, "bzip2");
    assert_sniffed("3000000 300\n</s> \x7f\0", 19, "word2vec");
    assert_sniffed("\xba\x16\x4f\x2f\x0c", 5, "fastText");
    assert_sniffed("\x86\xa6"
                   "format\xa9"
                   "glovepipe",
                   18, "glovepipe stream");
    assert_sniffed("%PDF-1.4\n", 9, "PDF");
    assert_sniffed("<!DOCTYPE html>", 15, "HTML");
    assert_sniffed("the 0.1\0", 8, "not text");
    assert_null(sniff("the 0.1\n", 8, false));
    assert_null(sniff("<html 0.1 0.2\n", 14, true));
    assert_null(sniff("", 0, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_gzip_members),
        cmocka_unit_test(test_gzip_header_fields),
        cmocka_unit_test(test_gzip_cut_anywhere),
        cmocka_unit_test(test_gzip_damaged_anywhere),
        cmocka_unit_test(test_zip_members),
        cmocka_unit_test(test_zip_list),
        cmocka_unit_test(test_zip_that_cannot_be_read),
        cmocka_unit_test(test_what_cannot_be_opened),
        cmocka_unit_test(test_chunks_hold_all_lines),
        cmocka_unit_test(test_sniff),
    };
    return cmocka_run_group_tests_name("source", tests, make_path, remove_path);
}
