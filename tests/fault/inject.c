/*
 * A library for LD_PRELOAD that makes a program's calls of the system fail. What it does, the
 * environment says:
 *
 *   INJECT_FILE    a file of `struct shared`: all processes of the run count their calls there
 *   INJECT_CALL    the call that fails, by its name in `names`
 *   INJECT_AT      which of its calls: 1 is the first
 *   INJECT_ERRNO   what it fails with
 *   INJECT_KILL    instead, each such call that is not the first process's own kills its process
 *   INJECT_SHORT   reads and writes move at most so many bytes
 *   INJECT_EINTR   calls that may be interrupted are, half of the time
 *   INJECT_WITHOUT what the system lacks: `tmpfile` (O_TMPFILE), `proc` (/proc),
 *                  `locks` (of files; INJECT_ERRNO, or ENOSYS)
 *   INJECT_TMPFS   a folder whose files take memory, as statfs has it
 *
 * Calls are counted wherever the programs or their libraries make them through the procedure
 * linkage table; what the C library does within itself is out of reach.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc's are __fd */

enum call {
    READ,
    PREAD,
    WRITE,
    OPEN,
    CLOSE,
    LSEEK,
    DUP,
    FCNTL,
    FSTAT,
    FTRUNCATE,
    FSYNC,
    RENAME,
    LINK,
    UNLINK,
    PIPE,
    SOCKETPAIR,
    SEND,
    SENDMSG,
    RECV,
    RECVMSG,
    FORK,
    POLL,
    WAITPID,
    THREAD,
    MMAP,
    MALLOC,
    CALLOC,
    REALLOC,
    MEMALIGN,
    GETENTROPY,
    MADVISE,
    CALLS
};

static const char *const names[CALLS] = {
    "read",           "pread",      "write",          "open",    "close",  "lseek",   "dup",
    "fcntl",          "fstat",      "ftruncate",      "fsync",   "rename", "link",    "unlink",
    "pipe",           "socketpair", "send",           "sendmsg", "recv",   "recvmsg", "fork",
    "poll",           "waitpid",    "pthread_create", "mmap",    "malloc", "calloc",  "realloc",
    "posix_memalign", "getentropy", "madvise"};

struct shared {
    uint64_t counts[CALLS];
    uint64_t struck; /* calls that were made to fail */
    int64_t live;    /* blocks that the first process had when it ended */
};

static struct shared nowhere, *shared = &nowhere;
static int target = -1, cause;
static uint64_t at;
static size_t most = SIZE_MAX;
static int interrupts, no_tmpfile, no_proc, no_locks, kills;
static pid_t first;
static int64_t live;
static __thread uint32_t chance = 1;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("INJECT_FILE"), *call = getenv("INJECT_CALL");
    const char *text = getenv("INJECT_WITHOUT");
    no_tmpfile = text && strstr(text, "tmpfile");
    no_proc = text && strstr(text, "proc");
    no_locks = text && strstr(text, "locks");
    interrupts = getenv("INJECT_EINTR") != NULL;
    kills = getenv("INJECT_KILL") != NULL;
    if ((text = getenv("INJECT_SHORT")))
        most = strtoul(text, NULL, 10);
    if ((text = getenv("INJECT_AT")))
        at = strtoull(text, NULL, 10);
    if ((text = getenv("INJECT_ERRNO")))
        cause = (int)strtol(text, NULL, 10);
    first = getpid();
    live = 0;
    int fd = file ? REAL(open)(file, O_RDWR | O_CLOEXEC) : -1;
    void *mapped =
        fd < 0 ? MAP_FAILED
               : REAL(mmap)(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        REAL(close)(fd);
    if (mapped != MAP_FAILED)
        shared = mapped;
    for (int i = 0; call && i < CALLS; i++)
        if (strcmp(call, names[i]) == 0)
            target = i;
}

__attribute__((destructor)) static void end(void)
{
    if (getpid() == first)
        shared->live = live;
}

/* Whether this call fails. */
static int strikes(enum call call)
{
    uint64_t count = __atomic_add_fetch(&shared->counts[call], 1, __ATOMIC_RELAXED);
    if ((int)call != target || (kills ? getpid() == first : count != at))
        return 0;
    __atomic_add_fetch(&shared->struck, 1, __ATOMIC_RELAXED);
    if (kills)
        raise(SIGKILL);
    errno = cause;
    return 1;
}

/* Half of the time, by chance, as two calls that take turns would never both get through. */
static int is_interrupted(void)
{
    if (!interrupts)
        return 0;
    chance = chance * 1103515245 + 12345;
    errno = EINTR;
    return chance >> 16 & 1;
}

static size_t shorter(size_t size)
{
    return size < most ? size : most;
}

/* ---- files ---- */

ssize_t read(int fd, void *bytes, size_t size)
{
    return strikes(READ) || is_interrupted() ? -1 : REAL(read)(fd, bytes, shorter(size));
}

ssize_t __read_chk(int fd, void *bytes, size_t size, size_t unused)
{
    (void)unused;
    return read(fd, bytes, size);
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t offset)
{
    return strikes(PREAD) || is_interrupted() ? -1
                                              : REAL(pread64)(fd, bytes, shorter(size), offset);
}

ssize_t __pread64_chk(int fd, void *bytes, size_t size, off64_t offset, size_t unused)
{
    (void)unused;
    return pread64(fd, bytes, size, offset);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return strikes(WRITE) || is_interrupted() ? -1 : REAL(write)(fd, bytes, shorter(size));
}

