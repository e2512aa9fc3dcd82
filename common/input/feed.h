/*
 * feed: the bytes of a file or a pipe as they are, through a buffer. They are told to the system
 * to be read in order.
 *
 * One thread uses a feed at a time.
 */
#ifndef INPUT_FEED_H
#define INPUT_FEED_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FEED_BUFFER = 256 * 1024,
    FEED_BEHIND = 16 /* bytes before `next` that stay readable, so that one may step back */
};

/* Between calls, `next` and `available` are the caller's to move on. */
struct feed {
    const unsigned char *next;
    size_t available;
    uint64_t left;    /* bytes that may still be read from the file; UINT64_MAX: to its end */
    uint64_t fetched; /* where in the file the next read begins, as far as is known */
    int fd;
    const char *name; /* for messages */
    unsigned char *memory;
};

/* Starts at fd's offset, with nothing available yet; `name` is borrowed, `fd` not closed. */
bool feed_init(struct feed *feed, int fd, const char *name, struct error *error);

/* Drops what is available, and goes on at `offset` of the file, for `size` bytes at most. */
bool feed_seek(struct feed *feed, uint64_t offset, uint64_t size, struct error *error);

/* Reads more where nothing is available. At the end nothing is available after it, either. */
bool feed_fill(struct feed *feed, struct error *error);

/* Reads on until `size` (up to FEED_BUFFER) bytes are available, or the end comes. */
bool feed_peek(struct feed *feed, size_t size, struct error *error);

/* The same, but where more has to be waited for, a whole line is enough. */
bool feed_peek_line(struct feed *feed, size_t size, struct error *error);

/*
 * Copies the next `size` bytes, past the buffer where they are many. `*got` is less only at the
 * end.
 */
bool feed_read(struct feed *feed, void *bytes, size_t size, size_t *got, struct error *error);

/*
 * The same, but it takes what is there: once it has a byte, it does not wait for others. `*ended`:
 * the end came.
 */
bool feed_read_ready(struct feed *feed, void *bytes, size_t size, size_t *got, bool *ended,
                     struct error *error);

/* Whether the next byte has to be waited for. */
bool feed_waits(const struct feed *feed);

/* Where `next` stands in the file, counted from where the feed began. */
static inline uint64_t feed_position(const struct feed *feed)
{
    return feed->fetched - feed->available;
}

void feed_free(struct feed *feed);

#endif
