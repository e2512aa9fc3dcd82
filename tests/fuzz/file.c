/* Parsers read from files, so the bytes are put into one, which is in memory. */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[32];
    if (fd < 0) {
        fd = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    FUZZ_REQUIRE(fd >= 0 && ftruncate(fd, 0) == 0);
    FUZZ_REQUIRE(size == 0 || pwrite(fd, data, size, 0) == (ssize_t)size);
    return path;
}

char *fuzz_padded(const uint8_t *data, size_t size, size_t padding)
{
    char *memory = calloc(1, padding + size + 1 + padding);
    FUZZ_REQUIRE(memory);
    if (size)
        memcpy(memory + padding, data, size);
    memory[padding + size] = '\n';
    return memory;
}
