/*
 * digest: the CRC-32 (that of zlib) and length of a sequence of bytes.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* Of no bytes: `{0}`. */
struct digest {
    uint32_t crc32;
    uint64_t size;
};

/* Goes on over `size` more bytes. */
void digest_update(struct digest *digest, const void *bytes, size_t size);

/* The digest of `first` followed by `second`. */
struct digest digest_joined(struct digest first, struct digest second);

#endif
