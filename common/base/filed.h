/*
 * filed: a text that was a file of its own, among others in one piece of memory.
 */
#ifndef BASE_FILED_H
#define BASE_FILED_H

#include "base/text.h"

#include <stddef.h>

/* What keeps a file from being a document. */
enum filed_state {
    FILED_DOCUMENT,
    FILED_UNLABELLED, /* it is in no folder that would be its label */
    FILED_HIDDEN,     /* its name, or that of a folder, begins with '.' */
    FILED_LINK,       /* it is a link to a folder */
    FILED_LOST,       /* it is a link to what is not there */
    FILED_SPECIAL,    /* it is a pipe, a device or the like */
    FILED_BINARY      /* it is no text */
};

struct filed {
    const char *name;  /* for messages */
    struct text label; /* the folder that it was in; UTF-8 */
    size_t begin, size;
    enum filed_state state;
};

#endif
