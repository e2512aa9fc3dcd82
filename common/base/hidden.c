/*
 * The process that watches over a name holds nothing but one end of a pair of sockets. Before the
 * name is there, it says that it watches. It takes the name away at end of file, which comes when
 * nobody holds the other end, that is, when the writing process and its workers are gone; a byte
 * tells it that there is nothing to do. It is in a group of its own and ignores what a terminal
 * sends, so that it outlives whom it watches.
 */
#define _GNU_SOURCE /* O_TMPFILE, getentropy */
#include "base/hidden.h"

#include "base/files.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

enum { MOST_TRIES = 100 };

/* ---- names ---- */

/* How much of the base of `path` a name beside it holds, as names have a limit, and paths;
   negative: they leave no room for such a name. */
static int hidden_base(const char *path)
{
    enum { MOST = 200, MARK = sizeof "..glovepipe-0123456789abcdef" };
    const int room = PATH_MAX - MARK - files_folder_size(path);
    return room < MOST ? room : MOST;
}

/* A name beside `path` that nobody can foresee. NULL: errno says why. */
static char *hidden_name(const char *path)
{
    uint64_t chance;
    const int folder = files_folder_size(path), base = hidden_base(path);
    size_t size = strlen(path) + 64;
    if (base < 0)
        errno = ENAMETOOLONG;
    if (base < 0 || getentropy(&chance, sizeof chance) != 0)
        return NULL;
    char *name = malloc(size);
    if (name)
        snprintf(name, size, "%.*s.%.*s.glovepipe-%016" PRIx64, folder, path, base, path + folder,
                 chance);
    return name;
}

/* Whether a file stands there that the new one, as it gets no name beside it, could not replace. */
static bool stands_for_good(const char *path)
{
    struct stat status;
    return hidden_base(path) < 0 && lstat(path, &status) == 0;
}

/* The path by which a file without a name is found. */
static const char *nameless_path(int fd, char path[32])
{
    snprintf(path, 32, "/proc/self/fd/%d", fd);
    return path;
}

