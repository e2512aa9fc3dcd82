/*
 * memory: allocation whose size arithmetic can't overflow.
 *
 * Each returns NULL with errno ENOMEM when the product overflows or memory is out; what they
 * return is freed with free().
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* count x size bytes, not cleared. */
void *memory_array(size_t count, size_t size);

/*
 * For memory that is large and soon all used: `size` bytes, not cleared, on pages as large as the
 * system has, so that touching them first costs a few page faults instead of thousands. It begins
 * with a cache line (of 64 bytes) in any case.
 */
void *memory_large(size_t size);

/*
 * count x size bytes, cleared, likewise. The system maps what calloc gives when it is first read,
 * and once more when it is first written, for which it stops all threads of the process.
 */
void *memory_cleared(size_t count, size_t size);

/* Gives the whole pages within a part of such memory back to the system, and their contents up. The
   part may not be used again, but it is freed with the rest. */
void memory_discard(void *part, size_t size);

/*
 * Makes room in `*array` (of `*capacity` elements of `size` bytes, NULL and 0 at first) for at
 * least `needed` elements, doubling so that appending is linear. On false nothing has changed.
 */
bool memory_reserve(void *array, size_t *capacity, size_t needed, size_t size);

/*
 * The same for memory that is soon all used: what is made first, where it is large, is memory_large
 * with room for no more than is needed.
 */
bool memory_reserve_large(void *array, size_t *capacity, size_t needed, size_t size);

/*
 * For a program that keeps to a bound: from then on what is freed is not held back for later, nor
 * does each thread hold memory of its own. Blocks are the system's own from 128 KiB on.
 */
void memory_keep_tight(void);

/* `bytes`, or as much of it as addresses of this size let a program have. */
size_t memory_addressable(uint64_t bytes);

/* Gives back what memory_reserve made for more than `needed` elements. */
void memory_shrink(void *array, size_t *capacity, size_t needed, size_t size);

#endif
