/* Whole blocks go through the kernel of this machine, what is left and what is short to zlib. */
#include "base/crc32.h"

#include "base/cpu.h"

#include <zlib.h>

/* For less than this it does not pay to ask what the machine has. */
enum { LARGE = 256, BLOCK = 64 };

static crc32_blocks *const twins[CPU_LEVELS] = {[CPU_AVX2] = CPU_X86(crc32_blocks_avx2)};

crc32_blocks *crc32_kernel_for(size_t size)
{
    return size < LARGE ? NULL : CPU_BEST(twins, cpu_level());
}

const char *crc32_kernel_name(void)
{
    return cpu_level_name(CPU_BEST_LEVEL(twins, cpu_level()));
}

uint32_t crc32_of(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    crc32_blocks *kernel = crc32_kernel_for(size);
    if (kernel) {
        crc = kernel(crc, at, size / BLOCK);
        at += size / BLOCK * BLOCK;
        size %= BLOCK;
    }
    return size ? (uint32_t)crc32_z(crc, at, size) : crc;
}

uint32_t crc32_joined(uint32_t first, uint32_t second, uint64_t second_size)
{
    return (uint32_t)crc32_combine(first, second, (z_off_t)second_size);
}
