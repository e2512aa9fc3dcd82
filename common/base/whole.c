/* A signal, or a pipe that is nearly full, ends a write early. */
#include "base/whole.h"

#include <errno.h>
#include <unistd.h>

bool whole_write(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t put = write(fd, at, size);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            at += put;
            size -= (size_t)put;
        }
    }
    return true;
}
