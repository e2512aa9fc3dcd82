/*
 * end: the end record, which has one layout to the byte.
 *
 * Its numbers are written at full width, so that it is STREAM_END_SIZE bytes in every stream.
 * That lets a reader that meets end of file too early tell a stream that was cut (its last bytes
 * are something else) from a damaged one (an end record is there, but a changed length has made
 * the reader run past it).
 */
#ifndef STREAM_END_H
#define STREAM_END_H

#include "base/digest.h"

#include <stdbool.h>
#include <stdint.h>

enum { STREAM_END_SIZE = 78 };

struct stream_end {
    uint64_t rows, blocks;
    struct digest read; /* of what the writer read */
    uint32_t crc32;     /* of every byte of the stream before this number */
};

/* `crc32` on entry: of every byte before the record; it is carried on over the record itself. */
void stream_end_pack(struct stream_end *end, uint32_t crc32, unsigned char bytes[STREAM_END_SIZE]);

/*
 * Whether the last STREAM_END_SIZE of bytes[0..size) are an end record, one changed byte or
 * wrong numbers allowed.
 */
bool stream_end_seen(const unsigned char *bytes, size_t size);

#endif
