/*
 * begin: where a block of deflate data may begin, found from its bits alone.
 *
 * Only blocks with codes of their own that are not the last are looked for: their header (RFC
 * 1951, 3.2.7) describes three complete prefix codes, which other bits hardly ever do. What is
 * found is a guess nevertheless, for the caller to check.
 */
#ifndef INPUT_BEGIN_H
#define INPUT_BEGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BEGIN_HEADER = 576, /* more bytes than a header has */
    BEGIN_PADDING = 32  /* readable bytes behind those that are searched */
};

/*
 * The first bit at or behind bit `from` where a whole header stands in bytes[0 .. size-1]. Bits
 * count from the lowest of a byte.
 */
bool begin_find(const unsigned char *bytes, size_t size, uint64_t from, uint64_t *found);

#endif
