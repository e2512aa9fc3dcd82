/*
 * prefetch: asks for the cache line at an address, which may be any.
 *
 * GCC takes a function that only prefetches for one without effect, and leaves its calls out, even
 * where it is inlined always; so the builtin stands beside an assembler line, which is empty.
 */
#ifndef BASE_PREFETCH_H
#define BASE_PREFETCH_H

static inline void prefetch_line(const void *address)
{
    __builtin_prefetch(address);
    __asm__ volatile("");
}

#endif
