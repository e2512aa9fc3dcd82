/* Files are told apart by their numbers, sorted. */
#include "run/path_twice.h"

#include "base/path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

struct named {
    struct stat status;
    size_t at; /* which path it is */
};

static bool same_file(const struct named *left, const struct named *right)
{
    return left->status.st_dev == right->status.st_dev &&
           left->status.st_ino == right->status.st_ino;
}

static int compare_named(const void *left, const void *right)
{
    const struct named *l = left, *r = right;
    if (l->status.st_dev != r->status.st_dev)
        return l->status.st_dev < r->status.st_dev ? -1 : 1;
    if (l->status.st_ino != r->status.st_ino)
        return l->status.st_ino < r->status.st_ino ? -1 : 1;
    return (l->at > r->at) - (l->at < r->at);
}

const char *path_twice(const char *const *paths, size_t count)
{
    struct named *named = calloc(count + 1, sizeof *named);
    const char *twice = NULL;
    size_t found = 0;
    for (size_t i = 0; named && i < count; i++)
        if (!path_is_standard(paths[i]) && stat(paths[i], &named[found].status) == 0 &&
            (S_ISREG(named[found].status.st_mode) || S_ISDIR(named[found].status.st_mode)))
            named[found++].at = i;
    if (named)
        qsort(named, found, sizeof *named, compare_named);
    for (size_t i = 1; i < found && !twice; i++)
        if (same_file(&named[i - 1], &named[i]))
            twice = paths[named[i].at];
    free(named);
    return twice;
}
