/* What the kernel is asked to refuse, it refuses: each rule and each call, in processes of their
 * own. */
#define _GNU_SOURCE
#include "base/landlock.h"
#include "base/seccomp.h"

#include "confined.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What a function of a child returned, the first thing that was wrong there; or -signal. */
static int in_child(int (*run)(void))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(run());
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- files ---- */

static char folder[TEST_PATH_SIZE];

static const char *in_folder(const char *name)
{
    static char path[4][128];
    static int next;
    char *at = path[next++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", folder, name);
    return at;
}

static int make_files(void **state)
{
    (void)state;
    memcpy(folder, "/tmp/glovepipe-test.XXXXXX", sizeof folder);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(mkdir(in_folder("in"), 0700) | mkdir(in_folder("out"), 0700) |
                         mkdir(in_folder("out/deep"), 0700),
                     0);
    file_write(in_folder("read"), "x", 1);
    file_write(in_folder("secret"), "x", 1);
    file_write(in_folder("in/a"), "x", 1);
    file_write(in_folder("out/old"), "x", 1);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    static const char *const names[] = {"read",    "secret",    "in/a",
                                        "out/old", "out/named", "out/new"};
    for (size_t i = 0; i < LENGTH(names); i++)
        (void)unlink(in_folder(names[i]));
    return rmdir(in_folder("in")) | rmdir(in_folder("out/deep")) | rmdir(in_folder("out")) |
           rmdir(folder);
}

static int begin(struct landlock *landlock)
{
    if (!landlock_begin(landlock))
        return NOT_HERE;
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0);
    return 0;
}

static bool refused(int result)
{
    return result < 0 && errno == EACCES;
}

static int read_rules(void)
{
    struct landlock landlock;
    if (begin(&landlock) != 0)
        return NOT_HERE;
    CHECK(landlock_allow(&landlock, in_folder("read"), LANDLOCK_READ | LANDLOCK_LIST));
    CHECK(landlock_allow(&landlock, in_folder("in"), LANDLOCK_READ | LANDLOCK_LIST));
    CHECK(landlock_allow(&landlock, in_folder("not there"), LANDLOCK_READ));
    CHECK(landlock_enter(&landlock));
    landlock_close(&landlock);
    CHECK(open(in_folder("read"), O_RDONLY) >= 0);
    CHECK(refused(open(in_folder("read"), O_RDWR)));
    CHECK(open(in_folder("in/a"), O_RDONLY) >= 0);
    CHECK(open(in_folder("in"), O_RDONLY | O_DIRECTORY) >= 0);
    CHECK(refused(open(in_folder("in/new"), O_WRONLY | O_CREAT, 0600)));
    CHECK(refused(open(in_folder("secret"), O_RDONLY)));
    CHECK(refused(open(folder, O_RDONLY | O_DIRECTORY)));
    CHECK(refused(open("/etc/passwd", O_RDONLY)));
    CHECK(open(in_folder("not there"), O_RDONLY) < 0 && errno == ENOENT);
    return 0;
}

