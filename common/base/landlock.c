/*
 * The three calls of Landlock, by number, and its structures: C libraries have neither, and the
 * headers that a system is built with may be older than the kernel that it runs.
 */
#define _GNU_SOURCE /* O_PATH, syscall */
#include "base/landlock.h"

#include <errno.h>

#ifdef __linux__
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One number on all machines, but where calls are counted from elsewhere. */
#if !defined __NR_landlock_create_ruleset && !defined __alpha__ && !defined __mips__
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif
#endif

#if defined __NR_landlock_create_ruleset && defined O_PATH

enum { ASK_ABI = 1, PATH_BENEATH = 1 };

enum { FIRST_RIGHTS = (1 << 13) - 1, RIGHT_TO_MOVE = 1 << 13 };

enum { OF_FILES = LANDLOCK_WRITE | LANDLOCK_READ | LANDLOCK_TRUNCATE | LANDLOCK_DEVICE };

/* What is to be forbidden. Fields that a kernel does not know have to be 0. */
struct ruleset {
    uint64_t files;
    uint64_t network; /* TCP: bind, connect */
    uint64_t scopes;  /* abstract sockets, signals */
};

struct rule {
    uint64_t access;
    int32_t fd;
} __attribute__((packed));

static uint64_t rights_of(int abi)
{
    uint64_t rights = FIRST_RIGHTS;
    if (abi >= 2)
        rights |= RIGHT_TO_MOVE;
    if (abi >= 3)
        rights |= LANDLOCK_TRUNCATE;
    if (abi >= 5)
        rights |= LANDLOCK_DEVICE;
    return rights;
}

bool landlock_begin(struct landlock *landlock)
{
    landlock->fd = -1;
    landlock->abi = (int)syscall(__NR_landlock_create_ruleset, NULL, (size_t)0, ASK_ABI);
    if (landlock->abi < 1)
        return false;
    const struct ruleset all = {.files = rights_of(landlock->abi),
                                .network = landlock->abi >= 4 ? 3 : 0,
                                .scopes = landlock->abi >= 6 ? 3 : 0};
    landlock->fd = (int)syscall(__NR_landlock_create_ruleset, &all, sizeof all, 0);
    return landlock->fd >= 0;
}

bool landlock_allow_fd(struct landlock *landlock, int fd, unsigned access)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    struct rule rule = {access & rights_of(landlock->abi), fd};
    if (!S_ISDIR(status.st_mode))
        rule.access &= OF_FILES;
    /* Pipes and sockets can have no rule, and need none (EBADFD); nor can what asks for nothing. */
    return !rule.access ||
           syscall(__NR_landlock_add_rule, landlock->fd, PATH_BENEATH, &rule, 0) == 0 ||
           errno == EBADFD;
}

/* Whether opening failed for a reason that the program's own opening will have, too. */
static bool is_out_of_reach(void)
{
    return errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP ||
           errno == ENAMETOOLONG;
}

bool landlock_allow(struct landlock *landlock, const char *path, unsigned access)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return is_out_of_reach();
    bool allowed = landlock_allow_fd(landlock, fd, access);
    int cause = errno;
    close(fd);
    errno = cause;
    return allowed;
}

bool landlock_enter(struct landlock *landlock)
{
    return syscall(__NR_landlock_restrict_self, landlock->fd, 0) == 0;
}

void landlock_close(struct landlock *landlock)
{
    if (landlock->fd >= 0)
        close(landlock->fd);
    landlock->fd = -1;
}

#else

bool landlock_begin(struct landlock *landlock)
{
    *landlock = (struct landlock){.fd = -1};
    errno = ENOSYS;
    return false;
}

bool landlock_allow_fd(struct landlock *unused_landlock, int unused_fd, unsigned unused_access)
{
    (void)unused_landlock, (void)unused_fd, (void)unused_access;
    return true;
}

bool landlock_allow(struct landlock *unused_landlock, const char *unused_path,
                    unsigned unused_access)
{
    (void)unused_landlock, (void)unused_path, (void)unused_access;
    return true;
}

bool landlock_enter(struct landlock *unused_landlock)
{
    (void)unused_landlock;
    errno = ENOSYS;
    return false;
}

void landlock_close(struct landlock *unused_landlock)
{
    (void)unused_landlock;
}

#endif
