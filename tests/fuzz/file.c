/* Parsers read from files, so the bytes are put into one, which is in memory. */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct file {
    bool open;
    int fd;
    char path[32];
};

/* Makes it where it is not there yet, and empties it. */
static void begin(struct file *file, unsigned flags)
{
    if (!file->open) {
        file->fd = memfd_create("fuzz", flags);
        snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
        file->open = true;
    }
    FUZZ_REQUIRE(file->fd >= 0 && ftruncate(file->fd, 0) == 0);
}

const char *fuzz_file_of(unsigned file, const uint8_t *data, size_t size)
{
    static struct file files[FUZZ_PARTS];
    FUZZ_REQUIRE(file < FUZZ_PARTS);
    begin(&files[file], MFD_CLOEXEC);
    FUZZ_REQUIRE(size == 0 || pwrite(files[file].fd, data, size, 0) == (ssize_t)size);
    return files[file].path;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    return fuzz_file_of(0, data, size);
}

const char *fuzz_output(void)
{
    static struct file output;
    begin(&output, 0); /* what is closed on exec counts as not given by the shell */
    FUZZ_REQUIRE(lseek(output.fd, 0, SEEK_SET) == 0);
    return output.path;
}

size_t fuzz_split(const uint8_t *data, size_t size, struct fuzz_part parts[FUZZ_PARTS])
{
    const size_t before = size ? data[0] % FUZZ_PARTS : 0, head = 1 + 2 * before;
    if (size < head)
        return 0;
    const uint8_t *at = data + head;
    size_t left = size - head;
    for (size_t i = 0; i < before; i++) {
        const size_t wanted = data[1 + 2 * i] + ((size_t)data[2 + 2 * i] << 8);
        parts[i] = (struct fuzz_part){at, wanted < left ? wanted : left};
        at += parts[i].size;
        left -= parts[i].size;
    }
    parts[before] = (struct fuzz_part){at, left};
    return before + 1;
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
