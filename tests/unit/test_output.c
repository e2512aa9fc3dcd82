/* -o FILE appears whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "outputs.h"

static char file[64], link_name[64];

static void test_appears_at_the_end(void **state)
{
    (void)state;
    struct error error = {0};
    struct output *output = open_file(file);
    put(output, "new");
    assert_true(output_flush(output, &error));
    assert_int_equal(access(file, F_OK), -1);
    assert_true(output_commit(output, &error));
    assert_file(file, "new");
    assert_int_equal(files_in_folder(), 1);
}

static void test_discarded(void **state)
{
    (void)state;
    write_whole(file, "old");
    struct output *output = open_file(file);
    put(output, "half");
    output_discard(output);
    assert_file(file, "old");
    assert_int_equal(files_in_folder(), 1);
}

static void test_replaced(void **state)
{
    (void)state;
    write_whole(file, "old");
    write_whole(file, "new");
    assert_file(file, "new");
    assert_int_equal(files_in_folder(), 1);
}

/* Instead of the library's: fails while that is wanted. */
static bool renames_fail;

int rename(const char *old, const char *new)
{
    if (!renames_fail)
        return renameat(AT_FDCWD, old, AT_FDCWD, new);
    errno = EIO;
    return -1;
}

/* Whether files change places here, as no old kernel has them do, and not every file system. */
static bool files_change_places(void)
{
#ifdef RENAME_EXCHANGE
    write_whole(link_name, "one");
    write_whole(file, "other");
    bool change = renameat2(AT_FDCWD, file, AT_FDCWD, link_name, RENAME_EXCHANGE) == 0;
    assert_int_equal(unlink(link_name), 0);
    return change;
#else
    return false;
#endif
}

/* A file that need not be saved is not renamed, and other names of what stood there keep it. */
static void test_replaced_unsaved(void **state)
{
    (void)state;
    struct error error = {0};
    renames_fail = files_change_places();
    write_whole(file, "old");
    assert_int_equal(link(file, link_name), 0);
    struct output *output = open_as(file, true);
    put(output, "new");
    assert_true(output_commit(output, &error));
    assert_file(file, "new");
    assert_file(link_name, "old");
    assert_int_equal(files_in_folder(), 2);
    assert_int_equal(unlink(link_name), 0);
    renames_fail = false;
}

/* Where a folder has come to stand meanwhile, it stays. */
static void test_folder_stays(void **state)
{
    (void)state;
    struct stat status;
    for (int no_sync = 0; no_sync < 2; no_sync++) {
        struct error error = {0};
        unlink(file);
        struct output *output = open_as(file, no_sync);
        put(output, "new");
        assert_int_equal(mkdir(file, 0700), 0);
        assert_false(output_commit(output, &error));
        assert_int_equal(error.status, STATUS_SYSTEM);
        assert_int_equal(stat(file, &status), 0);
        assert_true(S_ISDIR(status.st_mode));
        assert_int_equal(files_in_folder(), 1);
        assert_int_equal(rmdir(file), 0);
    }
}

/* A child that has committed waits until it is told to go. */
static _Noreturn void write_last(int to, int told)
{
    char byte;
    dup2(to, STDOUT_FILENO);
    close(to);
    struct error error = {0};
    struct output *output = open_file("-");
    put(output, "whole");
    bool done = output_commit_last(output, &error);
    _exit(read(told, &byte, 1) == 1 && done ? 0 : 1);
}

