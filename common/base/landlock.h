/*
 * landlock: which files this process, its threads and its children may still open or name, as far
 * as the kernel can be asked (Linux 5.13 and newer; Documentation/userspace-api/landlock.rst).
 *
 * Begun, everything is forbidden that is not allowed before landlock_enter: all access to files
 * that this version of the kernel's interface (its ABI) knows, and from ABI 4 on TCP, from ABI 6 on
 * signals to processes that are not its own, and abstract sockets. What is open stays open.
 *
 * What can't be had leaves errno for the caller to tell.
 */
#ifndef BASE_LANDLOCK_H
#define BASE_LANDLOCK_H

#include <stdbool.h>

/* What may be done with a file, or beneath a folder; the kernel's own numbers. */
enum {
    LANDLOCK_WRITE = 1 << 1,
    LANDLOCK_READ = 1 << 2,
    LANDLOCK_LIST = 1 << 3,      /* read a folder */
    LANDLOCK_REMOVE = 1 << 5,    /* take a file's name away */
    LANDLOCK_MAKE = 1 << 8,      /* make a regular file, or name one */
    LANDLOCK_TRUNCATE = 1 << 14, /* from ABI 3 on; before, no right is needed */
    LANDLOCK_DEVICE = 1 << 15    /* ioctl on a device; likewise from ABI 5 on */
};

/* Ends in landlock_close. */
struct landlock {
    int abi;
    int fd; /* of the rules; -1: none were begun */
};

bool landlock_begin(struct landlock *landlock);

/*
 * Allows some of the above at `path`, whose symbolic links are followed, and beneath it where it is
 * a folder. What is not there, or out of this user's reach, gets no rule, which is no failure: it
 * can't be opened anyhow.
 */
bool landlock_allow(struct landlock *landlock, const char *path, unsigned access);

/* The same, of what is open (O_PATH does). */
bool landlock_allow_fd(struct landlock *landlock, int fd, unsigned access);

/* From here on it holds, for this thread and those that it starts. Privileges have to be given up
   before (PR_SET_NO_NEW_PRIVS). */
bool landlock_enter(struct landlock *landlock);

void landlock_close(struct landlock *landlock);

#endif
