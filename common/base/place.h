/*
 * place: what the name of an output stands for: a file, or a descriptor that this process has,
 * which /dev/stdout, /dev/fd/3 and /proc/self/fd/3 are other names of.
 *
 * What a descriptor leads to belongs to whoever opened it. A log that the shell appends to, say, is
 * written to where it stands, and never replaced.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Whether `path` (NULL or "-": standard output) is another name for a descriptor, by whatever
 * symbolic links; `*descriptor` is its number, or -1 where it is another process's.
 */
bool place_is_descriptor(const char *path, int *descriptor);

/*
 * A new descriptor that shares the offset with the one that `path` names. -1 and status SYSTEM
 * where that is not open for writing, or was not handed down to this process.
 */
int place_open_descriptor(const char *path, int descriptor, struct error *error);

/* Whether a regular file stands where an output (NULL or "-": standard output) goes. */
bool place_file(const char *path, struct stat *status);

/*
 * Refuses an output that is the file `input` ("-": standard input), which would be replaced by what
 * is made of it. Status USAGE.
 */
bool place_spares(const char *input, const char *output, struct error *error);

/*
 * Whether what is written to both would come into one file or pipe, by whatever names. Devices, as
 * /dev/null is one, take any number of outputs.
 */
bool place_same(const char *left, const char *right);

#endif
