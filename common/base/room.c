/* A file that is not there, or says `max`, is no bound. */
#include "base/room.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Pages of the process: field 0 of statm, what is mapped; 1, what is in memory. */
static uint64_t own_bytes(int field)
{
    char line[128] = "", *at = line;
    uint64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fgets(line, sizeof line, file))
        for (int i = 0; i <= field; i++)
            pages = strtoull(at, &at, 10);
    if (file)
        fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t less(uint64_t all, uint64_t used)
{
    return all > used ? all - used : 0;
}

/* The number that the file begins with. */
static uint64_t number_in(const char *path)
{
    char line[64], *end;
    uint64_t number = UINT64_MAX;
    FILE *file = fopen(path, "r");
    if (file && fgets(line, sizeof line, file)) {
        uint64_t read = strtoull(line, &end, 10);
        number = end > line ? read : UINT64_MAX;
    }
    if (file)
        fclose(file);
    return number;
}

static uint64_t machine_has(void)
{
    static const char name[] = "MemAvailable:";
    uint64_t found = UINT64_MAX;
    char line[128];
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && found == UINT64_MAX && fgets(line, sizeof line, file))
        if (strncmp(line, name, sizeof name - 1) == 0)
            found = (uint64_t)strtoull(line + sizeof name - 1, NULL, 10) * 1024;
    if (file)
        fclose(file);
    return found;
}

uint64_t room_of_group(const char *root, const char *group, const char *file)
{
    char path[2048];
    uint64_t least = UINT64_MAX;
    for (size_t size = strlen(group);; size--) {
        if (size && group[size] != '/' && group[size])
            continue;
        snprintf(path, sizeof path, "%s%.*s/%s", root, (int)size, group, file);
        const uint64_t allowed = number_in(path);
        least = allowed < least ? allowed : least;
        if (!size)
            return least;
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

uint64_t room_of_line(const char *root, char *line)
{
    char memory[1024];
    char *names = strchr(line, ':'), *group = names ? strchr(names + 1, ':') : NULL;
    if (!group)
        return UINT64_MAX;
    line[strcspn(line, "\n")] = '\0';
    *group++ = '\0';
    snprintf(memory, sizeof memory, "%s/memory", root);
    if (names_memory(names + 1))
        return room_of_group(memory, group, "memory.limit_in_bytes");
    return strncmp(line, "0:", 2) == 0 ? room_of_group(root, group, "memory.max") : UINT64_MAX;
}

static uint64_t group_is_allowed(void)
{
    char line[1024];
    uint64_t least = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    FILE *file = fopen("/proc/self/cgroup", "r");
    while (file && fgets(line, sizeof line, file)) {
        const uint64_t allowed = room_of_line("/sys/fs/cgroup", line);
        least = allowed < least ? allowed : least;
    }
    if (file)
        fclose(file);
    return least;
}

uint64_t room_in_memory(void)
{
    uint64_t machine = machine_has(), group = less(group_is_allowed(), own_bytes(1));
    return group < machine ? group : machine;
}

uint64_t room_to_map(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return less((uint64_t)limit.rlim_cur, own_bytes(0));
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
