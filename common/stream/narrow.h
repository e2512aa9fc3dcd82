/*
 * narrow: columns of unsigned numbers in 1, 2 or 4 bytes each, the fewest that hold them and the
 * mark of all ones; the column's size divided by its rows tells which. Internal to the folder.
 */
#ifndef STREAM_NARROW_H
#define STREAM_NARROW_H

#include "stream/stream.h"

/* The mark. */
#define NARROW_NONE UINT32_MAX

/* Status SYSTEM. */
bool narrow_put(struct stream_writer *writer, const char *key, const uint32_t *values, size_t count,
                struct error *error);

/* `count` is above 0. Status INPUT. */
bool narrow_get(const struct stream_record *record, const char *key, uint32_t *values, size_t count,
                struct error *error);

#endif
