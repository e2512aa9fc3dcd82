/* Zips: members, where they lie, whose offset moves, and what the system failed at. */
#define _GNU_SOURCE
#include "input/archive.h"

#include "helpers.h"

#include <fcntl.h>

/*
 * Python 3.11's zipfile, dated 2026-11-26: folder/, then folder/one.txt, 40 x "earn\tnet up\n"
 * deflated, then two.txt, "acq\tbuys\n" stored; the comment is "two texts".
 */
// clang-format off
static const unsigned char plain[] = {
    80, 75, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 122, 93, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0,
    102, 111, 108, 100, 101, 114, 47, 80, 75, 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 122, 93, 177, 109, 51,
    109, 19, 0, 0, 0, 224, 1, 0, 0, 14, 0, 0, 0, 102, 111, 108, 100, 101, 114, 47, 111, 110, 101,
    46, 116, 120, 116, 75, 77, 44, 202, 227, 204, 75, 45, 81, 40, 45, 224, 74, 29, 101, 15, 59, 54,
    0, 80, 75, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 122, 93, 49, 72, 145, 158, 9, 0, 0, 0, 9, 0, 0, 0, 7,
    0, 0, 0, 116, 119, 111, 46, 116, 120, 116, 97, 99, 113, 9, 98, 117, 121, 115, 10, 80, 75, 1, 2,
    20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 122, 93, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 128, 1, 0, 0, 0, 0, 102, 111, 108, 100, 101, 114, 47, 80, 75, 1, 2, 20, 3, 20,
    0, 0, 0, 8, 0, 0, 0, 122, 93, 177, 109, 51, 109, 19, 0, 0, 0, 224, 1, 0, 0, 14, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 128, 1, 37, 0, 0, 0, 102, 111, 108, 100, 101, 114, 47, 111, 110, 101, 46, 116,
    120, 116, 80, 75, 1, 2, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 122, 93, 49, 72, 145, 158, 9, 0, 0, 0,
    9, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 100, 0, 0, 0, 116, 119, 111, 46, 116,
    120, 116, 80, 75, 5, 6, 0, 0, 0, 0, 3, 0, 3, 0, 166, 0, 0, 0, 146, 0, 0, 0, 9, 0, 116, 119, 111,
    32, 116, 101, 120, 116, 115};
/* The same with ZIP64_LIMIT = 8, so that sizes, offsets and the end are told in 64 bits. */
static const unsigned char wide[] = {
    80, 75, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 122, 93, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0,
    102, 111, 108, 100, 101, 114, 47, 80, 75, 3, 4, 45, 0, 0, 0, 8, 0, 0, 0, 122, 93, 177, 109, 51,
    109, 255, 255, 255, 255, 255, 255, 255, 255, 14, 0, 20, 0, 102, 111, 108, 100, 101, 114, 47,
    111, 110, 101, 46, 116, 120, 116, 1, 0, 16, 0, 224, 1, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0, 0, 0, 0,
    0, 75, 77, 44, 202, 227, 204, 75, 45, 81, 40, 45, 224, 74, 29, 101, 15, 59, 54, 0, 80, 75, 3, 4,
    45, 0, 0, 0, 0, 0, 0, 0, 122, 93, 49, 72, 145, 158, 255, 255, 255, 255, 255, 255, 255, 255, 7,
    0, 20, 0, 116, 119, 111, 46, 116, 120, 116, 1, 0, 16, 0, 9, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0,
    0, 0, 0, 97, 99, 113, 9, 98, 117, 121, 115, 10, 80, 75, 1, 2, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0,
    122, 93, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0,
    0, 0, 102, 111, 108, 100, 101, 114, 47, 80, 75, 1, 2, 45, 3, 45, 0, 0, 0, 8, 0, 0, 0, 122, 93,
    177, 109, 51, 109, 255, 255, 255, 255, 255, 255, 255, 255, 14, 0, 28, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    128, 1, 255, 255, 255, 255, 102, 111, 108, 100, 101, 114, 47, 111, 110, 101, 46, 116, 120, 116,
    1, 0, 24, 0, 224, 1, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0, 0, 0, 0, 0, 37, 0, 0, 0, 0, 0, 0, 0, 80, 75,
    1, 2, 45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 122, 93, 49, 72, 145, 158, 255, 255, 255, 255, 255, 255,
    255, 255, 7, 0, 28, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 255, 255, 255, 255, 116, 119, 111, 46,
    116, 120, 116, 1, 0, 24, 0, 9, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 120, 0, 0, 0, 0, 0,
    0, 0, 80, 75, 6, 6, 44, 0, 0, 0, 0, 0, 0, 0, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0,
    0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 222, 0, 0, 0, 0, 0, 0, 0, 186, 0, 0, 0, 0, 0, 0, 0, 80, 75,
    6, 7, 0, 0, 0, 0, 152, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 80, 75, 5, 6, 0, 0, 0, 0, 3, 0, 3, 0,
    222, 0, 0, 0, 186, 0, 0, 0, 9, 0, 116, 119, 111, 32, 116, 101, 120, 116, 115};
