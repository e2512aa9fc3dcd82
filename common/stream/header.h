/*
 * header: the first record of a stream, packed and unpacked.
 */
#ifndef STREAM_HEADER_H
#define STREAM_HEADER_H

#include "stream/stream.h"

#include <msgpack.h>

/* The bytes that every header starts with, after its first one. */
#define STREAM_MAGIC                                                                               \
    "\xa6"                                                                                         \
    "format"                                                                                       \
    "\xa9"                                                                                         \
    "glovepipe"

/* Packs `header`; that memory is out, what the packer writes to says. */
void header_pack(const struct stream_header *header, msgpack_packer *packer);

/* Unpacks and checks it; the sentence leaves the place to the caller. Status INPUT or SYSTEM. */
bool header_unpack(const msgpack_object *map, struct stream_header *header, struct error *error);

#endif
