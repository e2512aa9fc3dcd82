/*
 * protobuf: the wire format of Protocol Buffers, written (protobuf.dev, "Encoding").
 *
 * Internal to the folder.
 */
#ifndef EXPORT_PROTOBUF_H
#define EXPORT_PROTOBUF_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdint.h>

/* A number of seven bits a byte, the lowest first; the last byte has no highest bit. */
void protobuf_varint(struct buffer *to, uint64_t value);

/* The four bytes of a float, little-endian. */
void protobuf_float(struct buffer *to, float value);

/* Fields: a number (0 and more); a text; a message, or packed numbers, that stand in `bytes`. */
void protobuf_number(struct buffer *to, unsigned field, uint64_t value);
void protobuf_text(struct buffer *to, unsigned field, struct text text);
void protobuf_bytes(struct buffer *to, unsigned field, const struct buffer *bytes);

#endif