static bool link_nameless(int fd, const char *name)
{
    char self[32];
    return linkat(AT_FDCWD, nameless_path(fd, self), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* ---- watching ---- */

/* One byte through the socket, to or fro; false at its end. */
static bool pass_byte(int end, ssize_t (*pass)(int end, void *byte))
{
    char byte = 0;
    ssize_t passed;
    do
        passed = pass(end, &byte);
    while (passed < 0 && errno == EINTR);
    return passed > 0;
}

static ssize_t take(int end, void *byte)
{
    return recv(end, byte, 1, 0);
}

static ssize_t give(int end, void *byte)
{
    return send(end, byte, 1, MSG_NOSIGNAL);
}

static _Noreturn void watch(int end, const char *name)
{
    process_withdraw(end);
    if (!pass_byte(STDIN_FILENO, give) || !pass_byte(STDIN_FILENO, take))
        unlink(name);
    _exit(0);
}

/* Returns when it watches. Where no process can be had, the name is safe from all but signals. */
static void start_watching(struct hidden *hidden)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return;
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t watcher = fork();
    if (watcher == 0) {
        close(ends[1]);
        watch(ends[0], hidden->name);
    }
    close(ends[0]);
    if (watcher < 0) {
        close(ends[1]);
        return;
    }
    hidden->alive = ends[1];
    hidden->watcher = watcher;
    (void)(process_answers(watcher, hidden->alive) && pass_byte(hidden->alive, take));
}

static void stop_watching(struct hidden *hidden)
{
    if (!hidden->watcher)
        return;
    (void)pass_byte(hidden->alive, give);
    close(hidden->alive);
    process_reap(hidden->watcher);
    hidden->watcher = 0;
    hidden->alive = -1;
}

/* ---- opening ---- */

static int open_nameless(const char *path)
{
#ifdef O_TMPFILE
    char *folder = files_folder(path);
    if (!folder)
        return -1;
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    free(folder);
    char self[32];
    if (fd >= 0 && access(nameless_path(fd, self), F_OK) != 0) {
        close(fd); /* it could never get a name */
        return -1;
    }
    return fd;
#else
    (void)path;
    return -1;
#endif
}

/* Gives up a name; what errno says stays. */
static void forget_name(struct hidden *hidden)
{
    int cause = errno;
    stop_watching(hidden);
    free(hidden->name);
    hidden->name = NULL;
    errno = cause;
}

static bool create(struct hidden *hidden)
{
    start_watching(hidden);
    hidden->fd = open(hidden->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    return hidden->fd >= 0;
}

static bool link_it(struct hidden *hidden)
{
    return link_nameless(hidden->fd, hidden->name);
}

/* Has `make` bring the file under a new name. On false errno says why. */
static bool make_hidden(struct hidden *hidden, bool (*make)(struct hidden *hidden))
{
    for (int tries = 0; tries < MOST_TRIES; tries++) {
        hidden->name = hidden_name(hidden->path);
        if (!hidden->name)
            return false;
        if (make(hidden))
            return true;
        forget_name(hidden);
        if (errno != EEXIST)
            return false;
    }
    return false;
}

bool hidden_open(struct hidden *hidden, const char *path, const char *shown, struct error *error)
{
    *hidden = HIDDEN_NONE;
    /* A symbolic link stays one, unless it points to nothing: what it points to is replaced. */
    hidden->path = realpath(path, NULL);
    if (!hidden->path)
        hidden->path = strdup(path);
    if (!hidden->path)
        return error_memory(error, "opening the output");
    if (files_is_mount_point(hidden->path))
        return error_set(error, STATUS_USAGE,
                         "%s: is a mount point, which no file can replace: name another file, or "
                         "write to standard output",
                         shown);
    if (!stands_for_good(hidden->path))
        hidden->fd = open_nameless(hidden->path);
    if (hidden->fd >= 0)
        return true;
    return make_hidden(hidden, create) || error_errno(error, "%s: can't write beside it", shown);
}

/* ---- appearing ---- */

/*
 * Changes places with the file that stands there, which is taken away then. As good as a rename for
 * what need not have reached the disk: by a rename that replaces a file ext4 writes the new one out
 * at once. What came to stand there in between and can't be taken away gets its place back.
 */
static bool exchange(const struct hidden *hidden)
{
    const char *name = hidden->name, *path = hidden->path;
    struct stat old;
    if (lstat(path, &old) != 0 || !S_ISREG(old.st_mode) || !files_exchange(name, path))
        return false;
    /* Where neither is to be had, the new file has the place: the hidden name is no longer its. */
    return unlink(name) == 0 || !files_exchange(name, path);
}

/* A link can't replace a file, so where one stands a rename has to do it, and both in one go. */
static bool replace(struct hidden *hidden, bool sync)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool named = hidden->name || make_hidden(hidden, link_it);
    bool replaced =
        named && ((!sync && exchange(hidden)) || rename(hidden->name, hidden->path) == 0);
    int cause = errno;
    if (named && !replaced)
        unlink(hidden->name);
    errno = cause;
    forget_name(hidden);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return replaced;
}

bool hidden_appear(struct hidden *hidden, bool sync, const char *shown, struct error *error)
{
    bool linked = !hidden->name && link_nameless(hidden->fd, hidden->path);
    if (!linked && !hidden->name && errno != EEXIST)
        return error_errno(error, "%s: can't name the output", shown);
    if (!linked && !replace(hidden, sync))
        return error_errno(error, "%s: can't put the output in place", shown);
    return !sync || files_save_folder(hidden->path) ||
           error_errno(error, "%s: is whole, but its folder can't be saved to the disk", shown);
}

void hidden_drop(struct hidden *hidden)
{
    if (hidden->fd >= 0)
        close(hidden->fd);
    if (hidden->name)
        unlink(hidden->name);
    forget_name(hidden);
    free(hidden->path);
    *hidden = HIDDEN_NONE;
}
