/*
 * end: the end record.
 *
 * Its keys are in one order. Its numbers are written at full width, STREAM_END_SIZE bytes in all,
 * and read in any width. Its CRC-32 is that of every byte before it, and of the byte with which
 * msgpack opens a number of 32 bits, in whatever width the CRC itself then stands there.
 *
 * A reader that meets end of file too early tells a stream that was cut (its last bytes are
 * something else) from a damaged one (an end record is there, but a changed length has made the
 * reader run past it).
 */
#ifndef STREAM_END_H
#define STREAM_END_H

#include "base/digest.h"

#include <msgpack.h>
#include <stdbool.h>
#include <stddef.h>
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
 * Unpacks the record bytes[0..size), which msgpack has as `map`. `crc32`: of every byte before it.
 * end->crc32 is what its CRC-32 has to be, and `*intact` whether it is. False: it is no such
 * record.
 */
bool stream_end_unpack(const msgpack_object *map, const unsigned char *bytes, size_t size,
                       uint32_t crc32, struct stream_end *end, bool *intact);

/* Whether bytes[0..size) end with such a record, one changed byte or wrong numbers allowed. */
bool stream_end_seen(const unsigned char *bytes, size_t size);

#endif
