/* Inflating ahead: begins of blocks, guesses made certain, and sources that are read with help. */
#define _GNU_SOURCE
#include "input/ahead.h"

#include "base/random.h"
#include "input/begin.h"
#include "input/source.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

enum {
    TEXT_SIZE = 2 << 20,
    MOST_BEGINS = 4096,
    STRETCH = 64 * 1024, /* small, so that a small file has many */
    GZIP_WINDOW = MAX_WBITS + 16
};

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

/* Lines of a word and its numbers. */
static struct bytes some_lines(uint64_t seed, size_t size)
{
    struct random random = random_keyed(seed, 0);
    struct bytes bytes = {malloc(size + 64), 0};
    while (bytes.size < size) {
        bytes.size += (size_t)sprintf((char *)bytes.data + bytes.size, "w%x",
                                      (unsigned)random_below(&random, 1 << 20));
        for (int i = 0; i < 20 && bytes.size < size; i++)
            bytes.size += (size_t)sprintf((char *)bytes.data + bytes.size, " %.4f",
                                          ((double)random_below(&random, 20000) - 10000) / 10000);
        bytes.data[bytes.size++] = '\n';
    }
    bytes.size = size;
    return bytes;
}

static void append_deflated(struct bytes *to, struct bytes text, int level, int window,
                            int strategy)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, window, 8, strategy), Z_OK);
    size_t room = deflateBound(&stream, text.size) + 64;
    to->data = realloc(to->data, to->size + room);
    stream.next_in = text.data;
    stream.avail_in = (unsigned)text.size;
    stream.next_out = to->data + to->size;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    to->size += room - stream.avail_out;
    deflateEnd(&stream);
}

/* ---- begins ---- */

struct begins {
    uint64_t bit[MOST_BEGINS];
    size_t out[MOST_BEGINS]; /* bytes of the text before */
    size_t count;
};

/* All begins of blocks behind the first that have their own codes and are not the last. */
static struct begins *true_begins(struct bytes raw, struct bytes text)
{
    struct begins *begins = calloc(1, sizeof *begins);
    unsigned char *out = malloc(text.size);
    z_stream stream = {.next_in = raw.data,
                       .avail_in = (unsigned)raw.size,
                       .next_out = out,
                       .avail_out = (unsigned)text.size};
    assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
    while (inflate(&stream, Z_BLOCK) == Z_OK) {
        uint64_t bit = 8 * (uint64_t)(stream.next_in - raw.data) - (stream.data_type & 7);
        unsigned next = raw.data[bit / 8] | (unsigned)raw.data[bit / 8 + 1] << 8;
        if (!(stream.data_type & 128) || (next >> bit % 8 & 7) != 4)
            continue;
        assert_true(begins->count < MOST_BEGINS);
        begins->bit[begins->count] = bit;
        begins->out[begins->count++] = text.size - stream.avail_out;
    }
    inflateEnd(&stream);
    free(out);
    return begins;
}

static void test_begins(void **state)
{
    (void)state;
    struct bytes text = some_lines(1, TEXT_SIZE);
    for (int level = 1; level < 10; level += 4) {
        struct bytes raw = {0};
        append_deflated(&raw, text, level, -MAX_WBITS, Z_DEFAULT_STRATEGY);
        struct begins *begins = true_begins(raw, text);
        assert_true(begins->count > 20);
        uint64_t from = 1, found;
        raw.data = realloc(raw.data, raw.size + BEGIN_PADDING);
        for (size_t i = 0; i < begins->count; i++, from = found + 1) {
            assert_true(begin_find(raw.data, raw.size, from, &found));
            assert_int_equal(found, begins->bit[i]);
        }
        assert_false(begin_find(raw.data, raw.size, from, &found));
        /* A header that is cut is none. */
        uint64_t last = begins->bit[begins->count - 1];
        assert_false(begin_find(raw.data, last / 8 + 20, last, &found));
        free(begins);
        free(raw.data);
    }
    free(text.data);
}

static void test_no_begins(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    struct random random = random_keyed(2, 0);
    unsigned char *bytes = calloc(1, SIZE + BEGIN_PADDING);
    uint64_t found;
    assert_false(begin_find(bytes, 0, 0, &found));
    assert_false(begin_find(bytes, SIZE, 0, &found));
    for (int i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)random_below(&random, 256);
    assert_false(begin_find(bytes, SIZE, 0, &found));
    memset(bytes, 0xff, SIZE);
    assert_false(begin_find(bytes, SIZE, 0, &found));
    memset(bytes, 0x24, SIZE);
    assert_false(begin_find(bytes, SIZE, 0, &found));
    free(bytes);
}

