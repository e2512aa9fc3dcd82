/* Texts that are read live: lines as they come, plain and packed. */
#define _GNU_SOURCE
#include "input/texts.h"

#include "helpers.h"
#include "packing.h"

#include <fcntl.h>
#include <sys/stat.h>

/* A FIFO that this process both writes to, what `put` puts, and reads as live texts. */
struct live {
    char path[TEST_PATH_SIZE], *paths[1];
    int fd;
    z_stream gzip;
    bool packed;
    struct texts *texts;
    struct texts_chunk chunk;
};

static void put(struct live *live, const char *text)
{
    char packed[4096];
    size_t size = strlen(text);
    if (!live->packed) {
        assert_int_equal(write(live->fd, text, size), size);
        return;
    }
    live->gzip.next_in = (unsigned char *)(uintptr_t)text;
    live->gzip.avail_in = (unsigned)size;
    live->gzip.next_out = (unsigned char *)packed;
    live->gzip.avail_out = sizeof packed;
    assert_int_equal(deflate(&live->gzip, Z_SYNC_FLUSH), Z_OK);
    size = sizeof packed - live->gzip.avail_out;
    assert_int_equal(write(live->fd, packed, size), size);
}

static void start_live(struct live *live, bool packed)
{
    struct error error = {0};
    *live = (struct live){.packed = packed};
    file_make(live->path);
    assert_int_equal(unlink(live->path), 0);
    assert_int_equal(mkfifo(live->path, 0600), 0);
    live->fd = open(live->path, O_RDWR);
    assert_true(live->fd >= 0);
    if (packed)
        assert_int_equal(deflateInit2(&live->gzip, 6, Z_DEFLATED, GZIP_WINDOW, 8, 0), Z_OK);
    live->paths[0] = live->path;
    live->texts = texts_open(live->paths, 1, &texts_documents, &error);
    assert_non_null(live->texts);
    texts_live(live->texts);
}

static void end_live(struct live *live)
{
    texts_chunk_free(&live->chunk);
    texts_close(live->texts);
    if (live->packed)
        deflateEnd(&live->gzip);
    close(live->fd);
    unlink(live->path);
}

static void assert_comes(struct live *live, const char *expected, uint64_t line)
{
    struct error error = {0};
    if (!texts_read(live->texts, 3, &live->chunk, &error))
        fail_msg("%s", error.text);
    assert_int_equal(live->chunk.size, strlen(expected));
    assert_memory_equal(live->chunk.bytes, expected, live->chunk.size);
    assert_int_equal(live->chunk.line, line);
}

/* The writer stays open, so that a read which waited for more than there is would never end. */
static void test_lines_as_they_come(void **state)
{
    (void)state;
    alarm(60);
    for (int packed = 0; packed < 2; packed++) {
        struct live live;
        start_live(&live, packed);
        put(&live,
            "\xef\xbb\xbfP\n"); /* behind a mark, and shorter than what tells the forms apart */
        assert_comes(&live, "P\n", 1);
        put(&live, "first\nsec");
        assert_comes(&live, "first\n", 2);
        put(&live, "ond\n\nd\ne\nf\n"); /* more than three lines */
        assert_comes(&live, "second\n\nd\n", 3);
        assert_comes(&live, "e\nf\n", 6);
        struct digest digest = texts_digest(live.texts);
        static const char all[] = "\xef\xbb\xbfP\nfirst\nsecond\n\nd\ne\nf\n";
        assert_int_equal(digest.size, sizeof all - 1);
        assert_int_equal(digest.crc32, slow_crc((const unsigned char *)all, sizeof all - 1));
        end_live(&live);
    }
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_as_they_come),
    };
    return RUN_TESTS("texts, live", tests);
}
