/*
 * A gzip header is read field by field, since its optional ones have no length of their own but
 * go on to a zero byte. Nothing of them is kept.
 */
#include "input/gzip.h"

#include <string.h>

enum { FIXED_SIZE = 10, DEFLATE = 8, TRAILER_SIZE = 8 };

enum { HEADER_CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16, RESERVED = 0xe0 };

static const unsigned char start[] = {0x1f, 0x8b};

bool gzip_is(const unsigned char *bytes, size_t size)
{
    return size >= sizeof start && memcmp(bytes, start, sizeof start) == 0;
}

static bool cut(const struct feed *feed, struct error *error)
{
    return error_set(error, STATUS_CUT, "%s: the gzip data ends early: fetch or make it again",
                     feed->name);
}

static bool take(struct feed *feed, void *bytes, size_t size, struct error *error)
{
    size_t got;
    if (!feed_read(feed, bytes, size, &got, error))
        return false;
    return got == size || cut(feed, error);
}

static bool skip_text(struct feed *feed, struct error *error)
{
    unsigned char byte;
    do
        if (!take(feed, &byte, 1, error))
            return false;
    while (byte);
    return true;
}

static bool skip_extra(struct feed *feed, struct error *error)
{
    unsigned char size[2], extra[UINT16_MAX];
    return take(feed, size, 2, error) &&
           take(feed, extra, (size_t)size[0] | (size_t)size[1] << 8, error);
}

static bool skip_options(struct feed *feed, unsigned flags, struct error *error)
{
    unsigned char crc[2];
    return (!(flags & EXTRA) || skip_extra(feed, error)) &&
           (!(flags & NAME) || skip_text(feed, error)) &&
           (!(flags & COMMENT) || skip_text(feed, error)) &&
           (!(flags & HEADER_CRC) || take(feed, crc, sizeof crc, error));
}

/* Passes over zeros, to something else or the end, where nothing is available. */
static bool skip_padding(struct feed *feed, struct error *error)
{
    for (;;) {
        if (!feed_fill(feed, error))
            return false;
        if (!feed->available || *feed->next)
            return true;
        feed->next++;
        feed->available--;
    }
}

enum gzip_next gzip_header(struct feed *feed, struct error *error)
{
    unsigned char fixed[FIXED_SIZE];
    size_t got;
    if (!skip_padding(feed, error))
        return GZIP_FAILED;
    if (!feed->available)
        return GZIP_END;
    if (!feed_read(feed, fixed, sizeof fixed, &got, error))
        return GZIP_FAILED;
    if (got < sizeof fixed && memcmp(fixed, start, got < sizeof start ? got : sizeof start) == 0) {
        cut(feed, error);
        return GZIP_FAILED;
    }
    if (!gzip_is(fixed, got) || fixed[2] != DEFLATE || fixed[3] & RESERVED) {
        error_set(error, STATUS_INPUT,
                  "%s: byte %llu: this is no gzip data any more: cut off what is behind it, or "
                  "fetch it again",
                  feed->name, (unsigned long long)(feed_position(feed) - got));
        return GZIP_FAILED;
    }
    return skip_options(feed, fixed[3], error) ? GZIP_MEMBER : GZIP_FAILED;
}

static uint32_t little_endian(const unsigned char bytes[4])
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

bool gzip_trailer(struct feed *feed, uint32_t *crc32, uint32_t *size, struct error *error)
{
    unsigned char bytes[TRAILER_SIZE];
    if (!take(feed, bytes, sizeof bytes, error))
        return false;
    *crc32 = little_endian(bytes);
    *size = little_endian(bytes + 4);
    return true;
}
