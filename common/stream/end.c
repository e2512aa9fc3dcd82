/*
 * The record is small, so this project's writers lay it down as bytes, all numbers at full width.
 * Readers take any width, as the packers of other languages choose it, so the place of the CRC-32
 * is looked for from the record's end.
 */
#include "stream/end.h"

#include "base/crc32.h"
#include "stream/lineage_inner.h"
#include "stream/object.h"

#include <string.h>

enum { UINT8 = 0xcc, UINT16, UINT32, UINT64 };

/* ---- writing ---- */

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

/* ---- reading ---- */

/* The bytes of an unsigned number that begins with `type`; 0: there is none. */
static size_t number_size(unsigned char type)
{
    if (type < 0x80)
        return 1;
    return type < UINT8 || type > UINT64 ? 0 : 1 + ((size_t)1 << (type - UINT8));
}

/* Where the number begins that ends bytes[0..size) and stands under `crc32`; 0: nowhere. */
static size_t crc_place(const unsigned char *bytes, size_t size)
{
    static const char key[] = "crc32";
    for (size_t number = 1; number <= 9 && number + sizeof key - 1 < size; number++) {
        size_t at = size - number;
        if (number_size(bytes[at]) == number &&
            memcmp(bytes + at - (sizeof key - 1), key, sizeof key - 1) == 0)
            return at;
    }
    return 0;
}

static bool unpack_number(const msgpack_object *map, const char *key, uint64_t *number)
{
    const msgpack_object *found = object_find_typed(map, key, MSGPACK_OBJECT_POSITIVE_INTEGER);
    *number = found ? found->via.u64 : 0;
    return found;
}

bool stream_end_unpack(const msgpack_object *map, const unsigned char *bytes, size_t size,
                       uint32_t crc32, struct stream_end *end, bool *intact)
{
    const msgpack_object *mark = object_find_typed(map, "end", MSGPACK_OBJECT_BOOLEAN);
    size_t place = crc_place(bytes, size);
    uint64_t crc;
    if (!mark || !mark->via.boolean || !place || !unpack_number(map, "rows", &end->rows) ||
        !unpack_number(map, "blocks", &end->blocks) || !unpack_number(map, "crc32", &crc) ||
        !digest_unpack(map, &end->read))
        return false;
    const unsigned char type = UINT32;
    end->crc32 = crc32_of(crc32_of(crc32, bytes, place), &type, 1);
    *intact = crc == end->crc32;
    return true;
}

/* ---- an end from its last bytes ---- */

/* The record's bytes but for its numbers, each of which is a NUMBER. */
#define NUMBER "#"
static const char layout[] = "\x85\xa3"
                             "end\xc3\xa4"
                             "rows" NUMBER "\xa6"
                             "blocks" NUMBER "\xa4"
                             "read\x82\xa5"
                             "crc32" NUMBER "\xa4"
                             "size" NUMBER "\xa5"
                             "crc32" NUMBER;

/*
 * Whether bytes[0..size) end with the first `left` of `layout`, but for one byte that is in no
 * number: a number's own first byte says where it begins. `wrong` bytes differ so far.
 */
static bool ends_with_layout(const unsigned char *bytes, size_t size, size_t left, int wrong)
{
    for (; left && layout[left - 1] != NUMBER[0]; left--, size--)
        if (!size || (wrong += bytes[size - 1] != (unsigned char)layout[left - 1]) > 1)
            return false;
    if (!left)
        return true;
    for (size_t number = 1; number <= 9 && number <= size; number++)
        if (number_size(bytes[size - number]) == number &&
            ends_with_layout(bytes, size - number, left - 1, wrong))
            return true;
    return false;
}

/* The same for numbers at full width, one of whose first bytes may be the one that differs. */
static bool ends_at_full_width(const unsigned char *bytes, size_t size)
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

bool stream_end_seen(const unsigned char *bytes, size_t size)
{
    return ends_at_full_width(bytes, size) || ends_with_layout(bytes, size, sizeof layout - 1, 0);
}
