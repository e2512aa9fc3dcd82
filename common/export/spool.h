/*
 * spool: bytes that wait in a file without a name for what has to come before them.
 *
 * Internal to the folder.
 */
#ifndef EXPORT_SPOOL_H
#define EXPORT_SPOOL_H

#include "base/error.h"
#include "base/output.h"

#include <stdbool.h>
#include <stddef.h>

struct spool {
    int fd;
};

#define SPOOL_CLOSED ((struct spool){-1})

/* Where temporary files go (base/files.h). Status SYSTEM. */
bool spool_open(struct spool *spool, struct error *error);

bool spool_write(struct spool *spool, const void *bytes, size_t size, struct error *error);

/* From now on spool_read gives the bytes from the first one; `*got` is 0 at their end. */
bool spool_rewind(struct spool *spool, struct error *error);
bool spool_read(struct spool *spool, void *bytes, size_t size, size_t *got, struct error *error);

/* Writes all of it to `output`. */
bool spool_copy(struct spool *spool, struct output *output, struct error *error);

/* Of one that was not opened: nothing. */
void spool_close(struct spool *spool);

#endif
