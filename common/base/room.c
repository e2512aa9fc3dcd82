/*
 * A file that is not there, or says `max`, is no bound.
 *
 * Files are held open, for a program that is confined (sandbox.h) may not open them by then: what
 * the kernel was told to allow is an inode, and /proc gets others when memory is short.
 */
#define _XOPEN_SOURCE 700 /* pread, O_CLOEXEC */
#include "base/room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { TEXT_SIZE = 8192 }; /* memory.stat, the longest, has some 2,500 */

/* From there on a limit is none: version 1 has a number for that, 2^63 less a page. */
static const uint64_t unlimited = UINT64_C(1) << 60;

/* How a version of control groups calls what a group may have and has of memory; and what of that
   are pages of files, which the kernel takes back before it ends a process. */
struct room_names {
    const char *limit, *usage, *pages[2];
};

static const struct room_names first_version = {"memory.limit_in_bytes",
                                                "memory.usage_in_bytes",
                                                {"total_inactive_file ", "total_active_file "}};
static const struct room_names second_version = {
    "memory.max", "memory.current", {"inactive_file ", "active_file "}};

static uint64_t less(uint64_t all, uint64_t used)
{
    return all > used ? all - used : 0;
}

/* ---- files ---- */

static int open_file(const char *folder, const char *name)
{
    char path[2048];
    const int size = snprintf(path, sizeof path, "%s/%s", folder, name);
    return size > 0 && (size_t)size < sizeof path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

static void close_file(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* What the file says now; nothing where it can't be read. */
static void read_text(int fd, char text[TEXT_SIZE])
{
    size_t size = 0;
    ssize_t got;
    do {
        got = pread(fd, text + size, TEXT_SIZE - 1 - size, (off_t)size);
        size += got > 0 ? (size_t)got : 0;
    } while (got > 0 || (got < 0 && errno == EINTR));
    text[size] = '\0';
}

/* The number that the file begins with. */
static uint64_t number_in(int fd)
{
    char text[TEXT_SIZE], *end;
    read_text(fd, text);
    const uint64_t number = strtoull(text, &end, 10);
    return end > text ? number : UINT64_MAX;
}

/* The number behind `name` at the start of a line. */
static uint64_t number_of(const char *text, const char *name)
{
    const size_t size = strlen(name);
    while (*text && strncmp(text, name, size) != 0) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return *text ? strtoull(text + size, NULL, 10) : UINT64_MAX;
}

/* ---- the machine and the process ---- */

static uint64_t machine_has(const struct room *room)
{
    char text[TEXT_SIZE];
    read_text(room->machine, text);
    const uint64_t kilobytes = number_of(text, "MemAvailable:");
    return kilobytes < UINT64_MAX / 1024 ? kilobytes * 1024 : UINT64_MAX;
}

/* Pages of the process: field 0 of statm, what is mapped; 1, what is in memory. */
static uint64_t own_bytes(const struct room *room, int field)
{
    char text[TEXT_SIZE], *at = text;
    uint64_t pages = 0;
    read_text(room->own, text);
    for (int i = 0; i <= field; i++)
        pages = strtoull(at, &at, 10);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* ---- control groups ---- */

/* Holds what tells of a group that has a limit. */
static void add_group(struct room *room, const char *folder, const struct room_names *names)
{
    const int limit = open_file(folder, names->limit);
    if (number_in(limit) >= unlimited || room->group_count == ROOM_GROUPS) {
        close_file(limit);
        return;
    }
    room->groups[room->group_count++] = (struct room_group){
        .names = names,
        .limit = limit,
        .usage = open_file(folder, names->usage),
        .stat = open_file(folder, "memory.stat"),
    };
}

/* The group and those that it is in, below `root`. */
static void add_groups(struct room *room, const char *root, const char *group,
                       const struct room_names *names)
{
    char folder[2048];
    for (size_t size = strcmp(group, "/") == 0 ? 0 : strlen(group);; size--) {
        if (size && group[size] != '/' && group[size])
            continue;
        if ((size_t)snprintf(folder, sizeof folder, "%s%.*s", root, (int)size, group) <
            sizeof folder)
            add_group(room, folder, names);
        if (!size)
            return;
    }
}

/* Whether one of the names, with `,` between them, is that of memory's control. */
static bool names_memory(const char *names)
{
    static const char memory[] = "memory";
    while (*names) {
        const size_t size = strcspn(names, ",");
        if (size == sizeof memory - 1 && strncmp(names, memory, size) == 0)
            return true;
        names += size + (names[size] == ',');
    }
    return false;
}

void room_add_line(struct room *room, const char *root, char *line)
{
    char memory[1024];
    char *names = strchr(line, ':'), *group = names ? strchr(names + 1, ':') : NULL;
    if (!group)
        return;
    line[strcspn(line, "\n")] = '\0';
    *group++ = '\0';
    snprintf(memory, sizeof memory, "%s/memory", root);
    if (names_memory(names + 1))
        add_groups(room, memory, group, &first_version);
    else if (strncmp(line, "0:", 2) == 0)
        add_groups(room, root, group, &second_version);
}

/* Pages of files, as far as it is known. */
static uint64_t pages_of(const struct room_group *group)
{
    char text[TEXT_SIZE];
    uint64_t pages = 0;
    read_text(group->stat, text);
    for (int i = 0; i < 2; i++) {
        const uint64_t some = number_of(text, group->names->pages[i]);
        pages += some < unlimited ? some : 0;
    }
    return pages;
}

/* Where it is not told what a group has, it is this process's alone. */
static uint64_t group_has(const struct room *room, const struct room_group *group)
{
    const uint64_t usage = number_in(group->usage);
    const uint64_t used = usage == UINT64_MAX ? own_bytes(room, 1) : less(usage, pages_of(group));
    return less(number_in(group->limit), used);
}

uint64_t room_in_groups(const struct room *room)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < room->group_count; i++) {
        const uint64_t has = group_has(room, &room->groups[i]);
        least = has < least ? has : least;
    }
    return least;
}

/* ---- all of it ---- */

void room_open(struct room *room)
{
    char line[1024];
    *room = (struct room){.machine = open_file("/proc", "meminfo"),
                          .own = open_file("/proc", "self/statm")};
    FILE *file = fopen("/proc/self/cgroup", "r");
    if (!file)
        add_groups(room, "/sys/fs/cgroup/memory", "", &first_version);
    while (file && fgets(line, sizeof line, file))
        room_add_line(room, "/sys/fs/cgroup", line);
    if (file)
        fclose(file);
}

void room_close(struct room *room)
{
    close_file(room->machine);
    close_file(room->own);
    for (size_t i = 0; i < room->group_count; i++) {
        close_file(room->groups[i].limit);
        close_file(room->groups[i].usage);
        close_file(room->groups[i].stat);
    }
    room->group_count = 0;
}

uint64_t room_in_memory(const struct room *room)
{
    const uint64_t machine = machine_has(room), groups = room_in_groups(room);
    return groups < machine ? groups : machine;
}

uint64_t room_to_map(const struct room *room)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return less((uint64_t)limit.rlim_cur, own_bytes(room, 0));
}

const char *room_text(double bytes, char buffer[ROOM_TEXT_SIZE])
{
    double mib = bytes / (1 << 20);
    if (mib < 1024)
        snprintf(buffer, ROOM_TEXT_SIZE, "%.0f MiB", mib);
    else
        snprintf(buffer, ROOM_TEXT_SIZE, "%.2f GiB", mib / 1024);
    return buffer;
}
