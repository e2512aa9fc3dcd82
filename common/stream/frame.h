/*
 * frame: finds where a msgpack object ends, before anything is allocated for it.
 *
 * msgpack-c allocates an array from its announced length, so a record is handed to it only when
 * all its bytes are here: then no length in it can exceed what has arrived. The frame walks over
 * the bytes as they come and says how many more it needs at least.
 */
#ifndef STREAM_FRAME_H
#define STREAM_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_MAX_DEPTH = 8,
    FRAME_MAX_OBJECTS = 1 << 22 /* in one record: bounds what unpacking it allocates */
};

/* Start from `{0}` for each object. */
struct frame {
    size_t at;                         /* bytes walked over */
    uint64_t objects;                  /* seen so far */
    int depth;                         /* open arrays and maps */
    uint64_t pending[FRAME_MAX_DEPTH]; /* objects that each still awaits */
    size_t inner, inner_end; /* the last array or map in the outermost one, where it is not empty */
};

/* One token: `head` bytes of type and length, `body` bytes of text or binary, children. */
struct frame_token {
    size_t head;
    uint64_t body;
    uint64_t children; /* of a map keys, too */
    bool container;
};

/* Bytes of text in a short string, of up to 31, by its head, which is one byte; -1: it is none. */
static inline int frame_short(unsigned char head)
{
    return (head & 0xe0) == 0xa0 ? head & 0x1f : -1;
}

/* The token at `bytes`, whose head is there and of a type that streams have. */
struct frame_token frame_token(const unsigned char *bytes);

enum frame_state {
    FRAME_WHOLE, /* the object ends at `at` */
    FRAME_MORE,  /* at least `*needed` bytes beyond `have` are missing */
    FRAME_BAD    /* no object of a stream looks like this; `at` is the place */
};

/*
 * Goes on with bytes[0..have), of which the first `at` are already known. An object of more
 * than `limit` bytes is BAD. `*why` is set to a sentence when BAD.
 */
enum frame_state frame_advance(struct frame *frame, const unsigned char *bytes, size_t have,
                               uint64_t limit, uint64_t *needed, const char **why);

#endif
