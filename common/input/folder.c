/*
 * One folder is read after the other, those found in it being put on a list; then all paths are
 * sorted. Paths are held, files are not.
 */
#include "input/folder.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 64 }; /* folders within one another */

struct listing {
    struct folder_file *files; /* their paths are allocated */
    size_t count, capacity;
    char **folders; /* still to be read */
    size_t folder_count, folder_capacity;
    size_t base; /* bytes of the path that was named, with its '/' */
    bool labelled;
};

static unsigned depth_of(const struct listing *listing, const char *path)
{
    unsigned depth = 0;
    for (path += listing->base; *path; path++)
        depth += *path == '/';
    return depth;
}

static bool add_file(struct listing *listing, char *path, enum filed_state state,
                     struct error *error)
{
    if (!memory_reserve(&listing->files, &listing->capacity, listing->count + 1,
                        sizeof *listing->files)) {
        free(path);
        return error_memory(error, "listing a folder");
    }
    listing->files[listing->count++] = (struct folder_file){.path = path, .state = state};
    return true;
}

static bool add_folder(struct listing *listing, char *path, struct error *error)
{
    if (depth_of(listing, path) >= DEEPEST) {
        error_set(error, STATUS_INPUT, "%s: is deeper than %d folders", path, DEEPEST);
        free(path);
        return false;
    }
    if (!memory_reserve(&listing->folders, &listing->folder_capacity, listing->folder_count + 1,
                        sizeof *listing->folders)) {
        free(path);
        return error_memory(error, "listing a folder");
    }
    listing->folders[listing->folder_count++] = path;
    return true;
}

/* Adds what is at the path, which it takes. */
static bool add_entry(struct listing *listing, char *path, const char *name, struct error *error)
{
    struct stat status, link;
    bool first = depth_of(listing, path) == 0;
    if (*name == '.')
        return add_file(listing, path, FILED_HIDDEN, error);
    if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode) && stat(path, &status) != 0 &&
        (errno == ENOENT || errno == ELOOP))
        return add_file(listing, path, FILED_LOST, error);
    if (stat(path, &status) != 0 || lstat(path, &link) != 0) {
        error_errno(error, "%s: can't open", path);
        free(path);
        return false;
    }
    if (S_ISDIR(status.st_mode) && (first || !S_ISLNK(link.st_mode)))
        return add_folder(listing, path, error);
    if (S_ISDIR(status.st_mode))
        return add_file(listing, path, FILED_LINK, error);
    if (!S_ISREG(status.st_mode))
        return add_file(listing, path, FILED_SPECIAL, error);
    return add_file(listing, path, first && listing->labelled ? FILED_UNLABELLED : FILED_DOCUMENT,
                    error);
}

static char *join_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
    return path;
}

static bool read_folder(struct listing *listing, const char *path, struct error *error)
{
    DIR *folder = opendir(path);
    struct dirent *entry = NULL;
    bool done = true;
    if (!folder)
        return error_errno(error, "%s: can't open", path);
    while (done && (errno = 0, entry = readdir(folder))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        char *joined = join_path(path, name);
        done = joined ? add_entry(listing, joined, name, error)
                      : error_memory(error, "listing a folder");
    }
    if (done && errno)
        done = error_errno(error, "%s: can't read", path);
    closedir(folder);
    return done;
}

static bool read_all(struct listing *listing, const char *path, struct error *error)
{
    bool done = read_folder(listing, path, error);
    while (done && listing->folder_count) {
        char *folder = listing->folders[--listing->folder_count];
        done = read_folder(listing, folder, error);
        free(folder);
    }
    while (listing->folder_count)
        free(listing->folders[--listing->folder_count]);
    free(listing->folders);
    return done;
}

/* ---- what was found ---- */

static int compare_files(const void *left, const void *right)
{
    const struct folder_file *l = left, *r = right;
    return strcmp(l->path, r->path);
}

static bool take_label(const struct listing *listing, struct folder_file *file, struct error *error)
{
    const char *begin = file->path + listing->base, *end = strchr(begin, '/');
    if (!end)
        return true;
    file->label = (struct text){begin, (size_t)(end - begin)};
    return !listing->labelled || utf8_valid(begin, file->label.size) ||
           error_set(error, STATUS_INPUT,
                     "%.*s: the name of a folder, which is a label, is not UTF-8: rename it",
                     (int)(end - file->path), file->path);
}

static bool check(const struct listing *listing, const char *path, struct error *error)
{
    size_t documents = 0, unlabelled = 0;
    for (size_t i = 0; i < listing->count; i++) {
        documents += listing->files[i].state == FILED_DOCUMENT;
        unlabelled += listing->files[i].state == FILED_UNLABELLED;
        if (!take_label(listing, &listing->files[i], error))
            return false;
    }
    if (documents)
        return true;
    if (unlabelled)
        return error_set(error, STATUS_INPUT,
                         "%s: its files are in no folders: of labelled texts, a folder holds a "
                         "folder for each label, and that the files",
                         path);
    return error_set(error, STATUS_INPUT, "%s: there are no files in this folder", path);
}

struct folder *folder_list(const char *path, bool labelled, struct error *error)
{
    size_t size = strlen(path);
    struct listing listing = {.base = size + (size && path[size - 1] != '/'), .labelled = labelled};
    struct folder *folder = calloc(1, sizeof *folder);
    bool done = folder ? read_all(&listing, path, error) : error_memory(error, "listing a folder");
    if (done && listing.count)
        qsort(listing.files, listing.count, sizeof *listing.files, compare_files);
    done = done && check(&listing, path, error);
    if (folder) {
        folder->files = listing.files;
        folder->count = listing.count;
    }
    if (done)
        return folder;
    folder_free(folder);
    return NULL;
}

static bool is_split(struct text label)
{
    static const char *const names[] = {"train", "test", "dev",  "valid",    "validation", "val",
                                        "Train", "Test", "eval", "training", "testing"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(label, text_of(names[i])))
            return true;
    return false;
}

/* Files are sorted by their paths, so that those of a label stand together. */
bool folder_splits(const struct folder *folder)
{
    struct text last = {NULL, 0};
    size_t labels = 0;
    for (size_t i = 0; i < folder->count; i++) {
        const struct folder_file *file = &folder->files[i];
        if (file->state != FILED_DOCUMENT)
            continue;
        if (!is_split(file->label))
            return false;
        labels += !text_equal(file->label, last);
        last = file->label;
    }
    return labels > 1;
}

void folder_free(struct folder *folder)
{
    if (!folder)
        return;
    for (size_t i = 0; i < folder->count; i++)
        free(folder->files[i].path);
    free(folder->files);
    free(folder);
}
