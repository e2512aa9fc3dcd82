/*
 * inflate: raw deflate data (RFC 1951) to bytes, by zlib or by ISA-L.
 *
 * ISA-L is some three times as fast and is used where the build has it; the environment variable
 * GLOVEPIPE_INFLATE (`zlib`, `isal`) picks one. Both give the same bytes.
 *
 * One thread uses an inflater at a time.
 */
#ifndef INPUT_INFLATE_H
#define INPUT_INFLATE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum inflate_result {
    INFLATE_MORE,   /* all input is used up, or all room */
    INFLATE_END,    /* the deflate data ended; what is left of the input lies behind it */
    INFLATE_DAMAGED /* this is no deflate data */
};

/* Moved on by inflater_run. The FEED_BEHIND bytes before `next` are readable. */
struct inflate_window {
    const unsigned char *next;
    size_t available;
    unsigned char *to;
    size_t room;
};

struct inflater {
    const char *name; /* `zlib`, `ISA-L` */
    enum inflate_result (*run)(struct inflater *inflater, struct inflate_window *window);
    bool (*restart)(struct inflater *inflater); /* for the next deflate data */
    void (*free)(struct inflater *inflater);
};

/* NULL on failure: status USAGE where GLOVEPIPE_INFLATE names none, or SYSTEM. */
struct inflater *inflater_new(struct error *error);

/* The two; NULL when memory is out. */
struct inflater *inflater_zlib(void);
struct inflater *inflater_isal(void);

#endif
