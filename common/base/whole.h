/*
 * whole: writing all of it.
 */
#ifndef BASE_WHOLE_H
#define BASE_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

/* `size` bytes, however often write(2) has to be called. On false errno says why. */
bool whole_write(int fd, const void *bytes, size_t size);

#endif
