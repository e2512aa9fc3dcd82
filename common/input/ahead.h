/*
 * ahead: what helpers inflate of a file's deflate data ahead of the one inflater that reads it.
 *
 * The reader inflates as ever. Threads that have nothing else to do call ahead_help, each time
 * for about a millisecond. Where the reader comes to what they have done, it takes that
 * over and goes on behind it. It may always go on by itself instead, and reports what is wrong
 * with the data; helpers don't. So the bytes and the errors are those of one inflater.
 *
 * ahead_help may be called by any number of threads at a time, the others by the reader only.
 */
#ifndef INPUT_AHEAD_H
#define INPUT_AHEAD_H

#include "input/stretch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AHEAD_STRETCH = 1024 * 1024, /* a good size */
    AHEAD_LEAST = 3,             /* stretches that make it worth while */
    AHEAD_MOST_HELPERS = 7       /* each makes for some 3 MiB of memory */
};

struct ahead;

/*
 * For up to `helpers` at a time, and stretches of about so many packed bytes. Borrows `inflater`,
 * which begins at the data's first byte, and whose kind is made more of. NULL when memory is out.
 */
struct ahead *ahead_open(const struct packed *packed, struct inflater *inflater, unsigned helpers,
                         size_t stretch);

/* When no helper helps any more. NULL is allowed. */
void ahead_close(struct ahead *ahead);

/* Does some work. False where there is none to do for now. */
bool ahead_help(struct ahead *ahead);

/* ---- for the reader ---- */

/*
 * How many of the `available` bytes that stand at byte `position` of the data the inflater may
 * take. None where helpers went on from there: ahead_cross is to be called, when the inflater has
 * nothing left to give.
 */
size_t ahead_allow(struct ahead *ahead, uint64_t position, size_t available);

/*
 * Takes over what helpers have done, if it fits: swaps `*inflater` for one that stands behind it,
 * and moves `*position` there. What was done in between is given before that inflater runs.
 * Otherwise nothing has changed, but that the inflater may go on.
 */
void ahead_cross(struct ahead *ahead, struct inflater **inflater, uint64_t *position);

/* Copies what was taken over; how many bytes, 0 when there are no more. */
size_t ahead_give(struct ahead *ahead, unsigned char *to, size_t room);

/* All bytes that were given, by the inflater or by ahead_give, in their order. */
void ahead_remember(struct ahead *ahead, const unsigned char *bytes, size_t size);

/* At the end of the data: there is nothing to help with any more. */
void ahead_stop(struct ahead *ahead);

#endif
