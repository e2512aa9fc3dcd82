/* A file that is not there, or says `max`, is no bound. */
#include "base/room.h"

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

/* What the control group is allowed; that of version 2 is named in a line that begins `0::`. */
static uint64_t group_is_allowed(void)
{
    char line[1024], path[1100];
    uint64_t least = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    FILE *file = fopen("/proc/self/cgroup", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::", 3) != 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", line + 3);
        uint64_t allowed = number_in(path);
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
