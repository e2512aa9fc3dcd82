/*
 * scratch: a temporary file without a name, for what memory can't hold.
 *
 * It vanishes with the process however that ends. One thread appends at a time; any number may
 * read at once what was appended before.
 */
#ifndef GLOVE_SCRATCH_H
#define GLOVE_SCRATCH_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start from scratch_in; the file is made by the first append. Closed by scratch_close. */
struct scratch {
    const char *folder; /* borrowed */
    int fd;             /* -1: nothing was appended yet */
    uint64_t size;
};

/* `folder` must outlive the file. */
struct scratch scratch_in(const char *folder);

/* Appends bytes, which then start at the offset that `size` was. Status SYSTEM. */
bool scratch_append(struct scratch *scratch, const void *bytes, size_t size, struct error *error);

/* Reads `size` bytes that were appended, from `offset` on. Status SYSTEM. */
bool scratch_read(const struct scratch *scratch, uint64_t offset, void *bytes, size_t size,
                  struct error *error);

void scratch_close(struct scratch *scratch);

#endif
