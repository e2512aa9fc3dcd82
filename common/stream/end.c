#include "stream/end.h"

#include "base/crc32.h"

#include <string.h>

/* The record is small and fixed, so it is laid down as bytes: what msgpack-c would write. */

enum { UINT32 = 0xce, UINT64 = 0xcf };

static unsigned char *put_text(unsigned char *at, const char *text)
{
    size_t size = strlen(text);
    *at++ = (unsigned char)(0xa0 | size);
    memcpy(at, text, size);
    return at + size;
}

static unsigned char *put_number(unsigned char *at, unsigned char type, int size, uint64_t value)
{
    *at++ = type;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        *at++ = (unsigned char)(value >> shift);
    return at;
}

void stream_end_pack(struct stream_end *end, uint32_t crc32, unsigned char bytes[STREAM_END_SIZE])
{
    unsigned char *at = bytes;
    *at++ = 0x85; /* a map of five */
    at = put_text(at, "end");
    *at++ = 0xc3; /* true */
    at = put_number(put_text(at, "rows"), UINT64, 8, end->rows);
    at = put_number(put_text(at, "blocks"), UINT64, 8, end->blocks);
    at = put_text(at, "read");
    *at++ = 0x82; /* a map of two */
    at = put_number(put_text(at, "crc32"), UINT32, 4, end->read.crc32);
    at = put_number(put_text(at, "size"), UINT64, 8, end->read.size);
    at = put_text(at, "crc32");
    *at++ = UINT32;
    end->crc32 = crc32_of(crc32, bytes, (size_t)(at - bytes));
    put_number(at - 1, UINT32, 4, end->crc32);
}

bool stream_end_seen(const unsigned char *bytes, size_t size)
{
    if (size < STREAM_END_SIZE)
        return false;
    const unsigned char *tail = bytes + size - STREAM_END_SIZE;
    /* Where two records of different numbers agree is the layout. */
    struct stream_end zeros = {0};
    struct stream_end ones = {UINT64_MAX, UINT64_MAX, {UINT32_MAX, UINT64_MAX}, 0};
    unsigned char a[STREAM_END_SIZE], b[STREAM_END_SIZE];
    stream_end_pack(&zeros, 0, a);
    stream_end_pack(&ones, 0, b);
    int differing = 0;
    for (int i = 0; i < STREAM_END_SIZE - 4; i++)
        differing += a[i] == b[i] && tail[i] != a[i];
    return differing <= 1;
}