static int lacks(const char *path, int flags)
{
    if (no_tmpfile && (flags & O_TMPFILE) == O_TMPFILE)
        errno = EOPNOTSUPP;
    else if (no_proc && strncmp(path, "/proc", 5) == 0)
        errno = ENOENT;
    else
        return 0;
    return 1;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    return strikes(OPEN) || lacks(path, flags) ? -1 : REAL(open64)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_any(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_any(path, flags, mode);
}

int __open64_2(const char *path, int flags)
{
    return open_any(path, flags, 0);
}

int access(const char *path, int mode)
{
    return lacks(path, 0) ? -1 : REAL(access)(path, mode);
}

int close(int fd)
{
    if (!strikes(CLOSE))
        return REAL(close)(fd);
    REAL(close)(fd); /* as Linux does, whatever it says */
    errno = cause;
    return -1;
}

off64_t lseek64(int fd, off64_t offset, int from)
{
    return strikes(LSEEK) ? -1 : REAL(lseek64)(fd, offset, from);
}

int dup(int fd)
{
    return strikes(DUP) ? -1 : REAL(dup)(fd);
}

int fcntl64(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (no_locks && (command == F_SETLK || command == F_SETLK64)) {
        errno = cause ? cause : ENOSYS;
        return -1;
    }
    return strikes(FCNTL) ? -1 : REAL(fcntl64)(fd, command, argument);
}

int fstat64(int fd, struct stat64 *status)
{
    return strikes(FSTAT) ? -1 : REAL(fstat64)(fd, status);
}

int statfs64(const char *file, struct statfs64 *buf)
{
    const char *folder = getenv("INJECT_TMPFS");
    const int result = REAL(statfs64)(file, buf);
    if (result == 0 && folder && strcmp(file, folder) == 0)
        buf->f_type = 0x01021994;
    return result;
}

int ftruncate64(int fd, off64_t size)
{
    return strikes(FTRUNCATE) ? -1 : REAL(ftruncate64)(fd, size);
}

int fsync(int fd)
{
    return strikes(FSYNC) ? -1 : REAL(fsync)(fd);
}

int rename(const char *from, const char *to)
{
    return strikes(RENAME) ? -1 : REAL(rename)(from, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    return strikes(RENAME) ? -1 : REAL(renameat2)(from_fd, from, to_fd, to, flags);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    return strikes(LINK) || lacks(from, 0) ? -1 : REAL(linkat)(from_fd, from, to_fd, to, flags);
}

int unlink(const char *path)
{
    return strikes(UNLINK) ? -1 : REAL(unlink)(path);
}

int getentropy(void *bytes, size_t size)
{
    return strikes(GETENTROPY) ? -1 : REAL(getentropy)(bytes, size);
}

/* ---- processes and threads ---- */

int pipe(int ends[2])
{
    return strikes(PIPE) ? -1 : REAL(pipe)(ends);
}

int socketpair(int domain, int type, int protocol, int ends[2])
{
    return strikes(SOCKETPAIR) ? -1 : REAL(socketpair)(domain, type, protocol, ends);
}

ssize_t send(int socket, const void *bytes, size_t size, int flags)
{
    return strikes(SEND) || is_interrupted() ? -1 : REAL(send)(socket, bytes, size, flags);
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags)
{
    return strikes(SENDMSG) || is_interrupted() ? -1 : REAL(sendmsg)(socket, message, flags);
}

ssize_t recv(int socket, void *bytes, size_t size, int flags)
{
    return strikes(RECV) || is_interrupted() ? -1 : REAL(recv)(socket, bytes, size, flags);
}

ssize_t __recv_chk(int socket, void *bytes, size_t size, size_t unused, int flags)
{
    (void)unused;
    return recv(socket, bytes, size, flags);
}

ssize_t recvmsg(int socket, struct msghdr *message, int flags)
{
    return strikes(RECVMSG) || is_interrupted() ? -1 : REAL(recvmsg)(socket, message, flags);
}

pid_t fork(void)
{
    return strikes(FORK) ? -1 : REAL(fork)();
}

int poll(struct pollfd *polled, nfds_t count, int timeout)
{
    return strikes(POLL) || is_interrupted() ? -1 : REAL(poll)(polled, count, timeout);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    return strikes(WAITPID) || is_interrupted() ? -1 : REAL(waitpid)(pid, status, options);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
    return strikes(THREAD) ? cause : REAL(pthread_create)(thread, attributes, run, argument);
}

/* ---- memory ---- */

static void *counted(void *memory)
{
    if (memory)
        __atomic_add_fetch(&live, 1, __ATOMIC_RELAXED);
    return memory;
}

void *malloc(size_t size)
{
    return strikes(MALLOC) ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return strikes(CALLOC) ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    if (strikes(REALLOC))
        return NULL;
    void *memory = __libc_realloc(old, size);
    return old ? memory : counted(memory);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (strikes(MEMALIGN))
        return cause;
    *memory = counted(__libc_memalign(alignment, size));
    return *memory ? 0 : ENOMEM;
}

void free(void *memory)
{
    if (memory)
        __atomic_sub_fetch(&live, 1, __ATOMIC_RELAXED);
    __libc_free(memory);
}

int madvise(void *memory, size_t size, int advice)
{
    return strikes(MADVISE) ? -1 : REAL(madvise)(memory, size, advice);
}

void *mmap64(void *where, size_t size, int protection, int flags, int fd, off64_t offset)
{
    return strikes(MMAP) ? MAP_FAILED : REAL(mmap64)(where, size, protection, flags, fd, offset);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
