/* A session of its own is out of reach of what a terminal, or a batch system, sends to a group. */
#define _GNU_SOURCE /* close_range */
#include "base/process.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 4096 };

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
    setsid();
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

void process_reap(pid_t child)
{
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}
