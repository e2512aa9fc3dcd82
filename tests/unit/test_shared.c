/* Memory that a child writes and its parent reads, without and with a file. */
#define _XOPEN_SOURCE 700 /* posix_fallocate */
#include "run/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helpers.h"

enum { COUNT = 300000 };

/* In place of the C library's: a file system that can't reserve blocks says `lacking`, which musl
   hands on. */
static int lacking, reserved = -1;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc's are __fd */
int posix_fallocate(int fd, off_t from, off_t size)
{
    close(reserved);
    reserved = dup(fd);
    return lacking ? lacking : ftruncate(fd, from + size) == 0 ? 0 : errno;
}

static void check(const char *folder)
{
    struct shared shared = {0};
    assert_true(shared_make(&shared, COUNT, folder));
    for (size_t i = 0; i < COUNT; i++)
        assert_true(shared.floats[i] == 0);
    pid_t child = fork();
    if (child == 0) {
        shared.floats[0] = 1.5f;
        shared.floats[COUNT - 1] = 2.5f;
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(shared.floats[0] == 1.5f && shared.floats[COUNT - 1] == 2.5f);
    shared_free(&shared);
    assert_null(shared.floats);
}

static void test_in_memory(void **state)
{
    (void)state;
    check(NULL);
}

/* A folder from which nothing was left can be removed. */
static void test_in_a_file(void **state)
{
    (void)state;
    char folder[] = "/tmp/test_shared-XXXXXX";
    assert_non_null(mkdtemp(folder));
    check(folder);
    assert_int_equal(rmdir(folder), 0);
}

/* Where no blocks can be reserved, each byte is written: to the end, or until the disk is full,
   which a bound on the size of files stands for. */
static void test_blocks_not_reserved(void **state)
{
    (void)state;
    static const int causes[] = {EOPNOTSUPP, EINVAL, ENOSYS};
    const struct rlimit small = {COUNT, RLIM_INFINITY};
    struct rlimit before;
    for (size_t i = 0; i < 3; i++) {
        lacking = causes[i];
        check("/tmp");
        assert_int_equal(lseek(reserved, 0, SEEK_CUR), 4 * COUNT);
    }
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct shared shared = {0};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_false(shared_make(&shared, COUNT, "/tmp"));
    assert_int_equal(errno, EFBIG);
    assert_int_equal(lseek(reserved, 0, SEEK_CUR), COUNT);
    lacking = ENOSPC;
    assert_false(shared_make(&shared, COUNT, "/tmp"));
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(lseek(reserved, 0, SEEK_CUR), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    lacking = 0;
}

static void test_none_to_be_had(void **state)
{
    (void)state;
    struct shared shared = {0};
    assert_false(shared_make(&shared, COUNT, "/there/is/no/such/folder"));
    assert_int_equal(errno, ENOENT);
    assert_false(shared_make(&shared, SIZE_MAX / 2, NULL));
    assert_int_equal(errno, ENOMEM);
    assert_null(shared.floats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_memory),
        cmocka_unit_test(test_in_a_file),
        cmocka_unit_test(test_blocks_not_reserved),
        cmocka_unit_test(test_none_to_be_had),
    };
    return RUN_TESTS("shared", tests);
}
