/*
 * A request and its answer are a message each. Only the program's calling thread asks, and waits
 * for the answer, so that they can't be mixed up; its workers hold the socket, and so keep the
 * keeper from ending before them, but don't ask.
 */
#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "base/keeper.h"

#include "base/hidden.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
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

enum { LOOK_EVERY = 100 }; /* milliseconds */

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

static struct answer serve(const struct keeper *keeper, const struct request *request,
                           struct hidden hidden[KEEPER_MOST])
{
    struct answer answer = {.error = {STATUS_SYSTEM, "no such output is open"}};
    if (request->number < 0 || request->number >= keeper->count)
        return answer;
    struct hidden *file = &hidden[request->number];
    const char *path = keeper->paths[request->number];
    switch (request->wanted) {
    case WANTED_OPEN:
        hidden_drop(file);
        answer.done = hidden_open(file, path, path, &answer.error);
        break;
    case WANTED_APPEAR:
        answer.done = file->path && hidden_appear(file, request->sync, path, &answer.error);
        break;
    case WANTED_DROP:
        hidden_drop(file);
        answer.done = true;
        break;
    case WANTED_END:
        break;
    }
    return answer;
}

/* Sends a message, and with it a descriptor where there is one. */
static bool send_answer(int socket, const struct answer *answer, int fd)
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
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *answer;
}

static bool receive(int socket, void *bytes, size_t size)
{
    ssize_t got;
    do
        got = recv(socket, bytes, size, 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)size;
}

static _Noreturn void keep(const struct keeper *keeper, int socket)
{
    struct hidden hidden[KEEPER_MOST];
    struct request request;
    for (int i = 0; i < KEEPER_MOST; i++)
        hidden[i] = HIDDEN_NONE;
    process_withdraw(socket);
    struct answer answer = {.done = true}; /* it is there */
    int fd = -1;
    while (send_answer(STDIN_FILENO, &answer, fd) &&
           receive(STDIN_FILENO, &request, sizeof request) && request.wanted != WANTED_END) {
        answer = serve(keeper, &request, hidden);
        fd = answer.done && request.wanted == WANTED_OPEN ? hidden[request.number].fd : -1;
    }
    for (int i = 0; i < KEEPER_MOST; i++)
        hidden_drop(&hidden[i]);
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

/* Takes an answer, and the descriptor that comes with it, or -1. */
static bool take_answer(int socket, struct answer *answer, int *fd)
{
    union passed passed = {.head.cmsg_len = 0};
    struct iovec bytes = {answer, sizeof *answer};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = passed.bytes,
                             .msg_controllen = sizeof passed.bytes};
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *fd = -1;
    if (got > 0 && head && head->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(head), sizeof *fd);
    return got == (ssize_t)sizeof *answer;
}

/* Waits for its first answer, unless it is stopped before it could leave the terminal. */
static bool is_there(pid_t process, int socket)
{
    struct pollfd answers = {.fd = socket, .events = POLLIN};
    struct answer answer;
    int unused, ready;
    while ((ready = poll(&answers, 1, LOOK_EVERY)) == 0 || (ready < 0 && errno == EINTR))
        if (process_is_stopped(process))
            return false;
    return ready > 0 && take_answer(socket, &answer, &unused);
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

/* Asks, and waits for the answer. */
static bool ask(const struct keeper *keeper, const struct request *request, int *fd,
                struct error *error)
{
    struct answer answer;
    if (!send_request(keeper, request) || !take_answer(keeper->socket, &answer, fd))
        return error_set(error, STATUS_SYSTEM, "%s: the process that would name it is gone",
                         keeper->paths[request->number]);
    if (!answer.done)
        *error = answer.error;
    return answer.done;
}

int keeper_open(const struct keeper *keeper, int number, struct error *error)
{
    const struct request request = {.wanted = WANTED_OPEN, .number = number};
    int fd;
    if (!ask(keeper, &request, &fd, error))
        return -1;
    errno = EMFILE; /* for it, the only reason for which none comes */
    if (fd < 0)
        (void)error_errno(error, "%s: can't write beside it", keeper->paths[number]);
    return fd;
}

bool keeper_appear(const struct keeper *keeper, int number, bool sync, struct error *error)
{
    const struct request request = {.wanted = WANTED_APPEAR, .number = number, .sync = sync};
    int unused;
    return ask(keeper, &request, &unused, error);
}

void keeper_drop(const struct keeper *keeper, int number)
{
    const struct request request = {.wanted = WANTED_DROP, .number = number};
    struct error unused_error;
    int unused;
    (void)ask(keeper, &request, &unused, &unused_error);
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
