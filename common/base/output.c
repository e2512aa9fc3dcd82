/*
 * A file named with -o gets its name last (hidden.h), by the keeper's hand where the program is
 * confined (keeper.h). What is a descriptor by another name (place.h) is written to as standard
 * output is.
 */
#define _GNU_SOURCE /* vasprintf */
#include "base/output.h"

#include "base/files.h"
#include "base/hidden.h"
#include "base/path.h"
#include "base/place.h"
#include "base/report.h"

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
    const char *name;     /* for messages */
    struct hidden hidden; /* the file that will appear; without a path: written in place, or kept */
    struct keeper keeper;
    int kept;        /* its number there; -1: it is not kept */
    bool replaces;   /* a file stands where it will appear, */
    struct stat old; /* which is this one */
    bool sync;       /* what is written goes to the disk before it counts */
    int lockless;    /* errno of a lock that the file system does not have; 0: it is locked */
    size_t used;
    char buffer[BUFFER_SIZE];
};

/* ---- opening ---- */

/* A file that will appear: the keeper's, where there is one. */
static bool open_beside(struct output *output, const struct common *common, struct error *error)
{
    const char *path = output->name;
    output->keeper = common->keeper;
    output->kept = keeper_find(&output->keeper, path);
    if (output->kept >= 0) {
        output->fd = keeper_open(&output->keeper, output->kept, error);
        return output->fd >= 0;
    }
    bool opened = hidden_open(&output->hidden, path, path, error);
    output->fd = output->hidden.fd;
    return opened;
}

/* What takes time is done here, where a signal still ends it before the file has its name. */
static bool appear(struct output *output, struct error *error)
{
    if (output->kept < 0 && !output->hidden.path)
        return true;
    if (!output_save(output, error))
        return false;
    return output->kept >= 0 ? keeper_appear(&output->keeper, output->kept, output->sync, error)
                             : hidden_appear(&output->hidden, output->sync, output->name, error);
}

/*
 * The new file has the permissions of the old one, as after a copy onto it, so that what only its
 * owner may read stays so; and its owner and group where this process may give files away. What
 * can't be kept is told.
 */
static void keep_manner(const struct output *output, const struct common *common)
{
    const struct stat *old = &output->old;
    struct stat new;
    const int fd = output->fd;
    bool owned = fstat(fd, &new) == 0 &&
                 ((new.st_uid == old->st_uid &&new.st_gid == old->st_gid) ||
                  fchown(fd, old->st_uid, old->st_gid) == 0 ||
                  (new.st_uid == old->st_uid &&fchown(fd, (uid_t)-1, old->st_gid) == 0));
    bool moded = fchmod(fd, old->st_mode & 0777) == 0;
    if (!owned || !moded)
        report_warning(common, "%s: the new file can't have the %s of the old one", output->name,
                       owned ? "permissions" : "owner and group");
    if (old->st_nlink > 1)
        report_warning(common, "%s: has other names, which keep what it held", output->name);
}

/* Replacing a file takes no right to write to it, so what was protected is asked for here. */
static bool open_again(struct output *output, const struct common *common,
                       const struct stat *status, struct error *error)
{
    const char *path = output->name;
    if (!(status->st_mode & 0222) || access(path, W_OK) != 0)
        return error_set(error, STATUS_USAGE,
                         "%s: is write-protected: chmod u+w it, or name another file", path);
    output->replaces = true;
    output->old = *status;
    return open_beside(output, common, error);
}

static bool open_path(struct output *output, const struct common *common, struct error *error)
{
    const char *path = output->name;
    struct stat status;
    int descriptor;
    if (!*path)
        return error_set(error, STATUS_USAGE, "an empty name is no place to write to");
    if (place_is_descriptor(path, &descriptor)) {
        output->fd = place_open_descriptor(path, descriptor, error);
        return output->fd >= 0;
    }
    if (stat(path, &status) != 0)
        /* A file without a name could be opened: it would be told at the end of the work. */
        return errno == ENAMETOOLONG ? error_errno(error, "%s", path)
                                     : open_beside(output, common, error);
    if (S_ISDIR(status.st_mode))
        return error_set(error, STATUS_USAGE, "%s: is a folder: name a file", path);
    if (S_ISREG(status.st_mode))
        return open_again(output, common, &status, error);
    output->fd = open(path, O_WRONLY | O_CLOEXEC);
    return output->fd >= 0 || error_errno(error, "%s", path);
}

