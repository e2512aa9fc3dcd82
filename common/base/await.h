/*
 * await: reading what may be long in coming, in a thread that can be told to stop waiting.
 *
 * Data from a pipe or a terminal comes when somebody sends it. Streams, documents and sources wait
 * for it by these calls, so that a failure elsewhere is told now, and not when the input ends
 * (par/pipeline.h).
 */
#ifndef BASE_AWAIT_H
#define BASE_AWAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

/*
 * From now on the calling thread's waits end when `stop`, a descriptor, is readable or at its end.
 * -1, as at first: they don't.
 */
void await_unless(int stop);

/* As read(2) and readv(2), but that no signal interrupts them; errno ECANCELED: told to stop. */
ssize_t await_read(int fd, void *bytes, size_t size);
ssize_t await_readv(int fd, const struct iovec *parts, int count);

/* Whether a read from `fd` would have to wait; a file, and what is at its end, never does. */
bool await_waits(int fd);

#endif
