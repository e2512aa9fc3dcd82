/*
 * path: the names that users give to files.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether it is `-`, or none at all: standard input, or standard output. */
static inline bool path_is_standard(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

/* How messages call a file that is read. */
static inline const char *path_called(const char *path)
{
    return path_is_standard(path) ? "standard input" : path;
}

/* Whether the name ends so, in upper case or lower, but for what the file is packed in. */
bool path_ends_with(const char *path, const char *ending);

/* The ending by which the name says that the file is packed, `.gz` or the like; NULL: there is
 * none. */
const char *path_packing(const char *path);

#endif
