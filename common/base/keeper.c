/*
 * A request and its answer are a message each. Only the program's calling thread asks, and waits
 * for the answer, so that they can't be mixed up; its workers hold the socket, and so keep the
 * keeper from ending before them, but don't ask.
 */
#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "base/keeper.h"

#include "base/files.h"
#include "base/hidden.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Systems without these confine nothing either. */
#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0
#endif

enum {
    LOOK_EVERY = 100, /* milliseconds */
    MOST_TRIES = 3    /* of a call that the system fails at, where much depends on it */
};

enum wanted { WANTED_OPEN, WANTED_APPEAR, WANTED_DROP, WANTED_END };

struct request {
    enum wanted wanted;
    int number;
    int sync; /* not a bool, of which not all bytes are values: who asks may be anybody */
};

struct answer {
    bool done;
    struct error error;
};

/* Room for a descriptor that goes with a message. */
union passed {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int))];
};

/* ---- in the keeper ---- */

/* An output: its name on the command line, the path that leads there, and the file. */
struct kept {
    const char *name;
    char *path;
    struct hidden hidden;
};

static void find_folder(const char *path, char folder[PATH_MAX])
{
    char *name = files_folder(path);
    if (!name || !realpath(name, folder))
        folder[0] = '\0';
    free(name);
}

/* A folder that only a descriptor leads to (`/dev/fd/5/name`), closed by now, by its own name. */
static char *path_to(const char *path, const char *folder)
{
    char now[PATH_MAX];
    const char *base = path + files_folder_size(path);
    const size_t room = strlen(folder) + strlen(base) + sizeof "/";
    find_folder(path, now);
    if (!*folder || strcmp(now, folder) == 0)
        return strdup(path);
    char *lasting = malloc(room);
    if (lasting)
        snprintf(lasting, room, "%s/%s", folder, base);
    return lasting;
}

/* Withdraws from all but the socket, and has paths that lead to the outputs afterwards. */
static void begin(const struct keeper *keeper, int socket, struct kept kept[KEEPER_MOST])
{
    char folders[KEEPER_MOST][PATH_MAX];
    for (int i = 0; i < keeper->count; i++)
        find_folder(keeper->paths[i], folders[i]);
    process_withdraw(socket);
    for (int i = 0; i < keeper->count; i++)
        kept[i] =
            (struct kept){keeper->paths[i], path_to(keeper->paths[i], folders[i]), HIDDEN_NONE};
}

static struct answer serve(const struct request *request, struct kept *kept)
{
    struct answer answer = {.error = {STATUS_SYSTEM, "no such output is open"}};
    switch (request->wanted) {
    case WANTED_OPEN:
        hidden_drop(&kept->hidden);
        answer.done = kept->path ? hidden_open(&kept->hidden, kept->path, kept->name, &answer.error)
                                 : error_memory(&answer.error, "opening the output");
        break;
    case WANTED_APPEAR:
        answer.done = kept->hidden.path &&
                      hidden_appear(&kept->hidden, request->sync, kept->name, &answer.error);
        break;
    case WANTED_DROP:
        hidden_drop(&kept->hidden);
        answer.done = true;
        break;
    case WANTED_END:
        break;
    }
    return answer;
}

/* Sends a message, and with it a descriptor where there is one. On false errno says why. */
static bool send_answer(const struct answer *answer, int fd)
{
    union passed passed = {.head.cmsg_len = 0};
    struct iovec bytes = {(void *)answer, sizeof *answer};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = passed.bytes;
        message.msg_controllen = sizeof passed.bytes;
        passed.head.cmsg_level = SOL_SOCKET;
        passed.head.cmsg_type = SCM_RIGHTS;
        passed.head.cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(&passed.head), &fd, sizeof fd);
    }
    ssize_t sent;
    do
        sent = sendmsg(STDIN_FILENO, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *answer;
}

/* The answer, which may not be lost when a name is given; where it can't be given with a
   descriptor, the reason. */
static bool reply(struct answer *answer, int fd, const char *name)
{
    for (int tries = 0; tries < MOST_TRIES; tries++)
        if (send_answer(answer, fd))
            return true;
    answer->done = error_errno(&answer->error, "%s: can't be handed over", name);
    return send_answer(answer, -1);
}

/* Whoever asked and did not wait has been told that it did not come about. */
static bool is_awaited(void)
{
    struct pollfd socket = {.fd = STDIN_FILENO};
    return poll(&socket, 1, 0) <= 0;
}

/* False when no more will be asked for. */
static bool receive(const struct keeper *keeper, struct request *request)
{
    struct answer answer = {.done = false};
    ssize_t got;
    int failures = 0;
    do
        got = recv(STDIN_FILENO, request, sizeof *request, 0);
    while (got < 0 && (errno == EINTR || ++failures < MOST_TRIES));
    if (got < 0) {
        error_errno(&answer.error, "%s: can't be asked for", keeper->paths[0]);
        (void)send_answer(&answer, -1);
    }
    return got == (ssize_t)sizeof *request && request->wanted != WANTED_END &&
           request->number >= 0 && request->number < keeper->count && is_awaited();
}

static _Noreturn void keep(const struct keeper *keeper, int socket)
{
    struct kept kept[KEEPER_MOST];
    struct request request;
    struct answer answer = {.done = true}; /* it is there */
    begin(keeper, socket, kept);
    bool goes_on = reply(&answer, -1, "");
    while (goes_on && receive(keeper, &request)) {
        struct kept *file = &kept[request.number];
        answer = serve(&request, file);
        goes_on =
            reply(&answer, answer.done && request.wanted == WANTED_OPEN ? file->hidden.fd : -1,
                  file->name);
    }
    for (int i = 0; i < keeper->count; i++)
        hidden_drop(&kept[i].hidden);
    _exit(0);
}

