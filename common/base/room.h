/*
 * room: how much memory is to be had, so that a program can say in time that it needs more.
 *
 * These are what the system tells at this moment; other programs take and give back.
 */
#ifndef BASE_ROOM_H
#define BASE_ROOM_H

#include <stdint.h>

/*
 * Bytes that the process and those it forks may use in all beside what they have now: what the
 * machine has left (Linux: MemAvailable), less where their control group, or one that it is in, is
 * allowed less.
 * UINT64_MAX where the system does not tell.
 */
uint64_t room_in_memory(void);

/* Bytes that the process alone may map beside what it has: its RLIMIT_AS; else UINT64_MAX. */
uint64_t room_to_map(void);

/* What a control group below `root` and those that it is in are allowed, each in a file of its own:
   the least. UINT64_MAX where none says a number. */
uint64_t room_of_group(const char *root, const char *group, const char *file);

/*
 * The same of the group in a line of /proc/self/cgroup, `4:cpu,memory:/job/step`: a number, what
 * the group controls, which in version 2, number 0, is not said, and the group. `root` is where the
 * groups of version 2 are, and those of version 1 that control memory in `memory` below. What does
 * not control memory is no bound. The line is changed.
 */
uint64_t room_of_line(const char *root, char *line);

enum { ROOM_TEXT_SIZE = 32 };

/* `340 MiB`, from 1 GiB on `2.35 GiB`, in the caller's buffer, which it returns. */
const char *room_text(double bytes, char buffer[ROOM_TEXT_SIZE]);

#endif
