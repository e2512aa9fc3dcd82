/*
 * unpack: a record's bytes as a map.
 *
 * Internal to the folder.
 */
#ifndef STREAM_UNPACK_H
#define STREAM_UNPACK_H

#include "stream/frame.h"
#include "stream/stream.h"

/* The type of a list that was left as it lies (ext.ptr, from its head on): no stream has it. */
#define UNPACK_LIST MSGPACK_OBJECT_EXT

enum unpacked { UNPACKED, UNPACKED_BAD, UNPACKED_NO_MEMORY };

/*
 * Makes record->map of a record that `frame` was found around; with `leaves_lists` the arrays among
 * its values are left as they lie. `*why` is set to a sentence when BAD.
 */
enum unpacked unpack_record(struct stream_record *record, const struct frame *frame,
                            bool leaves_lists, const char **why);

#endif
