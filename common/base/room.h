/*
 * room: how much memory is to be had, so that a program can say in time that it needs more.
 *
 * These are what the system tells at this moment; other programs take and give back.
 */
#ifndef BASE_ROOM_H
#define BASE_ROOM_H

#include <stddef.h>
#include <stdint.h>

enum { ROOM_GROUPS = 16 };

struct room_names;

/* Files of a control group: descriptors, -1 where there is none. */
struct room_group {
    const struct room_names *names;
    int limit, usage, stat;
};

/* Where the system tells it. From room_open on; closed by room_close. */
struct room {
    int machine, own;                      /* /proc/meminfo, /proc/self/statm; -1: there is none */
    struct room_group groups[ROOM_GROUPS]; /* that have a limit, the innermost first */
    size_t group_count;
};

/* Opens what tells of the machine, the process and its control groups. What can't be opened tells
   nothing. */
void room_open(struct room *room);

void room_close(struct room *room);

/*
 * Bytes that the process and those it forks may use in all beside what they have now: what the
 * machine has left (Linux: MemAvailable), or less where a control group that they are in has less
 * (room_in_groups).
 * UINT64_MAX where the system does not tell.
 */
uint64_t room_in_memory(const struct room *room);

/* Bytes that the process alone may map beside what it has: its RLIMIT_AS; else UINT64_MAX. */
uint64_t room_to_map(const struct room *room);

/*
 * Adds the control group of a line of /proc/self/cgroup, `4:cpu,memory:/job/step`, and those that
 * it is in: a number, what the group controls, which in version 2, number 0, is not said, and the
 * group. `root` is where the groups of version 2 are, and those of version 1 that control memory in
 * `memory` below. What does not control memory is no bound. The line is changed.
 */
void room_add_line(struct room *room, const char *root, char *line);

/*
 * What the groups have left, the least: their limit, less what all processes in them use, without
 * pages of files, which are given back, as MemAvailable counts them. UINT64_MAX where none has a
 * limit.
 */
uint64_t room_in_groups(const struct room *room);

enum { ROOM_TEXT_SIZE = 32 };

/* `340 MiB`, from 1 GiB on `2.35 GiB`, in the caller's buffer, which it returns. */
const char *room_text(double bytes, char buffer[ROOM_TEXT_SIZE]);

#endif
