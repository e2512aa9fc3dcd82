/* Products of sizes are checked for overflow before they are asked for. */
#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void *memory_array(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(bytes ? bytes : 1);
}

enum { CACHE_LINE = 64, LARGE_PAGE = 2 << 20, LARGE = LARGE_PAGE / 2 };

/* Whole pages: what is left over would be hundreds of small ones. */
void *memory_large(size_t size)
{
    void *memory = NULL;
    size_t alignment = size < LARGE ? CACHE_LINE : LARGE_PAGE;
    if (size >= LARGE && size <= SIZE_MAX - LARGE_PAGE)
        size = (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    int cause = posix_memalign(&memory, alignment, size ? size : 1);
    if (cause) {
        errno = cause;
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    if (size >= LARGE_PAGE)
        madvise(memory, size, MADV_HUGEPAGE); /* a wish: nothing depends on it */
#endif
    return memory;
}

void *memory_cleared(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    void *memory = memory_large(bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}

void memory_discard(void *part, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *bytes = part;
    const size_t before = (page - (uintptr_t)bytes % page) % page;
    if (size > before + page)
        madvise(bytes + before, (size - before) / page * page, MADV_DONTNEED); /* a wish, too */
}

bool memory_reserve(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return true;
    size_t grown = *capacity > SIZE_MAX / 2 ? needed : 2 * *capacity;
    if (grown < needed)
        grown = needed;
    if (grown < 16)
        grown = 16;
    size_t bytes;
    if (__builtin_mul_overflow(grown, size, &bytes)) {
        errno = ENOMEM;
        return false;
    }
    /* `array` is the address of a typed pointer: copied as bytes, whatever its type. */
    void *old;
    memcpy(&old, array, sizeof old);
    void *fresh = realloc(old, bytes);
    if (!fresh)
        return false;
    memcpy(array, &fresh, sizeof fresh);
    *capacity = grown;
    return true;
}

bool memory_reserve_large(void *array, size_t *capacity, size_t needed, size_t size)
{
    size_t bytes;
    if (*capacity || __builtin_mul_overflow(needed, size, &bytes) || bytes < LARGE)
        return memory_reserve(array, capacity, needed, size);
    void *fresh = memory_large(bytes);
    if (!fresh)
        return false;
    memcpy(array, &fresh, sizeof fresh);
    *capacity = needed;
    return true;
}

void memory_keep_tight(void)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 128 << 10); /* else it rises with the largest block freed */
    mallopt(M_MMAP_MAX, 16 << 10);        /* the system maps some 65,000 pieces a process */
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
#endif
}

/* Where addresses have 32 bits, the system keeps some, and the rest is in pieces. */
size_t memory_addressable(uint64_t bytes)
{
    return bytes < SIZE_MAX / 2 ? (size_t)bytes : SIZE_MAX / 2;
}

void memory_shrink(void *array, size_t *capacity, size_t needed, size_t size)
{
    void *old;
    memcpy(&old, array, sizeof old);
    if (needed >= *capacity)
        return;
    void *fresh = realloc(old, needed ? needed * size : 1);
    if (!fresh)
        return;
    memcpy(array, &fresh, sizeof fresh);
    *capacity = needed;
}