/* What file systems that have no locks say (Lustre without flock, NFS without lockd, others). */
static bool has_no_locks(int cause)
{
    return cause == ENOSYS || cause == ENOLCK || cause == EOPNOTSUPP || cause == EINVAL;
}

/* Nobody else is writing it: two would cut each other's bytes. */
static bool lock(struct output *output, struct error *error)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(output->fd, F_SETLK, &lock) == 0)
        return true;
    output->lockless = has_no_locks(errno) ? errno : 0;
    if (errno == EACCES || errno == EAGAIN)
        return error_set(error, STATUS_USAGE, "%s: another run is writing it: name another file",
                         output->name);
    return output->lockless || error_errno(error, "%s: can't lock it", output->name);
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
    if (!lock(output, error))
        return false;
    return (ftruncate(output->fd, (off_t)size) == 0 &&
            lseek(output->fd, (off_t)size, SEEK_SET) == (off_t)size &&
            (!output->sync || files_save_folder(path))) ||
           error_errno(error, "%s: can't go on writing it", path);
}

static struct output *output_new(int fd, const char *name, bool sync, struct error *error)
{
    struct output *output = malloc(sizeof *output);
    if (!output) {
        error_memory(error, "opening the output");
        return NULL;
    }
    output->fd = fd;
    output->name = name;
    output->hidden = HIDDEN_NONE;
    output->kept = -1;
    output->replaces = false;
    output->sync = sync;
    output->lockless = 0;
    output->used = 0;
    return output;
}

struct output *output_continue(const char *path, uint64_t size, bool sync, struct error *error)
{
    struct output *output = output_new(-1, path, sync, error);
    if (!output)
        return NULL;
    if (continue_path(output, path, size, error))
        return output;
    output_discard(output);
    return NULL;
}

static struct output *open_named(const struct common *common, struct error *error)
{
    const char *path = common->output;
    bool standard = path_is_standard(path);
    struct output *output =
        output_new(STDOUT_FILENO, standard ? "standard output" : path, !common->no_sync, error);
    if (!output || standard || open_path(output, common, error))
        return output;
    output_discard(output);
    return NULL;
}

bool output_check(const struct common *common, struct error *error)
{
    struct stat status;
    if (!path_is_standard(common->output) && stat(common->output, &status) == 0 &&
        S_ISFIFO(status.st_mode))
        return true; /* who reads it would take what follows for the end */
    struct output *output = open_named(common, error);
    output_discard(output);
    return output;
}

struct output *output_open(const struct common *common, enum output_form form, struct error *error)
{
    struct output *output = open_named(common, error);
    if (!output)
        return NULL;
    if (output->replaces)
        keep_manner(output, common);
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

int output_lockless(const struct output *output)
{
    return output->lockless;
}

bool output_is_file(const struct output *output)
{
    struct stat status;
    return fstat(output->fd, &status) == 0 && S_ISREG(status.st_mode);
}

bool output_is_terminal(const struct output *output)
{
    return isatty(output->fd);
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

bool output_save(struct output *output, struct error *error)
{
    if (!output_flush(output, error))
        return false;
    return !output->sync || !output_is_file(output) || files_save(output->fd) ||
           error_errno(error, "%s: can't save it to the disk", output->name);
}

bool output_commit(struct output *output, struct error *error)
{
    bool done = output_flush(output, error) && settle(output, error) && appear(output, error);
    output_discard(output);
    return done;
}

/* Its number stays taken: a file that got it would be written to by who means stdout. */
bool output_commit_last(struct output *output, struct error *error)
{
    bool standard = output->fd == STDOUT_FILENO, done = output_commit(output, error);
    if (done && standard)
        (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    return done;
}

void output_discard(struct output *output)
{
    if (!output)
        return;
    if (output->hidden.path)
        hidden_drop(&output->hidden);
    else if (output->fd >= 0 && output->fd != STDOUT_FILENO)
        close(output->fd);
    if (output->kept >= 0)
        keeper_drop(&output->keeper, output->kept);
    free(output);
}

bool output_settle(struct output *output, bool done, struct error *error)
{
    if (done)
        return output_commit(output, error);
    output_discard(output);
    return false;
}
