/*
 * files: what is done with descriptors in more than one place.
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all of it, however often write(2) has to be called; on false errno says why. */
bool files_write(int fd, const void *bytes, size_t size);

/*
 * A file without a name in `folder`, to be written and read: it is gone with the program, however
 * that ends. -1 on failure: errno says why.
 */
int files_nameless(const char *folder);

#endif