/* ---- guesses ---- */

static struct inflater *new_inflater(int i)
{
    struct error error = {0};
    setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
    struct inflater *inflater = inflater_new(&error);
    assert_non_null(inflater);
    return inflater;
}

/* Each byte of the window, and each certain one, at any place: on every level the same. */
static void test_marks(void **state)
{
    (void)state;
    enum { SIZE = 100003 };
    static unsigned char windows[2][INFLATE_WINDOW], window[INFLATE_WINDOW];
    static unsigned char a[SIZE], b[SIZE], wanted[SIZE], got[SIZE];
    static struct marks marks;
    struct random random = random_keyed(12, 0);
    marks_make_up(windows[0], windows[1]);
    for (int i = 0; i < INFLATE_WINDOW; i++)
        window[i] = (unsigned char)random_below(&random, 256);
    for (int i = 0; i < SIZE; i++) {
        uint32_t p = i < INFLATE_WINDOW ? (uint32_t)i : random_below(&random, 2 * INFLATE_WINDOW);
        bool certain = p >= INFLATE_WINDOW;
        a[i] = certain ? (unsigned char)p : windows[0][p];
        b[i] = certain ? (unsigned char)p : windows[1][p];
        wanted[i] = certain ? (unsigned char)p : window[p];
    }
    marks_learn(&marks, window);
    for (enum cpu_level level = CPU_PORTABLE; level <= cpu_level(); level++) {
        memset(got, 0, SIZE);
        marks_kernel_of(level)(&marks, a, b, got, SIZE);
        assert_memory_equal(got, wanted, SIZE);
        marks_kernel_of(level)(&marks, a + 1, b + 1, got, 77);
        assert_memory_equal(got, wanted + 1, 77);
        assert_int_equal(got[77], wanted[77]);
    }
}

/* From each begin to the one `blocks` later; the rest through the settled inflater. */
static void assert_guesses(struct stretch *stretch, const struct begins *begins, size_t blocks,
                           struct bytes raw, struct bytes text)
{
    unsigned char *a = malloc(text.size), *b = malloc(text.size), *rest = malloc(text.size);
    static struct marks marks;
    for (size_t i = 1; i + blocks < begins->count; i += 11) {
        size_t begin = begins->out[i], size = begins->out[i + blocks] - begin;
        uint64_t end = begins->bit[i + blocks];
        stretch_start(stretch, begins->bit[i]);
        size_t got = stretch_guess(stretch, (end + 7) / 8, end, a, b, size / 2);
        assert_int_equal(got, size / 2);
        got += stretch_guess(stretch, (end + 7) / 8, end, a + got, b + got, text.size - got);
        assert_int_equal(stretch->state, STRETCH_WHOLE);
        assert_int_equal(got, size);
        marks_learn(&marks, text.data + begin - INFLATE_WINDOW);
        marks_kernel_of(cpu_level())(&marks, a, b, a, size);
        assert_memory_equal(a, text.data + begin, size);
        assert_true(stretch_settle(stretch, &marks));
        uint64_t at = stretch_position(stretch);
        assert_int_equal(at, (end + 7) / 8);
        struct inflate_window window = {
            .next = raw.data + at, .available = raw.size - at, .to = rest, .room = text.size};
        while (stretch->inflater->run(stretch->inflater, &window) == INFLATE_MORE)
            assert_true(window.room);
        assert_int_equal(text.size - window.room, text.size - begin - size);
        assert_memory_equal(rest, text.data + begin + size, text.size - begin - size);
    }
    free(a);
    free(b);
    free(rest);
}

static void test_guesses(void **state)
{
    (void)state;
    struct bytes text = some_lines(3, TEXT_SIZE), raw = {0};
    append_deflated(&raw, text, 6, -MAX_WBITS, Z_DEFAULT_STRATEGY);
    struct begins *begins = true_begins(raw, text);
    write_file(raw);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct packed packed = {.fd = fileno(file), .size = raw.size};
    for (int i = 0; i < INFLATERS; i++) {
        struct inflater *kind = new_inflater(i);
        struct stretch stretch;
        assert_true(stretch_init(&stretch, &packed, kind));
        assert_guesses(&stretch, begins, 1, raw, text);
        assert_guesses(&stretch, begins, 9, raw, text);
        stretch_free(&stretch);
        kind->free(kind);
    }
    fclose(file);
    free(begins);
    free(text.data);
    free(raw.data);
}

