/* Where the system has no files without a name, one whose name is taken away at once. */
#define _GNU_SOURCE /* O_TMPFILE, statx, renameat2, syscall */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <sys/vfs.h>
#endif

/* Whether to try again, after a wait where the descriptor doesn't wait itself, which whoever shares
   it may have asked for. */
static bool may_write_again(int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLOUT};
    const int cause = errno;
    const bool again =
        cause == EINTR || (cause == EAGAIN && (poll(&polled, 1, -1) > 0 || errno == EINTR));
    errno = cause;
    return again;
}

bool files_write(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t put = write(fd, at, size);
        if (put < 0 && !may_write_again(fd))
            return false;
        if (put > 0) {
            at += put;
            size -= (size_t)put;
        }
    }
    return true;
}

static int open_unlinked(const char *folder)
{
    static const char name[] = "/glovepipe-XXXXXX";
    size_t size = strlen(folder) + sizeof name;
    char *path = malloc(size);
    if (!path)
        return -1;
    snprintf(path, size, "%s%s", folder, name);
    int fd = mkstemp(path);
    if (fd >= 0) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        unlink(path);
    }
    free(path);
    return fd;
}

#ifdef O_TMPFILE
static int open_nameless(const char *folder)
{
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

bool files_know_nameless(const char *folder)
{
    int fd = open_nameless(folder);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* What file systems that have none say, and kernels. */
static bool is_unknown(void)
{
    return errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL;
}
#else
static int open_nameless(const char *unused_folder)
{
    (void)unused_folder;
    return -1;
}

bool files_know_nameless(const char *unused_folder)
{
    (void)unused_folder;
    return false;
}

static bool is_unknown(void)
{
    return true;
}
#endif

int files_nameless(const char *folder)
{
    int fd = open_nameless(folder);
    return fd >= 0 || !is_unknown() ? fd : open_unlinked(folder);
}

bool files_can_be_made(const char *folder)
{
    struct stat status;
    if (stat(folder, &status) != 0)
        return false;
    if (S_ISDIR(status.st_mode))
        return access(folder, W_OK | X_OK) == 0;
    errno = ENOTDIR;
    return false;
}

/* The device tells nothing: a mount may be of the same one, and a file of an overlay of another. */
bool files_is_mount_point(const char *path)
{
#ifdef STATX_ATTR_MOUNT_ROOT
    struct statx status;
    return statx(AT_FDCWD, path, 0, STATX_TYPE, &status) == 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT);
#else
    (void)path;
    return false;
#endif
}

/* musl has no such function before 1.2.6. */
bool files_exchange(const char *one, const char *other)
{
#if defined RENAME_EXCHANGE
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0;
#elif defined SYS_renameat2
    enum { EXCHANGE = 1 << 1 };
    return syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, EXCHANGE) == 0;
#else
    (void)one, (void)other;
    errno = ENOSYS;
    return false;
#endif
}

int files_folder_size(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path) + 1 : 0;
}

char *files_folder(const char *path)
{
    int size = files_folder_size(path);
    return size ? strndup(path, size == 1 ? 1 : (size_t)size - 1) : strdup(".");
}

/* ---- temporary files ---- */

#ifdef __linux__
bool files_take_memory(const char *folder)
{
    enum { TMPFS = 0x01021994 };
    const uint32_t ramfs = 0x858458f6;
    struct statfs status;
    return statfs(folder, &status) == 0 &&
           ((uint32_t)status.f_type == TMPFS || (uint32_t)status.f_type == ramfs);
}
#else
bool files_take_memory(const char *unused_folder)
{
    (void)unused_folder;
    return false;
}
#endif

const char *files_temporary(void)
{
    const char *named = getenv("TMPDIR");
    const int cause = errno; /* messages of what failed there name it */
    if (named && *named)
        return named;
    const bool other = files_take_memory("/tmp") && files_can_be_made("/var/tmp") &&
                       !files_take_memory("/var/tmp");
    errno = cause;
    return other ? "/var/tmp" : "/tmp";
}

/* ---- the disk ---- */

/* Some file systems have nothing to save, and say so. */
bool files_save(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
}

static bool save_and_close(int fd)
{
    bool saved = files_save(fd);
    int cause = errno;
    close(fd);
    errno = cause;
    return saved;
}

bool files_save_folder(const char *path)
{
    char *folder = files_folder(path);
    if (!folder)
        return false;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int cause = errno;
    free(folder);
    errno = cause;
    return fd < 0 ? cause == EACCES : save_and_close(fd);
}
