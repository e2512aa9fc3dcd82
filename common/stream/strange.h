/*
 * strange: what an input that is no stream seems to be, and what writes the streams of each kind.
 */
#ifndef STREAM_STRANGE_H
#define STREAM_STRANGE_H

#include "stream/stream.h"

#include <stddef.h>

enum { STRANGE_SIZE = 512 }; /* the first bytes that it looks at */

/* `but gzip data: ...`, or empty where it can't be told. Needs no freeing. */
const char *strange_what(const unsigned char *bytes, size_t size);

/* `glove-load`, or another program, with the options that it takes to write such a stream. */
const char *strange_maker(enum stream_kind kind);

#endif