/* A begin or an end that is none is found out, or at least not taken for one. */
static void test_wrong_guesses(void **state)
{
    (void)state;
    struct bytes text = some_lines(4, TEXT_SIZE / 4), raw = {0};
    unsigned char *a = malloc(text.size), *b = malloc(text.size);
    append_deflated(&raw, text, 6, -MAX_WBITS, Z_DEFAULT_STRATEGY);
    struct begins *begins = true_begins(raw, text);
    write_file(raw);
    FILE *file = fopen(path, "rb");
    struct packed packed = {.fd = fileno(file), .size = raw.size};
    for (int i = 0; i < INFLATERS; i++) {
        struct inflater *kind = new_inflater(i);
        struct stretch stretch;
        assert_true(stretch_init(&stretch, &packed, kind));
        for (int off = -9; off < 10; off++) {
            uint64_t end = begins->bit[4] + (uint64_t)off;
            stretch_start(&stretch, begins->bit[1]);
            stretch_guess(&stretch, (end + 7) / 8, end, a, b, text.size);
            assert_int_equal(stretch.state, off ? STRETCH_FAILED : STRETCH_WHOLE);
        }
        stretch_start(&stretch, begins->bit[begins->count - 1]);
        stretch_guess(&stretch, raw.size, UINT64_MAX, a, b, text.size);
        assert_int_equal(stretch.state, STRETCH_FAILED);
        stretch_free(&stretch);
        kind->free(kind);
    }
    fclose(file);
    free(begins);
    free(a);
    free(b);
    free(text.data);
    free(raw.data);
}

/* ---- sources ---- */

struct outcome {
    struct bytes bytes;
    struct error error; /* status DONE: read to its verified end */
    int helped;         /* how often there was something to do */
};

struct helpers {
    struct source *source;
    atomic_bool done;
    atomic_int helped;
};

static void *helper_main(void *argument)
{
    struct helpers *helpers = argument;
    while (!helpers->done)
        helpers->helped += source_help(helpers->source);
    return NULL;
}

/* Reads with `threads` threads that help, or, for 0, with `help` calls between two reads. */
static struct outcome read_helped(unsigned threads, int help, size_t step)
{
    struct outcome outcome = {{malloc(1 << 25), 0}, {0}, 0};
    struct helpers helpers = {0};
    pthread_t thread[8];
    helpers.source = source_open(path, NULL, &outcome.error);
    bool good = helpers.source;
    if (good)
        source_take_help(helpers.source, threads ? threads : (unsigned)(help != 0), STRETCH);
    for (unsigned i = 0; i < threads && good; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, helper_main, &helpers), 0);
    for (size_t got = step; good && got == step;) {
        for (int i = 0; i < help && !threads; i++)
            helpers.helped += source_help(helpers.source);
        good = source_read(helpers.source, outcome.bytes.data + outcome.bytes.size, step, &got,
                           &outcome.error);
        outcome.bytes.size += good ? got : 0;
    }
    helpers.done = true;
    for (unsigned i = 0; i < threads && helpers.source; i++)
        pthread_join(thread[i], NULL);
    uLong crc = crc32_z(0, outcome.bytes.data, outcome.bytes.size);
    if (good && source_verify(helpers.source, (uint32_t)crc, &outcome.error))
        assert_int_equal(outcome.error.status, STATUS_DONE);
    source_close(helpers.source);
    outcome.helped = helpers.helped;
    return outcome;
}

