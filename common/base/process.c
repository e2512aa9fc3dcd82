/*
 * A group of its own is out of reach of what a terminal, or a batch system, sends to a group. It is
 * in the session still: so the kernel itself makes it go on, where it is stopped, when its parent
 * ends, who may be too confined to do so, and leaves it to one of another session.
 */
#define _GNU_SOURCE /* close_range */
#include "base/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MOST_DESCRIPTORS = 4096,
    LOOK_EVERY = 100, /* milliseconds */
    PATIENCE = 20     /* looks */
};

static void close_from(int first)
{
#if defined __linux__ && defined __GLIBC_PREREQ
#if __GLIBC_PREREQ(2, 34)
    if (close_range((unsigned)first, ~0U, 0) == 0)
        return;
#endif
#endif
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd < MOST_DESCRIPTORS && fd < most; fd++)
        close(fd);
}

void process_withdraw(int kept)
{
    static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    setpgid(0, 0);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    dup2(kept, STDIN_FILENO);
    close_from(STDIN_FILENO + 1);
}

/* Asks and leaves the answer where it is, so that it is the same until something changes. */
bool process_is_stopped(pid_t child)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child;
}

/* Looks at which this process did not run itself are not made: so what counts is its own time. */
bool process_answers(pid_t child, int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    int ready, stopped = 0;
    while ((ready = poll(&polled, 1, LOOK_EVERY)) == 0 || (ready < 0 && errno == EINTR)) {
        const bool helpless = process_is_stopped(child) && kill(child, SIGCONT) != 0;
        stopped = helpless ? stopped + (ready == 0) : 0;
        if (stopped > PATIENCE)
            return false;
    }
    return true;
}

void process_reap(pid_t child)
{
    int status = 0;
    pid_t got;
    do
        got = waitpid(child, &status, WUNTRACED);
    while ((got < 0 && errno == EINTR) ||
           (got == child && WIFSTOPPED(status) && kill(child, SIGCONT) == 0));
}
