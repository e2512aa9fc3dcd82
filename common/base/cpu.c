/* What CPUID says, and what the environment lets a program see of it. */
#define _GNU_SOURCE
#include "base/cpu.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static enum cpu_level machine_level(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt") ||
        !__builtin_cpu_supports("pclmul"))
        return CPU_PORTABLE;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512cd") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512vbmi") ||
        !__builtin_cpu_supports("avx512vbmi2"))
        return CPU_AVX2;
    return CPU_AVX512;
#else
    return CPU_PORTABLE;
#endif
}

static const char *const names[] = {"portable", "avx2", "avx512"};

const char *cpu_level_name(enum cpu_level level)
{
    return names[level];
}

/* What the environment allows; false where it says something else. */
static bool allowed_level(enum cpu_level *allowed)
{
    const char *text = getenv("GLOVEPIPE_CPU");
    *allowed = CPU_AVX512;
    for (int level = CPU_PORTABLE; text && *text && level <= CPU_AVX512; level++)
        if (strcmp(text, names[level]) == 0) {
            *allowed = (enum cpu_level)level;
            return true;
        }
    return !text || !*text;
}

const char *cpu_level_unknown(void)
{
    enum cpu_level unused;
    return allowed_level(&unused) ? NULL : getenv("GLOVEPIPE_CPU");
}

enum cpu_level cpu_level(void)
{
    enum cpu_level machine = machine_level(), allowed;
    (void)allowed_level(&allowed);
    return machine < allowed ? machine : allowed;
}

enum cpu_level cpu_best(enum cpu_level level, const bool there[CPU_LEVELS])
{
    for (int best = level; best > CPU_PORTABLE; best--)
        if (there[best])
            return (enum cpu_level)best;
    return CPU_PORTABLE;
}

bool cpu_gathers_well(void)
{
#if defined(__x86_64__)
    enum { FEATURES = 7, FP16 = 23 }; /* a leaf of CPUID, and a bit of EDX */
    unsigned eax, ebx, ecx, edx;
    return __get_cpuid_count(FEATURES, 0, &eax, &ebx, &ecx, &edx) && (edx >> FP16 & 1);
#else
    return false;
#endif
}

unsigned cpu_count(void)
{
#if defined(__linux__)
    cpu_set_t sets[16]; /* one has 1,024 CPUs, and the system says nothing if it may have more */
    if (sched_getaffinity(0, sizeof sets, sets) == 0) {
        int count = CPU_COUNT_S(sizeof sets, sets);
        return count > 0 ? (unsigned)count : 1;
    }
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}
