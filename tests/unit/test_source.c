/* Sources: plain and zip, from files and pipes; which form and by what; what can't be opened. */
#define _GNU_SOURCE
#include "helpers.h"
#include "packing.h"
#include "sources.h"

static void test_plain(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 3, 4, 1000, 600000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes text = some_text(i, sizes[i]);
        file_write(test_path, text.data, text.size);
        assert_reads(test_path, NULL, text, 7 + 1000 * i);
        assert_reads_piped(text, text, 999);
        free(text.data);
    }
}

/* ---- zip ---- */

static void write_zip(struct bytes first, struct bytes second, int zip64)
{
    struct bytes none = {NULL, 0};
    zipFile zip = zipOpen64(test_path, APPEND_STATUS_CREATE);
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
        assert_reads(test_path, NULL, first, 100000);
        struct bytes file = file_read(test_path);
        assert_reads_piped(file, first, 4096);
        free(file.data);
        write_zip(first, second, zip64);
        assert_reads(test_path, "folder/first.txt", first, 1 << 20);
        assert_reads(test_path, "second.txt", second, 1000);
        assert_fails(NULL, STATUS_USAGE,
                     "2 files: pick one with --member: folder/first.txt, second.txt");
        assert_fails("third.txt", STATUS_USAGE, "it holds folder/first.txt, second.txt");
        assert_fails("folder/", STATUS_USAGE, "no member");
    }
    file_write(test_path, second.data, second.size);
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
    assert_true(source_members(test_path, collect_member, list, &error));
    assert_string_equal(list, "folder/first.txt 3000\nsecond.txt 10\n");
    file_write(test_path, second.data, second.size);
    assert_false(source_members(test_path, collect_member, list, &error));
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
    file_write(test_path, file.data, file.size);
    entry[offset] = old;
}

static void test_zip_that_cannot_be_read(void **state)
{
    (void)state;
    struct bytes text = some_text(9, 5000), none = {NULL, 0};
    zipFile zip = zipOpen64(test_path, APPEND_STATUS_CREATE);
    add_member(zip, "a.txt", text, Z_DEFLATED, 0);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    struct bytes file = file_read(test_path);
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
        file_write(test_path, file.data, size);
        assert_fails(NULL, STATUS_CUT, "before its directory");
    }
    zip = zipOpen64(test_path, APPEND_STATUS_CREATE);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    assert_fails(NULL, STATUS_INPUT, "holds no file");
    zip = zipOpen64(test_path, APPEND_STATUS_CREATE);
    add_member(zip, "folder/", none, 0, 0);
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    assert_fails(NULL, STATUS_INPUT, "holds no file");
    free(text.data);
    free(file.data);
}

/* Bytes before the zip, as a program that unpacks itself has them, or curl -i. */
static void test_zip_behind_other_bytes(void **state)
{
    (void)state;
    struct bytes first = some_text(7, 3000), none = {NULL, 0};
    char list[256] = "";
    struct error error = {0};
    write_zip(first, none, 0);
    struct bytes zip = file_read(test_path), file = {malloc(50 + zip.size), 50 + zip.size};
    memset(file.data, '\n', 50);
    memcpy(file.data + 50, zip.data, zip.size);
    file_write(test_path, file.data, file.size);
    assert_reads(test_path, NULL, first, 1000);
    assert_true(source_members(test_path, collect_member, list, &error));
    assert_string_equal(list, "folder/first.txt 3000\n");
    free(first.data);
    free(zip.data);
    free(file.data);
}

static void assert_expected(const char *member, uint64_t size)
{
    struct error error = {0};
    struct source *source = source_open(test_path, member, &error);
    assert_non_null(source);
    assert_int_equal(source_expected(source), size);
    source_close(source);
}

/* A file's size, and what a zip's directory says; gzip says nothing before its end. */
static void test_what_is_expected(void **state)
{
    (void)state;
    struct bytes text = some_text(3, 5000);
    file_write(test_path, text.data, text.size);
    assert_expected(NULL, 5000);
    write_zip(text, text, 1);
    assert_expected("folder/first.txt", 5000);
    assert_expected("second.txt", 5000);
    write_gzip(test_path, text.data, text.size);
    assert_expected(NULL, 0);
    free(text.data);
}

static void assert_manner(const char *member, const char *expected)
{
    struct error error = {0};
    struct source *source = source_open(test_path, member, &error);
    assert_non_null(source);
    assert_string_equal(source_manner(source), expected);
    source_close(source);
}

/* By ISA-L wherever it was built in, unless zlib was asked for. */
static void test_what_inflates(void **state)
{
    (void)state;
    struct bytes text = some_text(1, 100);
    file_write(test_path, text.data, text.size);
    assert_manner(NULL, "plain");
#ifdef HAVE_ISAL
    static const char *const usual[] = {"gzip, ISA-L", "zip, ISA-L"};
#else
    static const char *const usual[] = {"gzip, zlib", "zip, zlib"};
#endif
    unsetenv("GLOVEPIPE_INFLATE");
    write_gzip(test_path, text.data, text.size);
    assert_manner(NULL, usual[0]);
    setenv("GLOVEPIPE_INFLATE", "zlib", 1);
    assert_manner(NULL, "gzip, zlib");
    write_zip(text, text, 0);
    assert_manner("folder/first.txt", "zip, zlib");
    unsetenv("GLOVEPIPE_INFLATE");
    assert_manner("folder/first.txt", usual[1]);
    assert_manner("second.txt", "zip, stored");
    free(text.data);
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
    file_write(test_path, file.data, file.size);
    setenv("GLOVEPIPE_INFLATE", "fast", 1);
    assert_null(source_open(test_path, NULL, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    unsetenv("GLOVEPIPE_INFLATE");
    free(text.data);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_zip_members),
        cmocka_unit_test(test_zip_list),
        cmocka_unit_test(test_zip_that_cannot_be_read),
        cmocka_unit_test(test_zip_behind_other_bytes),
        cmocka_unit_test(test_what_is_expected),
        cmocka_unit_test(test_what_inflates),
        cmocka_unit_test(test_what_cannot_be_opened),
    };
    return RUN_TESTS_WITH_FILE("source", tests);
}
