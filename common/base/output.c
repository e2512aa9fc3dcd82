/*
 * A file named with -o gets its name last. Where the system has O_TMPFILE the data is written to
 * a file without a name, which vanishes with the process however it ends; elsewhere to a hidden
 * name beside the file, removed when the run fails. In the end it takes FILE's name. What is a
 * descriptor by another name (place.h) is written to as standard output is.
 */
#define _GNU_SOURCE
#include "base/output.h"

#include "base/files.h"
#include "base/path.h"
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 64 * 1024 };

struct output {
    int fd;
    const char *name; /* for messages */
    char *path;       /* the file to appear; NULL: written in place */
    char *hidden;     /* its name until then; NULL: it has none yet */
    size_t used;
    char buffer[BUFFER_SIZE];
};

/* ---- opening ---- */

/* `dir/.base.glovepipe-PID` beside `path`; of a long base the beginning, as names have a limit. */
static char *hidden_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    size_t size = strlen(path) + 64;
    char *name = malloc(size);
    if (name)
        snprintf(name, size, "%.*s.%.200s.glovepipe-%ld", folder, path, path + folder,
                 (long)getpid());
    return name;
}

/* The path by which a file without a name is found. */
static const char *nameless_path(int fd, char path[32])
{
    snprintf(path, 32, "/proc/self/fd/%d", fd);
    return path;
}

static int open_nameless(const char *path)
{
#ifdef O_TMPFILE
    char *folder = strdup(path);
    if (!folder)
        return -1;
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder ? 1 : 0] = '\0';
    int fd = open(slash ? folder : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
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

/* A file that will take `path` when it is whole. */
static bool open_beside(struct output *output, const char *path, struct error *error)
{
    /* A symbolic link stays one, unless it points to nothing: what it points to is replaced. */
    output->path = realpath(path, NULL);
    if (!output->path)
        output->path = strdup(path);
    if (!output->path)
        return error_memory(error, "opening the output");
    output->fd = open_nameless(output->path);
    if (output->fd >= 0)
        return true;
    output->hidden = hidden_name(output->path);
    if (!output->hidden)
        return error_memory(error, "opening the output");
    output->fd = open(output->hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output->fd < 0) {
        free(output->hidden);
        output->hidden = NULL;
        return error_errno(error, "%s: can't write beside it", path);
    }
    return true;
}

/* Replacing a file takes no right to write to it, so what was protected is asked for here. */
static bool open_again(struct output *output, const char *path, mode_t mode, struct error *error)
{
    if (!(mode & 0222) || access(path, W_OK) != 0)
        return error_set(error, STATUS_USAGE,
                         "%s: is write-protected: chmod u+w it, or name another file", path);
    if (!open_beside(output, path, error))
        return false;
    /* What only its owner may read stays so; where that fails, nothing is lost. */
    (void)fchmod(output->fd, mode & 0777);
    return true;
}

static bool open_path(struct output *output, const char *path, struct error *error)
{
    struct stat status;
    int descriptor;
    if (!*path)
        return error_set(error, STATUS_USAGE, "an empty name is no place to write to");
    if (place_is_descriptor(path, &descriptor)) {
        output->fd = place_open_descriptor(path, descriptor, error);
        return output->fd >= 0;
    }
    if (stat(path, &status) != 0)
        return open_beside(output, path, error);
    if (S_ISDIR(status.st_mode))
        return error_set(error, STATUS_USAGE, "%s: is a folder: name a file", path);
    if (S_ISREG(status.st_mode))
        return open_again(output, path, status.st_mode, error);
    output->fd = open(path, O_WRONLY | O_CLOEXEC);
    return output->fd >= 0 || error_errno(error, "%s", path);
}

/* Nobody else is writing it: two would cut each other's bytes. */
static bool lock(int fd, const char *path, struct error *error)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &lock) == 0)
        return true;
    if (errno == EACCES || errno == EAGAIN)
        return error_set(error, STATUS_USAGE, "%s: another run is writing it: name another file",
                         path);
    return error_errno(error, "%s: can't lock it", path);
}

static bool continue_path(struct output *output, const char *path, uint64_t size,
                          struct error *error)
{
    struct stat status;
    output->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (output->fd < 0 || fstat(output->fd, &status) != 0)
        return error_errno(error, "%s", path);
    if (!S_ISREG(status.st_mode))
        return error_set(error, STATUS_USAGE, "%s: is no regular file: name one", path);
    if (!lock(output->fd, path, error))
        return false;
    return (ftruncate(output->fd, (off_t)size) == 0 &&
            lseek(output->fd, (off_t)size, SEEK_SET) == (off_t)size) ||
           error_errno(error, "%s: can't go on writing it", path);
}

