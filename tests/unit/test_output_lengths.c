/* Outputs whose names, or whose folders' names, are as long as the system has them, and longer. */
#include "base/files.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "outputs.h"

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

/* The name until then is no longer than a file's may be. */
static void test_longest_name(void **state)
{
    (void)state;
    char path[sizeof folder + 256];
    snprintf(path, sizeof path, "%s/%0255d", folder, 0);
    write_whole(path, "old");
    write_whole(path, "new");
    assert_file(path, "new");
    assert_int_equal(files_in_folder(), 1);
    assert_int_equal(unlink(path), 0);
}

/* Folders within each other below `folder`, of which the last one's path has `size` bytes. */
static void make_deep(char path[PATH_MAX], size_t size)
{
    size_t used = (size_t)snprintf(path, PATH_MAX, "%s", folder);
    while (used < size) {
        const size_t more = size - used > 202 ? 201 : size - used;
        used += (size_t)snprintf(path + used, PATH_MAX - used, "/%0*d", (int)more - 1, 0);
        assert_int_equal(mkdir(path, 0700), 0);
    }
}

static void remove_deep(char path[PATH_MAX])
{
    for (; strcmp(path, folder) != 0; *strrchr(path, '/') = '\0')
        assert_int_equal(rmdir(path), 0);
}

static void assert_too_long(const struct error *error)
{
    const char *reason = strerror(ENAMETOOLONG);
    assert_int_equal(error->status, STATUS_SYSTEM);
    assert_string_equal(error->text + strlen(error->text) - strlen(reason), reason);
}

static void assert_refused(const char *path)
{
    struct error error = {0};
    struct common common = {.tool = "test", .output = path};
    assert_null(output_open(&common, OUTPUT_TEXT, &error));
    assert_too_long(&error);
}

/* A path as long as one may be leaves no room for another name beside it: a new file needs none,
   and what stands there stays, which is told before there is anything to be written. */
static void test_longest_path(void **state)
{
    (void)state;
    char deep[PATH_MAX], path[PATH_MAX + 2];
    make_deep(deep, PATH_MAX - 3);
    snprintf(path, sizeof path, "%s/f", deep);
    if (files_know_nameless(deep)) {
        write_whole(path, "old");
        assert_refused(path);
        assert_file(path, "old");
        assert_int_equal(unlink(path), 0);
    }
    remove_deep(deep);
    assert_int_equal(files_in_folder(), 0);
}

/* The name beside it takes no more room than a long name of its own leaves. */
static void test_longest_path_of_long_name(void **state)
{
    (void)state;
    char deep[PATH_MAX], path[2 * PATH_MAX];
    make_deep(deep, PATH_MAX - 1 - 28 - 1); /* a name of a point, .glovepipe- and 16 digits */
    snprintf(path, sizeof path, "%s/%028d", deep, 0);
    assert_int_equal(strlen(path), PATH_MAX - 1);
    write_whole(path, "old");
    write_whole(path, "new");
    assert_file(path, "new");
    assert_int_equal(unlink(path), 0);
    remove_deep(deep);
    assert_int_equal(files_in_folder(), 0);
}

static void check_refused(const char *path)
{
    assert_refused(path);
    assert_int_equal(files_in_folder(), 0);
}

/* Told before there is anything to be written, and with the reason, however long the name. */
static void test_names_too_long(void **state)
{
    (void)state;
    char path[2 * PATH_MAX], slashes[PATH_MAX];
    snprintf(path, sizeof path, "%s/%0256d", folder, 0);
    check_refused(path);
    memset(slashes, '/', sizeof slashes);
    snprintf(path, sizeof path, "%s%.*sf", folder, (int)(PATH_MAX - sizeof folder), slashes);
    assert_int_equal(strlen(path), PATH_MAX);
    check_refused(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_longest_name),
        cmocka_unit_test(test_longest_path),
        cmocka_unit_test(test_longest_path_of_long_name),
        cmocka_unit_test(test_names_too_long),
    };
    return cmocka_run_group_tests_name("output lengths", tests, make_folder, remove_folder);
}
