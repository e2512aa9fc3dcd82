/* Where the system has no files without a name, one whose name is taken away at once. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "base/temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int temporary_open(const char *folder)
{
    int fd = -1;
#ifdef O_TMPFILE
    fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
    return fd >= 0 ? fd : open_unlinked(folder);
}
