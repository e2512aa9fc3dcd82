/*
 * parts: what a linear stream consists of, in its header.
 */
#ifndef STREAM_PARTS_H
#define STREAM_PARTS_H

#include "stream/stream.h"

#include <msgpack.h>

enum { PARTS_NAME = 64 /* bytes of a part's name */ };

/* As `parts` in a header. */
void parts_pack(const struct stream_header *header, msgpack_packer *packer);

/*
 * From it, after the classes; the sentence leaves the place to the caller. Status INPUT or SYSTEM;
 * what is allocated is freed by parts_free in either case.
 */
bool parts_unpack(const msgpack_object *map, struct stream_header *header, struct error *error);

void parts_free(struct stream_header *header);

#endif
