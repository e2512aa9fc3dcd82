/*
 * seekable: a file that is read at any place, by minizip too, while the offset of its descriptor,
 * which others may share, stays where it is.
 *
 * One thread uses it at a time.
 */
#ifndef INPUT_SEEKABLE_H
#define INPUT_SEEKABLE_H

#include <zlib.h>

#include <minizip/ioapi.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seekable {
    int fd;
    uint64_t size; /* of the file */
    int failure;   /* errno of what the system refused last; 0: nothing was */
};

/* Borrows `fd`. False, with errno, where the system does not tell its size. */
bool seekable_open(struct seekable *file, int fd);

/* False where the file has no such bytes, or, and then `failure` is set, the system failed. */
bool seekable_read(struct seekable *file, uint64_t offset, void *bytes, size_t size);

/* The file for minizip, for as long as `file` stays where it is. */
zlib_filefunc64_def seekable_functions(struct seekable *file);

#endif
