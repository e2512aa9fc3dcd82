/*
 * path_twice: a file that is named twice, whose documents would count twice.
 */
#ifndef RUN_PATH_TWICE_H
#define RUN_PATH_TWICE_H

#include <stddef.h>

/* A path that leads to the same file or folder as another, by whatever names; NULL: none does, or
   memory is out. */
const char *path_twice(const char *const *paths, size_t count);

#endif