// clang-format on

/* What zipfile's infolist says, and where the bytes begin behind each header. */
struct expected {
    const char *name;
    uint64_t size, packed, offset;
    uint32_t crc32;
    unsigned method;
};
static const struct expected in_plain[] = {
    {"folder/one.txt", 480, 19, 81, 0x6d336db1, ARCHIVE_DEFLATED},
    {"two.txt", 9, 9, 137, 0x9e914831, ARCHIVE_STORED}};
static const struct expected in_wide[] = {
    {"folder/one.txt", 480, 19, 101, 0x6d336db1, ARCHIVE_DEFLATED},
    {"two.txt", 9, 9, 177, 0x9e914831, ARCHIVE_STORED}};

/* The file `before`, `bytes` and `behind`; opened to be read at its byte 5. */
static int open_bytes(struct bytes before, const unsigned char *bytes, size_t size,
                      struct bytes behind)
{
    struct bytes all = {malloc(before.size + size + behind.size + 1), 0};
    assert_non_null(all.data);
    memcpy(all.data, before.data, before.size);
    memcpy(all.data + before.size, bytes, size);
    memcpy(all.data + before.size + size, behind.data, behind.size);
    file_write(test_path, all.data, before.size + size + behind.size);
    free(all.data);
    int fd = open(test_path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
    return fd;
}

static struct bytes filled(char with, size_t size)
{
    struct bytes bytes = {malloc(size + 1), size};
    assert_non_null(bytes.data);
    memset(bytes.data, with, size);
    return bytes;
}

/* The two members, `moved` bytes on; the descriptor's offset stays at 5 all the while. */
static void assert_members(int fd, const struct expected *expected, uint64_t moved)
{
    struct error error = {0};
    struct archive *archive = archive_open(fd, "texts.zip", &error);
    if (!archive)
        fail_msg("%s", error.text);
    assert_int_equal(archive_count(archive), 2);
    for (size_t i = 0; i < 2; i++) {
        const struct archive_member *member = archive_member(archive, i);
        uint64_t offset;
        assert_string_equal(member->name, expected[i].name);
        assert_int_equal(member->size, expected[i].size);
        assert_int_equal(member->packed, expected[i].packed);
        assert_int_equal(member->crc32, expected[i].crc32);
        assert_int_equal(member->method, expected[i].method);
        assert_false(member->encrypted);
        assert_int_equal(archive_find(archive, expected[i].name, "pick", &error), i);
        assert_true(archive_locate(archive, i, &offset, &error));
        assert_int_equal(offset, expected[i].offset + moved);
    }
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
    archive_close(archive);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
    close(fd);
}

static void test_members(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    assert_members(open_bytes(none, plain, sizeof plain, none), in_plain, 0);
    assert_members(open_bytes(none, wide, sizeof wide, none), in_wide, 0);
}

static void test_no_such_member(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    struct error error = {0};
    int fd = open_bytes(none, plain, sizeof plain, none);
    struct archive *archive = archive_open(fd, "texts.zip", &error);
    assert_non_null(archive);
    assert_int_equal(archive_find(archive, NULL, "pick one with --member", &error), SIZE_MAX);
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.text, "texts.zip: the zip holds 2 files: pick one with --member: "
                                    "folder/one.txt, two.txt");
    assert_int_equal(archive_find(archive, "folder/", "pick", &error), SIZE_MAX);
    assert_string_equal(error.text, "texts.zip: the zip has no member 'folder/': it holds "
                                    "folder/one.txt, two.txt");
    archive_close(archive);
    close(fd);
}

