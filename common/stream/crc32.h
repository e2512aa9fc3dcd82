/*
 * crc32: the CRC-32 of gzip, zip and zlib (RFC 1952, section 8), by carry-less multiplication
 * where the machine has it.
 */
#ifndef STREAM_CRC32_H
#define STREAM_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`, which is that of the bytes before, or 0. Thread-safe. */
uint32_t crc32_of(uint32_t crc, const void *bytes, size_t size);

/*
 * The kernel: 64 bytes at a time, of which there must be some; `blocks` counts them. The portable
 * definition is zlib's crc32_z.
 */
uint32_t crc32_blocks_avx2(uint32_t crc, const unsigned char *bytes, size_t blocks);

#endif
