/*
 * await: reading what may be long in coming.
 *
 * Data from a pipe or a terminal comes when somebody sends it. A thread that waits for it in these
 * calls, and nowhere else, can be ended (par/pipeline.h), so that a failure elsewhere is told now
 * and not when the input ends. For any other thread they are read(2) and readv(2), but that a
 * signal does not interrupt them.
 *
 * So a caller that may run in such a thread holds no lock, and no memory that only it knows of.
 */
#ifndef BASE_AWAIT_H
#define BASE_AWAIT_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

ssize_t await_read(int fd, void *bytes, size_t size);
ssize_t await_readv(int fd, const struct iovec *parts, int count);

#endif
