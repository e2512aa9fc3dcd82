/*
 * Pages are made a large one at a time, from the second on: the first is being filled already. When
 * the filling thread catches up both make the same page once, of which one is dropped, and then the
 * filling one is busy with what it puts there, while this one goes on.
 */
#define _DEFAULT_SOURCE /* madvise */
#include "par/prefault.h"

#include <sys/mman.h>

/* Linux has had it since 5.14, the C library's headers later. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum { PAGE = 2 << 20, LEAST_PAGES = 4 };

static void *prefault_main(void *argument)
{
    struct prefault *prefault = argument;
    for (size_t at = PAGE; at + PAGE <= prefault->size && !atomic_load(&prefault->ending);
         at += PAGE)
        if (madvise(prefault->memory + at, PAGE, MADV_POPULATE_WRITE))
            break;
    return NULL;
}

void prefault_begin(struct prefault *prefault, void *memory, size_t size)
{
    if (size / PAGE < LEAST_PAGES)
        return;
    prefault->memory = memory;
    prefault->size = size;
    atomic_init(&prefault->ending, false);
    prefault->running = !pthread_create(&prefault->thread, NULL, prefault_main, prefault);
}

void prefault_end(struct prefault *prefault)
{
    if (!prefault->running)
        return;
    atomic_store(&prefault->ending, true);
    pthread_join(prefault->thread, NULL);
    prefault->running = false;
}