/* ---- in the program ---- */

bool keeper_add(struct keeper *keeper, const char *path)
{
    if (keeper->count == KEEPER_MOST)
        return false;
    keeper->paths[keeper->count++] = path;
    return true;
}

int keeper_find(const struct keeper *keeper, const char *path)
{
    int number = keeper->socket ? keeper->count : 0;
    while (number-- > 0 && strcmp(keeper->paths[number], path) != 0)
        ;
    return number;
}

/* Takes an answer, and the descriptor that comes with it, or -1. On false errno says why; 0: there
   will be none. */
static bool take_answer(int socket, int flags, struct answer *answer, int *fd)
{
    union passed passed = {.head.cmsg_len = 0};
    struct iovec bytes = {answer, sizeof *answer};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = passed.bytes,
                             .msg_controllen = sizeof passed.bytes};
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | flags);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        errno = 0;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *fd = -1;
    if (got > 0 && head && head->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(head), sizeof *fd);
    return got == (ssize_t)sizeof *answer;
}

/* Waits for its first answer, unless it is stopped before it could leave the group. */
static bool is_there(pid_t process, int socket)
{
    struct pollfd answers = {.fd = socket, .events = POLLIN};
    struct answer answer = {.done = false};
    int unused, ready;
    while ((ready = poll(&answers, 1, LOOK_EVERY)) == 0 || (ready < 0 && errno == EINTR))
        if (process_is_stopped(process))
            return false;
    return ready > 0 && take_answer(socket, 0, &answer, &unused) && answer.done;
}

bool keeper_start(struct keeper *keeper)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        keep(keeper, ends[0]);
    close(ends[0]);
    if (child > 0 && is_there(child, ends[1])) {
        keeper->socket = ends[1];
        keeper->process = child;
        return true;
    }
    close(ends[1]);
    if (child > 0) {
        kill(child, SIGKILL);
        process_reap(child);
    }
    return false;
}

static bool send_request(const struct keeper *keeper, const struct request *request)
{
    ssize_t sent;
    do
        sent = send(keeper->socket, request, sizeof *request, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *request;
}

/* What it said last, or what the system says; errno is the cause. The first look may but tell that
   it left a request unread. */
static bool lost(const struct keeper *keeper, const char *path, struct error *error)
{
    const int cause = errno;
    struct answer last = {.done = true};
    int fd = -1;
    for (int looks = 0; looks < 2 && last.done; looks++)
        if (take_answer(keeper->socket, MSG_DONTWAIT, &last, &fd) && fd >= 0)
            close(fd);
    errno = cause;
    if (!last.done)
        *error = last.error;
    else if (errno && errno != EPIPE && errno != ECONNRESET)
        (void)error_errno(error, "%s: the process that would name it can't be asked", path);
    else
        (void)error_set(error, STATUS_SYSTEM, "%s: the process that would name it is gone", path);
    return false;
}

static bool take_awaited(int socket, struct answer *answer, int *fd)
{
    for (int tries = 0; tries < MOST_TRIES; tries++)
        if (take_answer(socket, 0, answer, fd))
            return true;
    return false;
}

/* Asks, and waits for the answer. A descriptor that comes with it is for who takes it. */
static bool ask(const struct keeper *keeper, const struct request *request, int *taken,
                struct error *error)
{
    const char *path = keeper->paths[request->number];
    struct answer answer;
    int fd = -1;
    if (!send_request(keeper, request))
        return lost(keeper, path, error);
    if (!process_answers(keeper->process, keeper->socket)) {
        shutdown(keeper->socket, SHUT_RDWR); /* what was asked for is not any more */
        return error_set(error, STATUS_SYSTEM,
                         "%s: the process that would name it has been stopped by a signal", path);
    }
    if (!take_awaited(keeper->socket, &answer, &fd))
        return lost(keeper, path, error);
    if (taken)
        *taken = fd;
    else if (fd >= 0)
        close(fd);
    if (!answer.done)
        *error = answer.error;
    return answer.done;
}

/* Sets errno to why the system did not let a descriptor in, of which it says no more. */
static void find_reason(const struct keeper *keeper)
{
    int fd = fcntl(keeper->socket, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return;
    close(fd);
    errno = EACCES;
}

int keeper_open(const struct keeper *keeper, int number, struct error *error)
{
    const struct request request = {.wanted = WANTED_OPEN, .number = number};
    int fd;
    if (!ask(keeper, &request, &fd, error))
        return -1;
    if (fd < 0) {
        find_reason(keeper);
        (void)error_errno(error, "%s: can't write beside it", keeper->paths[number]);
    }
    return fd;
}

bool keeper_appear(const struct keeper *keeper, int number, bool sync, struct error *error)
{
    const struct request request = {.wanted = WANTED_APPEAR, .number = number, .sync = sync};
    return ask(keeper, &request, NULL, error);
}

void keeper_drop(const struct keeper *keeper, int number)
{
    const struct request request = {.wanted = WANTED_DROP, .number = number};
    struct error unused_error;
    (void)ask(keeper, &request, NULL, &unused_error);
}

void keeper_stop(struct keeper *keeper)
{
    const struct request request = {.wanted = WANTED_END};
    if (!keeper->socket)
        return;
    (void)send_request(keeper, &request);
    close(keeper->socket);
    process_reap(keeper->process);
    *keeper = (struct keeper){0};
}