static int write_rules(void)
{
    struct landlock landlock;
    if (begin(&landlock) != 0)
        return NOT_HERE;
    CHECK(landlock_allow(&landlock, in_folder("out"),
                         LANDLOCK_WRITE | LANDLOCK_TRUNCATE | LANDLOCK_MAKE | LANDLOCK_REMOVE));
    CHECK(landlock_enter(&landlock));
    landlock_close(&landlock);
    int fd = open(in_folder("out/named"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
    CHECK(rename(in_folder("out/named"), in_folder("out/old")) == 0);
    CHECK(refused(open(in_folder("out/old"), O_RDONLY)));
    CHECK(refused(rename(in_folder("out/old"), in_folder("in/a"))));
    CHECK(refused(unlink(in_folder("secret"))));
    CHECK(refused(mkdir(in_folder("out/folder"), 0700)));
    CHECK(refused(symlink("/etc", in_folder("out/link"))));
    CHECK(landlock.abi < 4 || refused(connect(socket(AF_INET, SOCK_STREAM, 0),
                                              &(struct sockaddr){.sa_family = AF_INET}, 16)));
    CHECK(landlock.abi < 6 || (kill(getppid(), 0) != 0 && errno == EPERM));
    return 0;
}

/* A file without a name gets one by its descriptor, in its folder alone. */
static int nameless_rules(void)
{
    struct landlock landlock;
    char self[64];
    if (begin(&landlock) != 0)
        return NOT_HERE;
    CHECK(landlock_allow(&landlock, in_folder("out"), LANDLOCK_WRITE | LANDLOCK_MAKE));
    CHECK(landlock_enter(&landlock));
    landlock_close(&landlock);
    int fd = open(in_folder("out"), O_TMPFILE | O_WRONLY, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
        return NOT_HERE;
    CHECK(fd >= 0);
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    CHECK(linkat(AT_FDCWD, self, AT_FDCWD, in_folder("out/new"), AT_SYMLINK_FOLLOW) == 0);
    CHECK(linkat(AT_FDCWD, self, AT_FDCWD, in_folder("in/new"), AT_SYMLINK_FOLLOW) != 0);
    return 0;
}

static void hold(int (*run)(void))
{
    int result = in_child(run);
    if (result == NOT_HERE)
        skip();
    assert_int_equal(result, 0);
}

static void test_reading(void **state)
{
    (void)state;
    hold(read_rules);
}

static void test_writing(void **state)
{
    (void)state;
    hold(write_rules);
}

static void test_nameless(void **state)
{
    (void)state;
    hold(nameless_rules);
}

/* ---- calls ---- */

static int enter_calls(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0);
    return seccomp_enter() ? 0 : NOT_HERE;
}

static int refused_calls(void)
{
    const int *numbers;
    const unsigned count = seccomp_refused(&numbers);
    if (enter_calls() != 0)
        return NOT_HERE;
    CHECK(count > 60);
    for (unsigned i = 0; i < count; i++) {
        long result = syscall(numbers[i], -1L, -1L, -1L, -1L, -1L, -1L);
        if (result != -1 || errno != EPERM) {
            print_error("call %d: %ld, %s\n", numbers[i], result, strerror(errno));
            return 1;
        }
    }
    return 0;
}

static void *nothing(void *argument)
{
    return argument;
}

/* What programs do, and what the filter looks at the arguments of. */
static int other_calls(void)
{
    int ends[2], pipes[2], status;
    char byte = 0;
    pthread_t thread;
    if (enter_calls() != 0)
        return NOT_HERE;
    CHECK(pipe(pipes) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(send(ends[0], &byte, 1, MSG_NOSIGNAL) == 1 && recv(ends[1], &byte, 1, 0) == 1);
    CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    pid_t child = fork();
    if (child == 0)
        _exit(unshare(0) != 0 && errno == EPERM ? 5 : 6);
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
    CHECK(syscall(SYS_sendto, ends[0], &byte, 1L, 0L, "", 2L) != 0 && errno == EPERM);
    CHECK(ioctl(pipes[0], TIOCSTI, &byte) != 0 && errno == EPERM);
    CHECK(ioctl(pipes[0], TCGETS, &byte) != 0 && errno == ENOTTY);
    CHECK(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0L, 0L, 0L, 0L) != 0 && errno == EPERM);
    CHECK(syscall(435, 0L, 0L) != 0 && errno == ENOSYS); /* clone3 */
    CHECK(syscall(463, 0L, 0L) != 0 && errno == ENOSYS);
    CHECK(syscall(100000, 0L, 0L) != 0 && errno == ENOSYS);
    CHECK(!isatty(pipes[0]) && getppid() > 0 && access("/", R_OK) == 0);
    return 0;
}

static void test_refused(void **state)
{
    (void)state;
    hold(refused_calls);
}

static void test_others(void **state)
{
    (void)state;
    hold(other_calls);
}

#if defined __x86_64__ && !defined __ILP32__
static int call_as_i386(void)
{
    if (enter_calls() != 0)
        return NOT_HERE;
    long result = 20; /* getpid there */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return 0;
}

static int call_as_x32(void)
{
    if (enter_calls() != 0)
        return NOT_HERE;
    CHECK(syscall(0x40000000 | SYS_execve, NULL, NULL, NULL) != 0 && errno == ENOSYS);
    return 0;
}

/* Other tables of calls, where the list's numbers stand for other things. */
static void test_other_machines(void **state)
{
    (void)state;
    int result = in_child(call_as_i386);
    if (result == NOT_HERE)
        skip();
    assert_int_equal(result, -SIGSYS);
    hold(call_as_x32);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reading, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_writing, make_files, remove_files),
        cmocka_unit_test_setup_teardown(test_nameless, make_files, remove_files),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_others),
#if defined __x86_64__ && !defined __ILP32__
        cmocka_unit_test(test_other_machines),
#endif
    };
    return RUN_TESTS("sandbox", tests);
}
