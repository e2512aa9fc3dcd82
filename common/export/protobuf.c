/* A field is its number and wire type in one varint, then its value; of bytes the length first. */
#include "export/protobuf.h"

#include <string.h>

enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };

void protobuf_varint(struct buffer *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        buffer_byte(to, (char)(value | 0x80));
    buffer_byte(to, (char)value);
}

void protobuf_float(struct buffer *to, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int byte = 0; byte < 4; byte++)
        buffer_byte(to, (char)(bits >> 8 * byte));
}

static void put_key(struct buffer *to, unsigned field, unsigned wire)
{
    protobuf_varint(to, field << 3 | wire);
}

void protobuf_number(struct buffer *to, unsigned field, uint64_t value)
{
    put_key(to, field, WIRE_VARINT);
    protobuf_varint(to, value);
}

void protobuf_text(struct buffer *to, unsigned field, struct text text)
{
    put_key(to, field, WIRE_BYTES);
    protobuf_varint(to, text.size);
    buffer_bytes(to, text.data, text.size);
}

void protobuf_bytes(struct buffer *to, unsigned field, const struct buffer *bytes)
{
    to->out_of_memory |= bytes->out_of_memory;
    protobuf_text(to, field, (struct text){bytes->bytes, bytes->size});
}
