/*
 * seccomp: which system calls this process, its threads and its children may still make, as far as
 * the kernel can be asked (Linux, Documentation/userspace-api/seccomp_filter.rst).
 */
#ifndef BASE_SECCOMP_H
#define BASE_SECCOMP_H

#include <stdbool.h>

/*
 * From here on calls that no program of the suite has a use for fail with EPERM: other programs,
 * sockets, other processes' memory, mounts, namespaces, keys, users, modules (seccomp.c has them
 * all). Privileges have to be given up before (PR_SET_NO_NEW_PRIVS). On false errno says why;
 * ENOSYS where this machine, or what it was built with, is not known.
 */
bool seccomp_enter(void);

/* Calls that seccomp_enter refuses, by their numbers; for the test that makes them. */
unsigned seccomp_refused(const int **numbers);

#endif
