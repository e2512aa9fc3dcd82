/*
 * vector_shape: how many numbers a line of a file of word vectors has, and whether a line in front
 * says so.
 */
#ifndef VECTORS_VECTOR_SHAPE_H
#define VECTORS_VECTOR_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vector_shape {
    uint32_t dim;       /* numbers a line, 1 to the most that was asked for */
    bool has_header;    /* the first line is `count dim`, as word2vec and fastText write it */
    uint64_t count;     /* what the header says */
    uint64_t said;      /* numbers a line by a header that no line confirms; 0: there is none */
    size_t header_size; /* bytes before the vectors: a byte order mark, the header and its '\n' */
    size_t line_size;   /* bytes of the first line that has it */

    /* The first line without this shape, in the head; of those that were looked at, and unless a
       header told the shape. NULL, and odd_line 0, where there is none. */
    const char *odd;
    size_t odd_size;   /* without its end */
    uint64_t odd_line; /* its number, from 1 */
};

enum vector_shape_result {
    SHAPE_FOUND,
    SHAPE_NONE,      /* no line looks like a word and numbers */
    SHAPE_HEADER,    /* there is a header, and nothing else */
    SHAPE_UNCERTAIN, /* a line does, and no other one agrees with it */
    SHAPE_WIDE       /* there are more numbers than most_dim */
};

/*
 * Finds the shape from the beginning of a file: that of most of the first lines which are a word
 * without spaces and nothing but numbers after it. `whole`: the file is no longer than `head`, so
 * its last line counts though it may lack its '\n'.
 */
enum vector_shape_result vector_shape_find(const char *head, size_t size, bool whole,
                                           uint32_t most_dim, struct vector_shape *shape);

/* Whether the file begins with `count dim`, a byte order mark before it perhaps, and where the
 * vectors begin then. */
bool vector_shape_header(const char *head, size_t size, uint64_t *count, uint64_t *dim,
                         size_t *header_size);

#endif
