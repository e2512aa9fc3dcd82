/*
 * show_linear: a linear stream as text: of each view and label, the terms that speak most for the
 * label and those that speak most against it, a line each:
 *
 *     view TAB label TAB for|against TAB term TAB weight
 */
#ifndef STREAM_SHOW_LINEAR_H
#define STREAM_SHOW_LINEAR_H

#include "base/buffer.h"
#include "stream/linear.h"

/* A term of a list, the strongest first. */
struct speaker {
    float strength; /* above 0 */
    char *term;     /* owned */
    size_t size;
};

/* The lists of the part at hand: two a class, of `most` places each. Start from `{0}`. */
struct speakers {
    struct speaker *places;
    uint32_t *filled; /* of each list */
    size_t most;
};

/*
 * Takes a block into account, and prints what its part comes to where it is the last one. `most`
 * is how many terms a list has. Status SYSTEM when memory is out.
 */
bool show_linear(struct speakers *speakers, const struct stream_header *header,
                 const struct linear_block *block, size_t most, struct buffer *text,
                 struct error *error);

void speakers_free(struct speakers *speakers, uint32_t classes);

#endif