/* The file is read the same, or refused for the same reason, with help of any kind. */
static int assert_same(size_t step)
{
    static const struct {
        unsigned threads;
        int help;
    } kinds[] = {{0, 1}, {0, 40}, {1, 0}, {7, 0}};
    int helped = 0;
    for (int i = 0; i < INFLATERS; i++) {
        setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
        struct outcome alone = read_helped(0, 0, step);
        assert_int_equal(alone.helped, 0);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            struct outcome outcome = read_helped(kinds[k].threads, kinds[k].help, step);
            assert_string_equal(outcome.error.text, alone.error.text);
            assert_int_equal(outcome.error.status, alone.error.status);
            assert_int_equal(outcome.bytes.size, alone.bytes.size);
            assert_memory_equal(outcome.bytes.data, alone.bytes.data, alone.bytes.size);
            helped += outcome.helped;
            free(outcome.bytes.data);
        }
        free(alone.bytes.data);
    }
    return helped;
}

static void write_zip(struct bytes text)
{
    zip_fileinfo info = {0};
    zipFile zip = zipOpen64(path, APPEND_STATUS_CREATE);
    assert_non_null(zip);
    assert_int_equal(
        zipOpenNewFileInZip(zip, "a.txt", &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(zip, text.data, (unsigned)text.size), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
}

static void test_zip(void **state)
{
    (void)state;
    struct bytes text = some_lines(5, TEXT_SIZE);
    write_zip(text);
    assert_true(assert_same(512 * 1024) > 0);
    assert_true(assert_same(10000) > 0);
    free(text.data);
}

static void test_gzip_members(void **state)
{
    (void)state;
    struct bytes text = some_lines(6, TEXT_SIZE), more = some_lines(7, TEXT_SIZE / 3), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    write_file(file);
    assert_true(assert_same(100000) > 0);
    append_deflated(&file, more, 9, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    append_deflated(&file, more, 1, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    file.data = realloc(file.data, file.size + 100);
    memset(file.data + file.size, 0, 100);
    write_file((struct bytes){file.data, file.size + 100});
    assert_true(assert_same(100000) > 0);
    file.data[file.size + 50] = 'x';
    write_file((struct bytes){file.data, file.size + 100});
    assert_true(assert_same(100000) > 0);
    /* One member is too small for help, and the rest is not asked for it. */
    struct bytes small = {0};
    append_deflated(&small, (struct bytes){text.data, 1000}, 6, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    small.data = realloc(small.data, small.size + file.size);
    memcpy(small.data + small.size, file.data, file.size);
    small.size += file.size;
    write_file(small);
    assert_same(100000);
    free(text.data);
    free(more.data);
    free(file.data);
    free(small.data);
}

/* Blocks that are stored, have the fixed codes, are all zeros, or all of that and lines. */
static void test_blocks_of_all_kinds(void **state)
{
    (void)state;
    struct bytes text = some_lines(8, TEXT_SIZE), mixed = {malloc(TEXT_SIZE * 2), 0}, file = {0};
    struct random random = random_keyed(9, 0);
    append_deflated(&file, text, 0, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    write_file(file);
    assert_same(100000);
    file.size = 0;
    append_deflated(&file, text, 6, GZIP_WINDOW, Z_FIXED);
    write_file(file);
    assert_same(100000);
    while (mixed.size + TEXT_SIZE / 4 < TEXT_SIZE * 2) {
        size_t size = random_below(&random, TEXT_SIZE / 8);
        switch (random_below(&random, 3)) {
        case 0:
            memset(mixed.data + mixed.size, 0, size);
            break;
        case 1:
            memcpy(mixed.data + mixed.size, text.data + mixed.size % 1000, size);
            break;
        default:
            for (size_t i = 0; i < size; i++)
                mixed.data[mixed.size + i] = (unsigned char)random_below(&random, 256);
        }
        mixed.size += size;
    }
    write_zip(mixed);
    assert_true(assert_same(100000) > 0);
    struct bytes zeros = {calloc(1, 1 << 23), 1 << 23};
    file.size = 0;
    append_deflated(&file, text, 6, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    append_deflated(&file, zeros, 6, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    write_file(file);
    assert_same(512 * 1024);
    free(zeros.data);
    free(text.data);
    free(mixed.data);
    free(file.data);
}

static void test_damaged_and_cut(void **state)
{
    (void)state;
    struct bytes text = some_lines(10, TEXT_SIZE), file = {0};
    struct random random = random_keyed(11, 0);
    append_deflated(&file, text, 6, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
    for (int i = 0; i < 6; i++) {
        size_t at = 20 + random_below(&random, (uint32_t)file.size - 20), many = i % 3 ? 1 : 400;
        for (size_t k = at; k < at + many && k < file.size; k++)
            file.data[k] ^= (unsigned char)(1 + random_below(&random, 255));
        write_file(file);
        assert_same(i % 2 ? 100000 : 512 * 1024);
        file.size = 0;
        append_deflated(&file, text, 6, GZIP_WINDOW, Z_DEFAULT_STRATEGY);
        write_file((struct bytes){file.data, at});
        assert_same(100000);
    }
    free(text.data);
    free(file.data);
}

/* Appends what an open stream makes of the text. */
static void append_part(struct bytes *to, z_stream *stream, struct bytes text, int flush)
{
    size_t room = text.size + 1024;
    to->data = realloc(to->data, to->size + room);
    stream->next_in = text.data;
    stream->avail_in = (unsigned)text.size;
    stream->next_out = to->data + to->size;
    stream->avail_out = (unsigned)room;
    assert_true(deflate(stream, flush) >= Z_OK);
    to->size += room - stream->avail_out;
}

/* Bytes that can't be packed, a short block of its own codes, and a last one of one letter. */
static struct bytes three_kinds(struct bytes *text)
{
    enum { STORED = 240000, LINES = 5000, LETTERS = 20000 };
    struct bytes raw = {0}, lines = some_lines(13, LINES);
    struct random random = random_keyed(14, 0);
    *text = (struct bytes){malloc(STORED + LINES + LETTERS), STORED + LINES + LETTERS};
    for (int i = 0; i < STORED; i++)
        text->data[i] = (unsigned char)random_below(&random, 256);
    memcpy(text->data + STORED, lines.data, LINES);
    memset(text->data + STORED + LINES, 'q', LETTERS);
    z_stream plain = {0}, packed = {0};
    deflateInit2(&plain, 0, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    deflateInit2(&packed, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    append_part(&raw, &plain, (struct bytes){text->data, STORED}, Z_FULL_FLUSH);
    append_part(&raw, &packed, (struct bytes){text->data + STORED, LINES}, Z_BLOCK);
    append_part(&raw, &packed, (struct bytes){text->data + STORED + LINES, LETTERS}, Z_FINISH);
    deflateEnd(&plain);
    deflateEnd(&packed);
    free(lines.data);
    return raw;
}

/* A gzip file of the data, which ends `off` bytes behind a full buffer, by the length of a name. */
static struct bytes gzip_that_ends(struct bytes raw, struct bytes text, int off)
{
    enum { BUFFER = 256 * 1024, FIXED = 11, TRAILER = 8 };
    size_t name = (2 * BUFFER + (size_t)off - (raw.size + FIXED) % BUFFER) % BUFFER;
    struct bytes file = {calloc(1, FIXED + name + raw.size + TRAILER), 0};
    memcpy(file.data, "\x1f\x8b\x08\x08\0\0\0\0\0\xff", FIXED - 1);
    memset(file.data + FIXED - 1, 'n', name);
    memcpy(file.data + FIXED + name, raw.data, raw.size);
    file.size = FIXED + name + raw.size;
    uint32_t ends[] = {(uint32_t)crc32_z(0, text.data, text.size), (uint32_t)text.size};
    for (int i = 0; i < TRAILER; i++)
        file.data[file.size++] = (unsigned char)(ends[i / 4] >> 8 * (i % 4));
    return file;
}

/* Reads with all the help there is for stretches of that size. */
static void assert_read_whole(struct bytes text, size_t stretch)
{
    struct error error = {0};
    unsigned char *bytes = malloc(text.size + 1);
    size_t size = 0, step = 4096, got = step;
    struct source *source = source_open(path, NULL, &error);
    assert_non_null(source);
    source_take_help(source, 3, stretch);
    while (got == step) {
        while (source_help(source))
            ;
        if (step > text.size + 1 - size)
            step = text.size + 1 - size;
        if (!source_read(source, bytes + size, step, &got, &error))
            fail_msg("stretches of %zu: %s", stretch, error.text);
        size += got;
    }
    assert_int_equal(size, text.size);
    assert_memory_equal(bytes, text.data, size);
    assert_true(source_verify(source, (uint32_t)crc32_z(0, bytes, size), &error));
    source_close(source);
    free(bytes);
}

/* What an inflater holds of the bytes behind the data is given back, wherever it took over. */
static void test_data_that_ends_right_behind_help(void **state)
{
    (void)state;
    struct bytes text, raw = three_kinds(&text);
    for (int i = 0; i < INFLATERS; i++)
        for (int off = -5; off < 8; off += 2) {
            setenv("GLOVEPIPE_INFLATE", inflaters[i], 1);
            struct bytes file = gzip_that_ends(raw, text, off);
            write_file(file);
            for (size_t stretch = 23000; stretch < 25000; stretch += 100)
                assert_read_whole(text, stretch);
            free(file.data);
        }
    free(raw.data);
    free(text.data);
}

/* ---- a reader that goes on alone ---- */

/* Counts the inflaters that run, and holds the one that makes it so many. */
static atomic_int running, held_at, held;

struct held_inflater {
    struct inflater base, *real;
    bool ran;
};

static enum inflate_result held_run(struct inflater *inflater, struct inflate_window *window)
{
    struct held_inflater *self = (struct held_inflater *)inflater;
    if (!self->ran && ++running == held_at) {
        held = 1;
        while (held)
            usleep(100);
    }
    self->ran = true;
    return self->real->run(self->real, window);
}

static bool held_enter(struct inflater *inflater, unsigned bits, unsigned count,
                       const unsigned char *window)
{
    struct inflater *real = ((struct held_inflater *)inflater)->real;
    return real->enter(real, bits, count, window);
}

/* It never stands where a block begins, as far as it knows. */
static bool never_between(const struct inflater *inflater, unsigned *bits)
{
    (void)inflater;
    *bits = 0;
    return false;
}

static void held_free(struct inflater *inflater)
{
    struct inflater *real = ((struct held_inflater *)inflater)->real;
    real->free(real);
    free(inflater);
}

static struct inflater *held_inflater(void)
{
    struct held_inflater *self = calloc(1, sizeof *self);
    self->real = inflater_zlib();
    self->base = *self->real;
    self->base.run = held_run;
    self->base.enter = held_enter;
    self->base.between = never_between;
    self->base.another = held_inflater;
    self->base.free = held_free;
    return &self->base;
}

static void *help_until_held(void *ahead)
{
    while (!held && ahead_help(ahead))
        ;
    return NULL;
}

/*
 * The reader drops what two helpers did while one is at the third stretch: it must not wait for
 * that one, and what others begin meanwhile must not get mixed up with what was dropped.
 */
static void test_dropped_while_a_helper_works(void **state)
{
    (void)state;
    enum { HELPERS = 2, AGAIN = 200 };
    struct bytes text = some_lines(15, TEXT_SIZE), raw = {0};
    append_deflated(&raw, text, 6, -MAX_WBITS, Z_DEFAULT_STRATEGY);
    write_file(raw);
    FILE *file = fopen(path, "rb");
    struct packed packed = {.fd = fileno(file), .size = raw.size};
    running = held = 0;
    held_at = 2 * HELPERS + 1; /* each stretch has two inflaters */
    struct inflater *reader = held_inflater(), *inflater = reader;
    struct ahead *ahead = ahead_open(&packed, reader, HELPERS, STRETCH);
    assert_non_null(ahead);
    uint64_t position = 0;
    pthread_t thread;
    ahead_allow(ahead, 0, 100);
    assert_int_equal(pthread_create(&thread, NULL, help_until_held, ahead), 0);
    while (!held)
        usleep(100);
    ahead_cross(ahead, &inflater, &position);
    assert_ptr_equal(inflater, reader);
    assert_int_equal(position, 0);
    for (int i = 0; i < AGAIN; i++)
        ahead_help(ahead);
    held = 0;
    pthread_join(thread, NULL);
    ahead_stop(ahead);
    assert_false(ahead_help(ahead));
    ahead_close(ahead);
    reader->free(reader);
    fclose(file);
    free(raw.data);
    free(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begins),
        cmocka_unit_test(test_no_begins),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_guesses),
        cmocka_unit_test(test_wrong_guesses),
        cmocka_unit_test(test_zip),
        cmocka_unit_test(test_gzip_members),
        cmocka_unit_test(test_blocks_of_all_kinds),
        cmocka_unit_test(test_damaged_and_cut),
        cmocka_unit_test(test_data_that_ends_right_behind_help),
        cmocka_unit_test(test_dropped_while_a_helper_works),
    };
    return cmocka_run_group_tests_name("ahead", tests, make_path, remove_path);
}
