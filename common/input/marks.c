#include "input/marks.h"

#include <string.h>

void marks_make_up(unsigned char *a, unsigned char *b)
{
    for (unsigned p = 0; p < INFLATE_WINDOW; p++) {
        a[p] = (unsigned char)p;
        b[p] = (unsigned char)(p + 1 + (p >> 8));
    }
}

/* The key of a pair is a + 256 x (b - a): first those of equal bytes, then the window's. */
void marks_learn(struct marks *marks, const unsigned char *window)
{
    for (unsigned i = 0; i < MARKS_KEYS; i++)
        marks->meaning[i] = (unsigned char)i;
    memcpy(marks->meaning + MARKS_KEYS, window, INFLATE_WINDOW);
    memset(marks->meaning + MARKS_KEYS + INFLATE_WINDOW, 0, MARKS_PADDING);
}

/* Without a branch: certain bytes and others alternate too often to be foreseen. */
void marks_resolve_portable(const struct marks *marks, const unsigned char *a,
                            const unsigned char *b, unsigned char *to, size_t size)
{
    const unsigned char *meaning = marks->meaning;
    for (size_t i = 0; i < size; i++)
        to[i] = meaning[a[i] | (size_t)(unsigned char)(b[i] - a[i]) << 8];
}

marks_resolve *marks_kernel_of(enum cpu_level level)
{
#ifdef __x86_64__
    if (level >= CPU_AVX512)
        return marks_resolve_avx512;
#endif
    (void)level;
    return marks_resolve_portable;
}
