/* Outputs that a confined process has opened and named by one that is not. */
#define _GNU_SOURCE
#include "base/keeper.h"

#include "base/landlock.h"
#include "base/process.h"

#include "confined.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[TEST_PATH_SIZE];
static char new[128], old[128];

static int make_files(void **state)
{
    (void)state;
    memcpy(folder, "/tmp/glovepipe-test.XXXXXX", sizeof folder);
    assert_non_null(mkdtemp(folder));
    snprintf(new, sizeof new, "%s/new", folder);
    snprintf(old, sizeof old, "%s/old", folder);
    file_write(old, "old", 3);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    (void)unlink(new);
    (void)unlink(old);
    return rmdir(folder);
}

static void holds(const char *path, const char *text)
{
    char bytes[16];
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t size = read(fd, bytes, sizeof bytes);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
    assert_int_equal(close(fd), 0);
}

/* No rule: nothing can be opened, made or named. */
static bool confine(void)
{
    struct landlock landlock;
    if (!landlock_begin(&landlock))
        return false;
    bool entered = prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 && landlock_enter(&landlock);
    landlock_close(&landlock);
    return entered;
}

static bool start(struct keeper *keeper)
{
    *keeper = (struct keeper){0};
    return keeper_add(keeper, new) && keeper_add(keeper, old) && keeper_start(keeper);
}

static int write_both(void)
{
    struct keeper keeper;
    struct error error = {0};
    CHECK(start(&keeper));
    if (!confine())
        return NOT_HERE;
    CHECK(open(new, O_WRONLY | O_CREAT, 0600) < 0 && errno == EACCES);
    CHECK(keeper_find(&keeper, new) == 0 && keeper_find(&keeper, old) == 1);
    CHECK(keeper_find(&keeper, "another") == -1);
    for (int number = 0; number < 2; number++) {
        int fd = keeper_open(&keeper, number, &error);
        CHECK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
        CHECK(write(fd, "whole", 5) == 5 && close(fd) == 0);
        CHECK(keeper_appear(&keeper, number, true, &error));
        keeper_drop(&keeper, number);
    }
    keeper_stop(&keeper);
    CHECK(keeper_find(&keeper, new) == -1 && waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    return 0;
}

/* What has no place yet goes; several times, as states are saved on the way. */
static int write_again(void)
{
    struct keeper keeper;
    struct error error = {0};
    CHECK(start(&keeper));
    for (int time = 0; time < 3; time++) {
        int fd = keeper_open(&keeper, 1, &error);
        CHECK(fd >= 0 && write(fd, &"123"[time], 1) == 1 && close(fd) == 0);
        CHECK(time == 2 || keeper_appear(&keeper, 1, false, &error));
        keeper_drop(&keeper, 1);
    }
    CHECK(!keeper_appear(&keeper, 1, false, &error)); /* it was dropped */
    keeper_stop(&keeper);
    return 0;
}

static int open_nowhere(void)
{
    struct keeper keeper = {0};
    struct error error = {0};
    CHECK(keeper_add(&keeper, "/nowhere/at/all") && keeper_start(&keeper));
    CHECK(keeper_open(&keeper, 0, &error) < 0 && error.status == STATUS_SYSTEM);
    CHECK(strstr(error.text, "/nowhere/at/all") && strstr(error.text, strerror(ENOENT)));
    return 0;
}

/* It is gone: so it is told. */
static int lose(void)
{
    struct keeper keeper;
    struct error error = {0};
    CHECK(start(&keeper) && keeper_open(&keeper, 0, &error) >= 0);
    CHECK(kill(keeper.process, SIGKILL) == 0);
    CHECK(!keeper_appear(&keeper, 0, true, &error));
    CHECK(error.status == STATUS_SYSTEM && strstr(error.text, new));
    keeper_drop(&keeper, 0);
    keeper_stop(&keeper);
    return 0;
}

/* A folder that a descriptor leads to is found when that is closed, as it is in the keeper. */
static int write_by_descriptor(void)
{
    struct keeper keeper = {0};
    struct error error = {0};
    char path[64];
    int place = open(folder, O_RDONLY | O_DIRECTORY);
    snprintf(path, sizeof path, "/dev/fd/%d/new", place);
    CHECK(keeper_add(&keeper, path) && keeper_start(&keeper));
    int fd = keeper_open(&keeper, 0, &error);
    CHECK(fd >= 0 && write(fd, "whole", 5) == 5 && close(fd) == 0);
    CHECK(keeper_appear(&keeper, 0, true, &error));
    keeper_stop(&keeper);
    return 0;
}

/* No room for its descriptor. */
static int open_too_many(void)
{
    struct keeper keeper;
    struct error error = {0};
    CHECK(start(&keeper));
    int next = dup(0);
    struct rlimit limit = {(rlim_t)next, (rlim_t)next};
    CHECK(next > 0 && close(next) == 0 && setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(keeper_open(&keeper, 0, &error) < 0 && error.status == STATUS_SYSTEM);
    CHECK(strstr(error.text, new) && strstr(error.text, strerror(EMFILE)));
    keeper_stop(&keeper);
    return 0;
}

/* It is made to go on. */
static int stop_it(void)
{
    struct keeper keeper;
    struct error error = {0};
    CHECK(start(&keeper) && kill(keeper.process, SIGSTOP) == 0);
    int fd = keeper_open(&keeper, 0, &error);
    CHECK(fd >= 0 && write(fd, "whole", 5) == 5 && close(fd) == 0);
    CHECK(kill(keeper.process, SIGSTOP) == 0 && keeper_appear(&keeper, 0, true, &error));
    CHECK(kill(keeper.process, SIGSTOP) == 0);
    keeper_stop(&keeper);
    CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    return 0;
}

/* What was stopped is not left behind. */
static int not_here(const struct keeper *keeper)
{
    CHECK(kill(keeper->process, SIGKILL) == 0);
    return NOT_HERE;
}

/* Where a signal can't reach it, nobody waits for ever, and it goes with the program. */
static int stop_it_confined(void)
{
    struct keeper keeper;
    struct error error = {0};
    CHECK(setsid() > 0 && start(&keeper)); /* whose parent will be outside of its session */
    CHECK(keeper_open(&keeper, 0, &error) >= 0 && kill(keeper.process, SIGSTOP) == 0);
    if (!confine())
        return not_here(&keeper);
    if (kill(keeper.process, 0) == 0) /* this kernel confines no signals */
        return not_here(&keeper);
    CHECK(!keeper_appear(&keeper, 0, true, &error));
    CHECK(error.status == STATUS_SYSTEM && strstr(error.text, "has been stopped by a signal"));
    keeper_stop(&keeper);
    return 0;
}

/* A child that stops itself before it answers, and before it ends. */
static int stop_itself(void)
{
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        (void)raise(SIGSTOP);
        if (write(ends[1], "x", 1) != 1)
            _exit(1);
        (void)raise(SIGSTOP);
        _exit(0);
    }
    CHECK(child > 0 && process_answers(child, ends[0]) && read(ends[0], &byte, 1) == 1);
    process_reap(child);
    CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    return 0;
}

static void hold(int (*run)(void))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(run());
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE)
        skip();
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_both(void **state)
{
    (void)state;
    hold(write_both);
    holds(new, "whole");
    holds(old, "whole");
}

