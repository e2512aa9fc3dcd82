/*
 * crc32: the CRC-32 of gzip, zip and zlib (RFC 1952, section 8), by carry-less multiplication
 * where the machine has it.
 */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`, which is that of the bytes before, or 0. Thread-safe. */
uint32_t crc32_of(uint32_t crc, const void *bytes, size_t size);

/* That of bytes of `first` followed by `second_size` bytes of `second`. */
uint32_t crc32_joined(uint32_t first, uint32_t second, uint64_t second_size);

/*
 * A kernel: 64 bytes at a time, of which there must be some; `blocks` counts them. The portable
 * definition is zlib's crc32_z.
 */
typedef uint32_t crc32_blocks(uint32_t crc, const unsigned char *bytes, size_t blocks);

crc32_blocks crc32_blocks_avx2;

/* The one that crc32_of takes, as cpu_level has it, for so many bytes; NULL: zlib's alone. */
crc32_blocks *crc32_kernel_for(size_t size);
/* What the level of the one for large sizes is called. */
const char *crc32_kernel_name(void);

#endif
