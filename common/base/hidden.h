/*
 * hidden: a file that takes its name when it is whole.
 *
 * Where the system has O_TMPFILE and /proc, it has no name until then, and vanishes with the last
 * process that has it open. Elsewhere (NFS, FUSE) it stands beside its place under a name that
 * nobody can foresee, `.BASE.glovepipe-` and 16 hexadecimal digits, which is made anew (O_EXCL), so
 * that no planted link is followed and no two runs, on whatever machines, meet. A small process
 * watches over that name: it takes it away when this one ends without having given the file its
 * place, by a signal too.
 */
#ifndef BASE_HIDDEN_H
#define BASE_HIDDEN_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

/* Start from HIDDEN_NONE; ends in hidden_drop. */
struct hidden {
    int fd;        /* open for writing; closed by hidden_drop */
    char *path;    /* the name that it will have */
    char *name;    /* the one that it has; NULL: none */
    int alive;     /* the socket on whose end the watching process waits; -1: there is none */
    pid_t watcher; /* 0: there is none */
};

#define HIDDEN_NONE ((struct hidden){.fd = -1, .alive = -1})

/*
 * Opens a file that will be `path`, of which a symbolic link is followed. `shown` is its name in
 * messages. Status SYSTEM; USAGE where something is mounted at `path`, which could not be replaced.
 */
bool hidden_open(struct hidden *hidden, const char *path, const char *shown, struct error *error);

/*
 * Gives it its name, in the place of what stands there. With `sync`, for which its bytes have to
 * have reached the disk before, its name has when this returns. Status SYSTEM; then what stood
 * there is there, unless the name alone could not be saved.
 */
bool hidden_appear(struct hidden *hidden, bool sync, const char *shown, struct error *error);

/* Closes it; without a place it is gone. */
void hidden_drop(struct hidden *hidden);

#endif