static void test_last_of_a_process(void **state)
{
    (void)state;
    int ends[2], tell[2], status;
    char bytes[16];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        close(tell[1]);
        write_last(ends[1], tell[0]);
    }
    close(ends[1]);
    close(tell[0]);
    assert_int_equal(read(ends[0], bytes, sizeof bytes), 5);
    assert_int_equal(read(ends[0], bytes, sizeof bytes), 0); /* while it lives */
    assert_int_equal(write(tell[1], "", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(ends[0]);
    close(tell[1]);
}

static void test_killed(void **state)
{
    (void)state;
    write_whole(file, "old");
    pid_t child = fork();
    if (child == 0) {
        struct output *output = open_file(file);
        put(output, "half");
        output_flush(output, &(struct error){0});
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_file(file, "old");
    assert_int_equal(files_in_folder(), 1);
}

static void test_symbolic_link_stays(void **state)
{
    (void)state;
    struct stat status;
    write_whole(file, "old");
    assert_int_equal(symlink(file, link_name), 0);
    write_whole(link_name, "through");
    assert_file(file, "through");
    assert_int_equal(lstat(link_name, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void test_permissions_stay(void **state)
{
    (void)state;
    struct stat status;
    write_whole(file, "secret");
    assert_int_equal(chmod(file, 0600), 0);
    write_whole(file, "new secret");
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_device_in_place(void **state)
{
    (void)state;
    write_whole("/dev/null", "gone");
    struct stat status;
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void test_full_device(void **state)
{
    (void)state;
    struct error error = {0};
    struct output *output = open_file("/dev/full");
    put(output, "lost");
    assert_false(output_commit(output, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_non_null(strstr(error.text, "/dev/full: can't write: No space left"));
}

static bool checked(const char *path, struct error *error)
{
    struct common common = {.tool = "test", .output = path};
    *error = (struct error){0};
    return output_check(&common, error);
}

static void test_checked_before(void **state)
{
    (void)state;
    struct error error;
    assert_true(checked(NULL, &error));
    assert_true(checked("/dev/full", &error));
    assert_true(checked(file, &error));
    assert_int_equal(files_in_folder(), 0);
    assert_false(checked(folder, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    write_whole(file, "old");
    assert_true(checked(file, &error));
    assert_file(file, "old");
    assert_int_equal(chmod(file, 0444), 0);
    assert_false(checked(file, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_int_equal(files_in_folder(), 1);
}

/* Nobody reads it: opening it would wait for ever. */
static void test_checked_fifo(void **state)
{
    (void)state;
    struct error error;
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_true(checked(file, &error));
}

static void test_bad_places(void **state)
{
    (void)state;
    struct error error = {0};
    struct common common = {.tool = "test", .output = folder};
    assert_null(output_open(&common, OUTPUT_TEXT, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    common.output = "";
    assert_null(output_open(&common, OUTPUT_TEXT, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    common.output = "/nonexistent/folder/file";
    assert_null(output_open(&common, OUTPUT_TEXT, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
}

static void test_long_print(void **state)
{
    (void)state;
    struct error error = {0};
    char long_text[70000];
    memset(long_text, 'a', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    struct output *output = open_file(file);
    assert_true(output_print(output, &error, "%d %s", 7, long_text));
    assert_true(output_print(output, &error, " %s", "end"));
    assert_true(output_commit(output, &error));
    struct stat status;
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_size, 2 + 69999 + 4);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/out", folder);
    snprintf(link_name, sizeof link_name, "%s/link", folder);
    return 0;
}

static int empty_folder(void **state)
{
    (void)state;
    unlink(file);
    unlink(link_name);
    return 0;
}

static void continue_file(uint64_t size, const char *text, bool end)
{
    struct error error = {0};
    struct output *output = output_continue(file, size, true, &error);
    assert_non_null(output);
    put(output, text);
    assert_true(output_flush(output, &error));
    if (end)
        assert_true(output_commit(output, &error));
    else
        output_discard(output);
}

static void assert_holds(const char *text)
{
    struct bytes bytes = file_read(file);
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
    free(bytes.data);
}

/* What was written is there, whether the output is ended or not; a tail is cut off. */
static void test_continued(void **state)
{
    (void)state;
    struct error error = {0};
    continue_file(0, "one two", false);
    assert_holds("one two");
    continue_file(4, "three", true);
    assert_holds("one three");
    continue_file(3, "", true);
    assert_holds("one");
    assert_int_equal(files_in_folder(), 1);
    assert_null(output_continue(folder, 0, true, &error));
    assert_null(output_continue("/dev/null", 0, true, &error));
    assert_int_equal(error.status, STATUS_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_appears_at_the_end, empty_folder),
        cmocka_unit_test_teardown(test_discarded, empty_folder),
        cmocka_unit_test_teardown(test_replaced, empty_folder),
        cmocka_unit_test_teardown(test_replaced_unsaved, empty_folder),
        cmocka_unit_test_teardown(test_folder_stays, empty_folder),
        cmocka_unit_test(test_last_of_a_process),
        cmocka_unit_test_teardown(test_killed, empty_folder),
        cmocka_unit_test_teardown(test_symbolic_link_stays, empty_folder),
        cmocka_unit_test_teardown(test_permissions_stay, empty_folder),
        cmocka_unit_test(test_device_in_place),
        cmocka_unit_test(test_full_device),
        cmocka_unit_test(test_bad_places),
        cmocka_unit_test_teardown(test_checked_before, empty_folder),
        cmocka_unit_test_teardown(test_checked_fifo, empty_folder),
        cmocka_unit_test_teardown(test_long_print, empty_folder),
        cmocka_unit_test_teardown(test_continued, empty_folder),
    };
    return cmocka_run_group_tests_name("output", tests, make_folder, remove_folder);
}
