/*
 * The system shows descriptors as symbolic links in folders of its own, and opening such a link
 * may open the file anew, at its beginning. So a name is followed link by link, and it is a
 * descriptor as soon as the folder is one of those.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/place.h"

#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINKS = 40 }; /* as many as Linux follows */

/* ---- descriptors ---- */

/* Where the last part of a path begins. */
static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The folder that holds what `path` names, without symbolic links; NULL: there is none. */
static char *folder_of(const char *path, char folder[PATH_MAX])
{
    char name[PATH_MAX];
    const size_t size = (size_t)(base_of(path) - path);
    if (size >= sizeof name)
        return NULL;
    memcpy(name, path, size);
    name[size] = '\0';
    return realpath(size ? name : ".", folder);
}

static bool is_folder(const char *folder, const char *name)
{
    char real[PATH_MAX];
    return realpath(name, real) && strcmp(real, folder) == 0;
}

/* Whether the folder lists descriptors: `*own`, this process's. */
static bool lists_descriptors(const char *folder, bool *own)
{
    static const char *const owns[] = {"/proc/self/fd", "/proc/thread-self/fd", "/dev/fd"};
    size_t size = strlen(folder);
    *own = false;
    for (size_t i = 0; i < sizeof owns / sizeof *owns && !*own; i++)
        *own = is_folder(folder, owns[i]);
    return *own ||
           (strncmp(folder, "/proc/", 6) == 0 && size > 9 && strcmp(folder + size - 3, "/fd") == 0);
}

/* Whether the path, its last part as it stands, is a descriptor in such a folder. */
static bool is_number(const char *path, int *descriptor)
{
    char folder[PATH_MAX];
    const char *base = base_of(path);
    size_t size = strlen(base);
    bool own;
    if (size == 0 || size > 9 || strspn(base, "0123456789") != size || !folder_of(path, folder) ||
        !lists_descriptors(folder, &own))
        return false;
    *descriptor = own ? (int)strtol(base, NULL, 10) : -1;
    return true;
}

/* Puts what the symbolic link `path` says in its place; false where it is none. */
static bool follow(char path[PATH_MAX])
{
    char target[PATH_MAX], whole[2 * PATH_MAX];
    ssize_t size = readlink(path, target, sizeof target - 1);
    if (size < 0)
        return false;
    target[size] = '\0';
    int folder = target[0] == '/' ? 0 : (int)(base_of(path) - path);
    int length = snprintf(whole, sizeof whole, "%.*s%s", folder, path, target);
    if (length >= PATH_MAX)
        return false;
    memcpy(path, whole, (size_t)length + 1);
    return true;
}

bool place_is_descriptor(const char *path, int *descriptor)
{
    char name[PATH_MAX];
    *descriptor = path_is_standard(path) ? STDOUT_FILENO : -1;
    if (path_is_standard(path))
        return true;
    if (strlen(path) >= sizeof name)
        return false;
    snprintf(name, sizeof name, "%s", path);
    for (int links = 0; links < MOST_LINKS; links++) {
        if (is_number(name, descriptor))
            return true;
        if (!follow(name))
            return false;
    }
    return false;
}

/* What a process opens itself is closed when it hands over to another; what it was given is not. */
static bool was_given(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFD);
    if (flags < 0 || !(flags & FD_CLOEXEC))
        return flags >= 0;
    errno = EBADF;
    return false;
}

static bool is_for_writing(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) != O_RDONLY)
        return flags >= 0;
    errno = EBADF;
    return false;
}

int place_open_descriptor(const char *path, int descriptor, struct error *error)
{
    int fd = -1;
    if (descriptor < 0)
        fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    else if (was_given(descriptor) && is_for_writing(descriptor))
        fd = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0)
        error_errno(error, "%s: can't write to it", path);
    return fd;
}

/* ---- the same place ---- */

struct place {
    int descriptor; /* -1: none of this process */
    bool exists;
    struct stat status;
};

static struct place find(const char *path)
{
    struct place place;
    if (place_is_descriptor(path, &place.descriptor) && place.descriptor >= 0)
        place.exists = fstat(place.descriptor, &place.status) == 0;
    else
        place.exists = stat(path, &place.status) == 0;
    return place;
}

/* Whether two names of files that are not there are one. */
static bool same_name(const char *left, const char *right)
{
    char left_folder[PATH_MAX], right_folder[PATH_MAX];
    return strcmp(base_of(left), base_of(right)) == 0 && folder_of(left, left_folder) &&
           folder_of(right, right_folder) && strcmp(left_folder, right_folder) == 0;
}

bool place_same(const char *left, const char *right)
{
    struct place a = find(left), b = find(right);
    if (a.descriptor >= 0 && a.descriptor == b.descriptor)
        return true;
    if (!a.exists && !b.exists)
        return a.descriptor < 0 && b.descriptor < 0 && same_name(left, right);
    return a.exists && b.exists && !S_ISCHR(a.status.st_mode) &&
           a.status.st_dev == b.status.st_dev && a.status.st_ino == b.status.st_ino;
}

bool place_file(const char *path, struct stat *status)
{
    const struct place place = find(path_is_standard(path) ? "-" : path);
    *status = place.status;
    return place.exists && S_ISREG(place.status.st_mode);
}

bool place_spares(const char *input, const char *output, struct error *error)
{
    struct stat read, written;
    const bool standard = path_is_standard(input);
    const int found = standard ? fstat(STDIN_FILENO, &read) : stat(input, &read);
    if (found != 0 || !S_ISREG(read.st_mode) || !place_file(output, &written) ||
        read.st_dev != written.st_dev || read.st_ino != written.st_ino)
        return true;
    if (!standard)
        return error_set(error, STATUS_USAGE,
                         "%s: is read, and can't be what is written as well: name another file",
                         input);
    return error_set(error, STATUS_USAGE,
                     "%s: is standard input, and can't be what is written as well: name another "
                     "file",
                     path_is_standard(output) ? "standard output" : output);
}
