#include "stream/crc32.h"

#include "base/cpu.h"

#include <zlib.h>

/* For less than this it does not pay to ask what the machine has. */
enum { LARGE = 1024, BLOCK = 64 };

uint32_t crc32_of(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
#if defined(__x86_64__)
    if (size >= LARGE && cpu_level() >= CPU_AVX2) {
        crc = crc32_blocks_avx2(crc, at, size / BLOCK);
        at += size / BLOCK * BLOCK;
        size %= BLOCK;
    }
#endif
    return size ? (uint32_t)crc32_z(crc, at, size) : crc;
}
