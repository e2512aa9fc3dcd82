/*
 * names: arrays of str in a header or a block: words, labels, classes, features.
 *
 * Internal to the folder.
 */
#ifndef STREAM_NAMES_H
#define STREAM_NAMES_H

#include "base/text.h"

#include <msgpack.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether the object is a str of valid UTF-8 of at most TEXT_NAME_MOST bytes. */
bool names_fit(const msgpack_object *name);

void names_pack(const struct text *names, size_t count, msgpack_packer *packer);

/* Copies an array whose names all fit, to one piece of memory for free(); NULL: memory is out. */
struct text *names_copy(const msgpack_object_array *array);

#endif
