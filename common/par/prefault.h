/*
 * prefault: has the system make the pages of memory before another thread fills them.
 *
 * A page is made, and cleared, when it is first touched, which for much memory takes as long as
 * reading what is put there. Nothing depends on it: where the system can't, or is slow, pages are
 * made as they are touched.
 */
#ifndef PAR_PREFAULT_H
#define PAR_PREFAULT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Start from `{0}`. */
struct prefault {
    char *memory; /* borrowed */
    size_t size;
    atomic_bool ending;
    bool running;
    pthread_t thread;
};

/* Begins with `size` bytes from `memory` on, on a thread of its own, unless they are few. The
   memory may be filled meanwhile, and moved or freed: what is at its address then keeps its
   contents. */
void prefault_begin(struct prefault *prefault, void *memory, size_t size);

/* Stops, whatever is made by then, and waits for the thread; does nothing where none was begun. */
void prefault_end(struct prefault *prefault);

#endif