struct output *output_continue(const char *path, uint64_t size, struct error *error)
{
    struct output *output = malloc(sizeof *output);
    if (!output) {
        error_memory(error, "opening the output");
        return NULL;
    }
    output->fd = -1;
    output->name = path;
    output->path = output->hidden = NULL;
    output->used = 0;
    if (continue_path(output, path, size, error))
        return output;
    output_discard(output);
    return NULL;
}

struct output *output_open(const struct common *common, enum output_form form, struct error *error)
{
    const char *path = common->output;
    bool standard = path_is_standard(path);
    struct output *output = malloc(sizeof *output);
    if (!output) {
        error_memory(error, "opening the output");
        return NULL;
    }
    output->fd = STDOUT_FILENO;
    output->name = standard ? "standard output" : path;
    output->path = output->hidden = NULL;
    output->used = 0;
    if (!standard && !open_path(output, path, error)) {
        output_discard(output);
        return NULL;
    }
    if (form == OUTPUT_BINARY && !common->force && isatty(output->fd)) {
        error_set(error, STATUS_USAGE,
                  "%s is a terminal, and the output is binary: pipe it on, name a file with -o, "
                  "or insist with -f",
                  output->name);
        output_discard(output);
        return NULL;
    }
    return output;
}

/* ---- writing ---- */

static bool write_fully(struct output *output, const char *bytes, size_t size, struct error *error)
{
    return files_write(output->fd, bytes, size) ||
           error_errno(error, "%s: can't write", output->name);
}

bool output_flush(struct output *output, struct error *error)
{
    size_t used = output->used;
    output->used = 0;
    return write_fully(output, output->buffer, used, error);
}

bool output_write(struct output *output, const void *bytes, size_t size, struct error *error)
{
    if (size > BUFFER_SIZE - output->used && !output_flush(output, error))
        return false;
    if (size >= BUFFER_SIZE)
        return write_fully(output, bytes, size, error);
    if (size)
        memcpy(output->buffer + output->used, bytes, size);
    output->used += size;
    return true;
}

bool output_print(struct output *output, struct error *error, const char *format, ...)
{
    char text[512];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bool written = false;
    if (size >= 0 && (size_t)size < sizeof text) {
        written = output_write(output, text, (size_t)size, error);
    } else {
        char *large = NULL;
        size = vasprintf(&large, format, again);
        written = size >= 0 ? output_write(output, large, (size_t)size, error)
                            : error_memory(error, "formatting the output");
        if (size >= 0)
            free(large);
    }
    va_end(again);
    return written;
}

/* ---- ending ---- */

/* Closing a copy makes the system report what it has put off, while the file can still go. */
static bool settle(struct output *output, struct error *error)
{
    int copy = dup(output->fd);
    return (copy >= 0 && close(copy) == 0) ||
           error_errno(error, "%s: can't finish writing", output->name);
}

static bool link_nameless(const struct output *output, const char *name)
{
    char self[32];
    return linkat(AT_FDCWD, nameless_path(output->fd, self), AT_FDCWD, name, AT_SYMLINK_FOLLOW) ==
           0;
}

/* A link can't replace a file, so where one stands a rename has to do it. */
static bool give_hidden_name(struct output *output, struct error *error)
{
    char *hidden = hidden_name(output->path);
    if (!hidden)
        return error_memory(error, "naming the output");
    unlink(hidden); /* left by a killed run that had the same process id */
    if (!link_nameless(output, hidden)) {
        error_errno(error, "%s: can't name the output", output->name);
        free(hidden);
        return false;
    }
    output->hidden = hidden;
    return true;
}

static bool put_in_place(struct output *output, struct error *error)
{
    if (!output->hidden) {
        if (link_nameless(output, output->path))
            return true;
        if (errno != EEXIST)
            return error_errno(error, "%s: can't name the output", output->name);
        if (!give_hidden_name(output, error))
            return false;
    }
    if (rename(output->hidden, output->path) != 0)
        return error_errno(error, "%s: can't put the output in place", output->name);
    free(output->hidden);
    output->hidden = NULL;
    return true;
}

bool output_commit(struct output *output, struct error *error)
{
    bool done = output_flush(output, error) && settle(output, error) &&
                (!output->path || put_in_place(output, error));
    output_discard(output);
    return done;
}

void output_discard(struct output *output)
{
    if (!output)
        return;
    if (output->fd >= 0 && output->fd != STDOUT_FILENO)
        close(output->fd);
    if (output->hidden)
        unlink(output->hidden);
    free(output->hidden);
    free(output->path);
    free(output);
}