/* The end is looked for before a comment, of up to the 65,535 bytes that its size can say. */
static void test_a_long_comment(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    struct bytes comment = filled('c', 65535 - 9);
    unsigned char zip[sizeof plain];
    memcpy(zip, plain, sizeof plain);
    zip[sizeof zip - 11] = 0xff; /* its size, before its 9 bytes */
    zip[sizeof zip - 10] = 0xff;
    assert_members(open_bytes(none, zip, sizeof zip, comment), in_plain, 0);
    comment.size--;
    struct error error = {0};
    int fd = open_bytes(none, zip, sizeof zip, comment);
    assert_null(archive_open(fd, "texts.zip", &error));
    assert_int_equal(error.status, STATUS_CUT);
    close(fd);
    free(comment.data);
}

/* Bytes before the zip, from which its offsets do not count. */
static void test_a_prefix(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    static const size_t sizes[] = {1, 50, 60, 300000}; /* 60: its second entry takes as many */
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct bytes before = filled('#', sizes[i]);
        int fd = open_bytes(before, plain, sizeof plain, none);
        assert_true(archive_ends(fd));
        assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
        assert_members(fd, in_plain, sizes[i]);
        free(before.data);
    }
}

static void test_what_ends_as_no_zip(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    struct bytes behind = filled('#', 40);
    int fds[] = {open_bytes(none, plain, sizeof plain - 1, none),
                 open_bytes(none, plain + sizeof plain - 31, 31, none), /* its end alone */
                 open_bytes(behind, (const unsigned char *)"PK\5\6", 4, behind),
                 open_bytes(none, (const unsigned char *)"", 0, none), open("/dev/null", O_RDONLY)};
    for (size_t i = 0; i < LENGTH(fds); i++) {
        assert_false(archive_ends(fds[i]));
        close(fds[i]);
    }
    free(behind.data);
}

/* A member that would lie behind the end, or where no system reads, is the zip's damage. */
static void test_a_member_behind_the_end(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    static const unsigned char places[][8] = {{0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                                              {0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
                                              {0, 0, 0, 0, 0, 1, 0, 0}};
    for (size_t i = 0; i < LENGTH(places); i++) {
        unsigned char zip[sizeof wide];
        memcpy(zip, wide, sizeof wide);
        memcpy(zip + 408 - 8, places[i], 8); /* the last entry's, before the end in 64 bits */
        struct error error = {0};
        uint64_t offset;
        int fd = open_bytes(none, zip, sizeof zip, none);
        struct archive *archive = archive_open(fd, "texts.zip", &error);
        assert_false(archive && archive_locate(archive, 1, &offset, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        assert_string_equal(error.text, /* minizip-ng looks at places itself */
                            archive ? "texts.zip: two.txt: its header in the zip is damaged"
                                    : "texts.zip: the zip's directory is damaged: fetch it again");
        archive_close(archive);
        close(fd);
    }
}

/* ---- what the system fails at is not told of the zip ---- */

static void test_a_file_that_cannot_be_read(void **state)
{
    (void)state;
    const struct bytes none = {(unsigned char *)"", 0};
    struct error error = {0};
    int fd = open_bytes(none, plain, sizeof plain, none), blind = open(test_path, O_WRONLY);
    assert_true(blind >= 0);
    assert_null(archive_open(blind, "texts.zip", &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_string_equal(error.text,
                        "texts.zip: can't read the zip's directory: Bad file descriptor");
    assert_false(archive_ends(blind));
    struct archive *archive = archive_open(fd, "texts.zip", &error);
    assert_non_null(archive);
    assert_int_equal(dup2(blind, fd), fd);
    uint64_t offset;
    error = (struct error){0};
    assert_false(archive_locate(archive, 0, &offset, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_string_equal(error.text, "texts.zip: can't read: Bad file descriptor");
    archive_close(archive);
    close(fd);
    close(blind);
    assert_null(archive_open(-1, "texts.zip", &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_no_such_member),
        cmocka_unit_test(test_a_long_comment),
        cmocka_unit_test(test_a_prefix),
        cmocka_unit_test(test_what_ends_as_no_zip),
        cmocka_unit_test(test_a_member_behind_the_end),
        cmocka_unit_test(test_a_file_that_cannot_be_read),
    };
    return RUN_TESTS_WITH_FILE("archive", tests);
}
