/*
 * A thread that may be ended keeps cancellation off, but for the time that it waits here. Which is
 * why the state that was is put back, not off: the main thread, which nobody cancels, has it on.
 */
#include "base/await.h"

#include <errno.h>
#include <pthread.h>

ssize_t await_readv(int fd, const struct iovec *parts, int count)
{
    int before;
    ssize_t got;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
    do
        got = readv(fd, parts, count);
    while (got < 0 && errno == EINTR);
    int cause = errno;
    pthread_setcancelstate(before, NULL);
    errno = cause;
    return got;
}

ssize_t await_read(int fd, void *bytes, size_t size)
{
    return await_readv(fd, &(struct iovec){bytes, size}, 1);
}
