/*
 * What happens between two forks and in the child. The child never returns to its caller's code:
 * it loops over requests and leaves by _exit, so that no buffer or temporary file of the parent is
 * flushed or removed twice.
 */
#define _GNU_SOURCE
#include "par/child.h"

#include "base/files.h"
#include "base/words.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* ---- whole messages ---- */

/* False at end of file too. */
static bool read_all(int fd, void *bytes, size_t size)
{
    char *at = bytes;
    while (size) {
        ssize_t got = read(fd, at, size);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
    return true;
}

/* ---- in the child ---- */

static _Noreturn void child_main(const struct workers *plan, int request, int result_fd)
{
    struct workers_result result = {0};
    uint64_t task;
    while (read_all(request, &task, sizeof task)) {
        struct error error = {0};
        result.size = 0;
        struct child_reply reply = {.task = task};
        if (!plan->work(plan->context, plan->first + task, &result, &error)) {
            reply.failed = 1;
            result.size = 0;
            if (!workers_append(&result, error.text, strlen(error.text)))
                break;
        }
        reply.size = result.size;
        reply.hash = words_hash((const char *)result.bytes, result.size);
        if (!files_write(result_fd, &reply, sizeof reply) ||
            !files_write(result_fd, result.bytes, result.size))
            break;
    }
    _exit(0);
}

/* A child must not outlive its parent. The parent may be gone before prctl asks; it is 0 where it
   is in another process namespace (`unshare --pid` without `--fork`). */
static void die_with_parent(pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    const pid_t now = getppid();
    if (now != parent && now != 0)
        _exit(0);
}

/* In the child: what it has of the other children's pipes. */
static void close_all(const struct child *all, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (all[i].pid)
            child_close(&all[i]);
}

/* ---- in the parent ---- */

static bool fork_child(struct child *child, const struct child *all, unsigned count,
                       const struct workers *plan, const int request[2], const int result[2])
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0)
        return false;
    if (pid == 0) {
        die_with_parent(parent);
        close(request[1]);
        close(result[0]);
        close_all(all, count);
        child_main(plan, request[0], result[1]);
    }
    close(result[1]);
    *child = (struct child){
        .pid = pid, .request = request[1], .request_read = request[0], .result = result[0]};
    return true;
}

bool child_start(struct child *child, const struct child *all, unsigned count,
                 const struct workers *plan)
{
    int request[2], result[2];
    if (pipe(request) != 0)
        return false;
    if (pipe(result) != 0) {
        close(request[0]);
        close(request[1]);
        return false;
    }
    if (fork_child(child, all, count, plan, request, result))
        return true;
    int cause = errno;
    for (int end = 0; end < 2; end++) {
        close(request[end]);
        close(result[end]);
    }
    errno = cause;
    return false;
}

bool child_ask(const struct child *child, uint64_t task)
{
    /* Eight bytes of at most sixteen that wait: a pipe takes them whole, at once. */
    return files_write(child->request, &task, sizeof task);
}

void child_close(const struct child *child)
{
    close(child->request);
    close(child->request_read);
    close(child->result);
}

void child_reap(const struct child *child, char *cause, size_t size)
{
    int status;
    pid_t reaped;
    for (;;) {
        reaped = waitpid(child->pid, &status, WUNTRACED);
        if (reaped > 0 && WIFSTOPPED(status))
            kill(child->pid, SIGKILL);
        else if (reaped >= 0 || errno != EINTR)
            break;
    }
    if (reaped < 0)
        snprintf(cause, size, "its worker is gone");
    else if (WIFSIGNALED(status))
        snprintf(cause, size, "its worker was killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(cause, size, "its worker left with status %d", WEXITSTATUS(status));
}
