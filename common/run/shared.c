/*
 * Memory that is mapped as shared, which copy-on-write does not part. A file whose blocks were not
 * reserved would end the program by a signal when the disk is full.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "run/shared.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static bool map(struct shared *shared, size_t size, int fd)
{
    int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (memory == MAP_FAILED)
        return false;
    *shared = (struct shared){memory, size};
    return true;
}

/* Zeros take their place as any bytes do, and a disk that they don't fit on says so. */
static int fill(int fd, size_t size)
{
    static const char zeros[1 << 16];
    while (size) {
        const size_t piece = size < sizeof zeros ? size : sizeof zeros;
        if (!files_write(fd, zeros, piece))
            return errno;
        size -= piece;
    }
    return 0;
}

/* File systems that can't reserve blocks (NFS before 4.2, ext2, vfat) say so; glibc writes there,
   other C libraries hand it on. */
static int reserve(int fd, size_t size)
{
    const int cause = posix_fallocate(fd, 0, (off_t)size);
    return cause == EOPNOTSUPP || cause == EINVAL || cause == ENOSYS ? fill(fd, size) : cause;
}

static bool map_file(struct shared *shared, size_t size, const char *folder)
{
    int fd = files_nameless(folder);
    if (fd < 0)
        return false;
    int cause = reserve(fd, size);
    bool done = !cause && map(shared, size, fd);
    cause = done || cause ? cause : errno;
    close(fd); /* what is mapped stays */
    errno = cause;
    return done;
}

bool shared_make(struct shared *shared, size_t count, const char *folder)
{
    size_t size = count ? count * sizeof *shared->floats : 1;
    if (count > SIZE_MAX / sizeof *shared->floats) {
        errno = ENOMEM;
        return false;
    }
    return folder ? map_file(shared, size, folder) : map(shared, size, -1);
}

void shared_free(struct shared *shared)
{
    if (shared->floats)
        munmap(shared->floats, shared->size);
    *shared = (struct shared){0};
}
