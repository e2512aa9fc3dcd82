/*
 * Changes to a stream that leave its sum right: a reader that refuses all but one of 2^32 would
 * never be passed. The last five bytes of a stream are its CRC-32 and what comes before, 0xce.
 */
#include "base/crc32.h"
#include "fuzz.h"

#include <string.h>

enum { SUM = 4, END = 78 /* bytes of an end record */ };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

static void mend(uint8_t *data, size_t size)
{
    static const char key[] = "crc32\xce";
    const size_t before = SUM + sizeof key - 1;
    if (size < before || memcmp(data + size - before, key, sizeof key - 1) != 0)
        return;
    uint32_t sum = crc32_of(0, data, size - SUM);
    for (int i = 0; i < SUM; i++)
        data[size - SUM + i] = (uint8_t)(sum >> (24 - 8 * i));
}

/* Three times of four the end stays, and what is before it changes. */
size_t fuzz_change_stream(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size_t kept = seed % 4 && size > END ? END : 0;
    uint8_t end[END];
    memcpy(end, data + size - kept, kept);
    size = LLVMFuzzerMutate(data, size - kept, most - kept);
    memcpy(data + size, end, kept);
    size += kept;
    mend(data, size);
    return size;
}

/* parts.c has one for inputs that are several streams. */
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                                                     unsigned seed)
{
    return fuzz_change_stream(data, size, most, seed);
}
