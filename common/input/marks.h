/*
 * marks: what deflate data gives that is inflated from amid it, without the window before.
 *
 * It is inflated twice, from two made-up windows. Both ways take the same bits and give as many
 * bytes. Where the two bytes are equal, no match led back to the window, and the byte is certain;
 * where they differ, the two tell which of the window's bytes belongs there:
 *
 *     a[p] = p mod 256    b[p] = a[p] + 1 + p / 256 (mod 256)    for p in 0 .. 32767
 *
 * so that b - a is 1 to 128, and never 0.
 */
#ifndef INPUT_MARKS_H
#define INPUT_MARKS_H

#include "base/cpu.h"

#include <stddef.h>

enum { INFLATE_WINDOW = 32 * 1024 /* bytes, as far as a match of deflate data reaches back */ };

enum {
    MARKS_KEYS = 256, /* of certain bytes, before those of the window */
    MARKS_PADDING = 3 /* readable bytes behind them, for the kernels */
};

/* Made of one window, and read by any number of threads after that. */
struct marks {
    unsigned char meaning[MARKS_KEYS + INFLATE_WINDOW + MARKS_PADDING];
};

/* Fills the two windows, of INFLATE_WINDOW bytes each. */
void marks_make_up(unsigned char *a, unsigned char *b);

/* `window`: the INFLATE_WINDOW bytes that stand before. */
void marks_learn(struct marks *marks, const unsigned char *window);

/* Writes to `to` (which may be `a`) what is true, for results `a` and `b` from the two windows. */
typedef void marks_resolve(const struct marks *marks, const unsigned char *a,
                           const unsigned char *b, unsigned char *to, size_t size);
marks_resolve marks_resolve_portable, marks_resolve_avx512;

/* The fastest of them that the level allows. */
marks_resolve *marks_kernel_of(enum cpu_level level);

#endif
