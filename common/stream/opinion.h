/*
 * opinion: what evidence says for itself beside a forest's trees, in the forest's header.
 */
#ifndef STREAM_OPINION_H
#define STREAM_OPINION_H

#include "stream/stream.h"

#include <msgpack.h>

/* As `opinion` in the header of a forest that has one. */
void opinion_pack(const struct stream_header *header, msgpack_packer *packer);

/*
 * From it, after the classes, if it is there; the sentence leaves the place to the caller. Status
 * INPUT or SYSTEM; what is allocated is freed by stream_opinion_free in either case.
 */
bool opinion_unpack(const msgpack_object *map, struct stream_header *header, struct error *error);

#endif
