/*
 * gzip: what stands around the deflate data of a gzip file (RFC 1952), which is a sequence of
 * members: a header, deflate data, a trailer.
 */
#ifndef INPUT_GZIP_H
#define INPUT_GZIP_H

#include "base/error.h"
#include "input/feed.h"

#include <stdbool.h>
#include <stdint.h>

enum gzip_next {
    GZIP_MEMBER, /* a header was read: deflate data follows */
    GZIP_END,    /* there are no more members */
    GZIP_FAILED
};

bool gzip_is(const unsigned char *bytes, size_t size);

/*
 * Reads the next header. Behind a member zeros are passed over, as tapes leave them; anything
 * else there is an error. Status INPUT, CUT or SYSTEM.
 */
enum gzip_next gzip_header(struct feed *feed, struct error *error);

/* The CRC-32 of the member's bytes, and their number modulo 2^32. Status CUT or SYSTEM. */
bool gzip_trailer(struct feed *feed, uint32_t *crc32, uint32_t *size, struct error *error);

#endif