static void test_again(void **state)
{
    (void)state;
    hold(write_again);
    holds(old, "2");
    assert_int_not_equal(access(new, F_OK), 0);
}

static void test_failures(void **state)
{
    (void)state;
    hold(open_nowhere);
    hold(lose);
    assert_int_not_equal(access(new, F_OK), 0);
    holds(old, "old");
}

static void test_by_descriptor(void **state)
{
    (void)state;
    hold(write_by_descriptor);
    holds(new, "whole");
    hold(open_too_many);
}

static void test_stopped(void **state)
{
    (void)state;
    hold(stop_it);
    holds(new, "whole");
    hold(stop_itself);
}

/* The keeper is this process's to wait for when its own parent is gone. */
static void test_stopped_confined(void **state)
{
    (void)state;
    assert_int_equal(unlink(old), 0);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L), 0);
    hold(stop_it_confined);
    while (waitpid(-1, NULL, 0) > 0)
        ;
    assert_int_not_equal(access(new, F_OK), 0);
}

static void test_limit(void **state)
{
    (void)state;
    struct keeper keeper = {0};
    for (int i = 0; i < KEEPER_MOST; i++)
        assert_true(keeper_add(&keeper, "x"));
    assert_false(keeper_add(&keeper, "y"));
    assert_int_equal(keeper_find(&keeper, "x"), -1); /* it was not started */
    keeper_stop(&keeper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_again, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_failures, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_by_descriptor, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_stopped, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_stopped_confined, make_files, remove_files),
        cmocka_unit_test(test_limit),
    };
    return RUN_TESTS("keeper", tests);
}
