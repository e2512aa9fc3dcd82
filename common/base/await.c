/*
 * A thread that may be stopped asks first which of the two descriptors has something. Others read
 * at once, and wait where the descriptor doesn't: whoever shares it may have asked for that, as
 * node.js does and ssh.
 *
 * What may stop a thread is the thread's own: that spares all that lies between the pipeline and a
 * read (decoders, inflaters, their libraries) a parameter that means nothing to it.
 */
#include "base/await.h"

#include <errno.h>
#include <poll.h>

static _Thread_local int stop_waiting = -1;

void await_unless(int stop)
{
    stop_waiting = stop;
}

/* False when told to stop. What is wrong with `fd`, reading from it tells. */
static bool wait_for(int fd)
{
    struct pollfd polled[] = {{.fd = fd, .events = POLLIN}, {.fd = stop_waiting, .events = POLLIN}};
    while (poll(polled, 2, -1) < 0 && errno == EINTR)
        continue;
    return !polled[1].revents;
}

ssize_t await_readv(int fd, const struct iovec *parts, int count)
{
    ssize_t got;
    bool wait = stop_waiting >= 0;
    do {
        if (wait && !wait_for(fd)) {
            errno = ECANCELED;
            return -1;
        }
        got = readv(fd, parts, count);
        wait = wait || (got < 0 && errno == EAGAIN);
    } while (got < 0 && (errno == EINTR || errno == EAGAIN));
    return got;
}

ssize_t await_read(int fd, void *bytes, size_t size)
{
    return await_readv(fd, &(struct iovec){bytes, size}, 1);
}

bool await_waits(int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    return poll(&polled, 1, 0) == 0;
}
