/*
 * stretch: deflate data of a file, inflated from a block's begin on, before what stands in front
 * of it is known.
 *
 *     stretch_start(&stretch, begin);
 *     stretch_guess(&stretch, limit, end, a, b, room) ...
 *     marks_learn(&marks, window);
 *     stretch_settle(&stretch, &marks), and the marks_resolve of a and b
 *
 * From there on `inflater` goes on as if it had inflated all that stands in front.
 *
 * One thread uses a stretch at a time.
 */
#ifndef INPUT_STRETCH_H
#define INPUT_STRETCH_H

#include "input/inflate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Deflate data in a file that can be read in any order. Any number of threads share one. */
struct packed {
    int fd;
    uint64_t offset; /* of its first byte in the file */
    uint64_t size;   /* the most that it has */
};

/* Up to `size` bytes from byte `at` of the data on; fewer at its end, or where the system fails. */
size_t packed_read(const struct packed *packed, uint64_t at, unsigned char *bytes, size_t size);

enum stretch_state {
    STRETCH_MORE,  /* it goes on */
    STRETCH_WHOLE, /* it ended where it should, between two blocks */
    STRETCH_FAILED /* it is damaged, or ends elsewhere, or so does all of the data */
};

/* Read freely; written by the functions below. */
struct stretch {
    enum stretch_state state;
    struct inflater *inflater, *twin;

    const struct packed *packed;
    uint64_t at; /* the byte of the deflate data that is read next */
    unsigned char *input;
    const unsigned char *next; /* into `input` */
    size_t available;
};

/* Borrows `packed`, and makes inflaters like `kind`. False when memory is out. */
bool stretch_init(struct stretch *stretch, const struct packed *packed,
                  const struct inflater *kind);
void stretch_free(struct stretch *stretch);

/* At a block's begin, if it is one: bit `begin` of the deflate data. */
void stretch_start(struct stretch *stretch, uint64_t begin);

/* The byte of the deflate data that the inflaters take next. */
static inline uint64_t stretch_position(const struct stretch *stretch)
{
    return stretch->at - stretch->available;
}

/* The byte behind bit `end` - 1; far behind any for UINT64_MAX. */
static inline uint64_t stretch_byte_of(uint64_t end)
{
    return end / 8 + (end % 8 != 0);
}

/*
 * Inflates up to `room` bytes, to `a` and `b` from the two made-up windows; how many it gave.
 * Takes no byte from byte `limit` of the deflate data on. The stretch should end at bit `end`,
 * which is not before the limit: it is the end of the byte before it, or the stretch goes on
 * behind.
 */
size_t stretch_guess(struct stretch *stretch, uint64_t limit, uint64_t end, unsigned char *a,
                     unsigned char *b, size_t room);

/* The window is known now. False when the library refuses. */
bool stretch_settle(struct stretch *stretch, const struct marks *marks);

#endif
