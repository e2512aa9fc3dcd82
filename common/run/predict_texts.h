/*
 * predict_texts: labels and kept texts of some rows of a block.
 */
#ifndef RUN_PREDICT_TEXTS_H
#define RUN_PREDICT_TEXTS_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

struct msgpack_object;

/* The bytes of `count` texts of a column, which may be NULL, from row `first` on. */
size_t predict_texts_size(const struct msgpack_object *column, uint32_t first, uint32_t count);

/* Copies them to `to`, points `texts` there, and returns where they end. */
unsigned char *predict_texts_copy(const struct msgpack_object *column, uint32_t first,
                                  uint32_t count, unsigned char *to, struct text *texts);

#endif
