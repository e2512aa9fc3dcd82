#include "input/marks.h"

#include <string.h>

void marks_make_up(unsigned char *a, unsigned char *b)
{
    for (unsigned p = 0; p < MARKS_WINDOW; p++) {
        a[p] = (unsigned char)p;
        b[p] = (unsigned char)(p + 1 + (p >> 8));
    }
}

/* The key of a pair is a + 256 x (b - a): first those of equal bytes, then the window's. */
void marks_learn(struct marks *marks, const unsigned char *window)
{
    for (unsigned i = 0; i < MARKS_KEYS; i++)
        marks->meaning[i] = (unsigned char)i;
    memcpy(marks->meaning + MARKS_KEYS, window, MARKS_WINDOW);
}

/* Without a branch: certain bytes and others alternate too often to be foreseen. */
void marks_resolve(const struct marks *marks, const unsigned char *a, const unsigned char *b,
                   unsigned char *to, size_t size)
{
    const unsigned char *meaning = marks->meaning;
    for (size_t i = 0; i < size; i++)
        to[i] = meaning[a[i] | (size_t)(unsigned char)(b[i] - a[i]) << 8];
}
