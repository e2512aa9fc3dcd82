/*
 * voted: a stream of labelled predictions with probabilities, read whole.
 *
 * Memory: 4 bytes for each row and class.
 */
#ifndef RUN_VOTED_H
#define RUN_VOTED_H

#include "base/error.h"
#include "base/words.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VOTED_NOWHERE = UINT32_MAX /* in place of a class: the model lacks the label */ };

/* Owned; freed by voted_free. Start from `{0}`. */
struct voted {
    struct stream_header header; /* its classes */
    size_t rows;
    uint32_t *label; /* of each row: its class */
    uint32_t *predicted;
    float *proba;           /* rows x classes */
    struct words strangers; /* labels that the model lacks */
    uint32_t *stranger_of;  /* of each row: its number there; or VOTED_NOWHERE */
    size_t label_capacity, predicted_capacity, proba_capacity, stranger_capacity;
};

/* Reads to the stream's verified end. Status INPUT (also: no labels, or no probabilities), CUT or
   SYSTEM. */
bool voted_read(struct voted *voted, struct stream_reader *reader, struct error *error);

/* The label of a row. */
struct text voted_label(const struct voted *voted, size_t row);

void voted_free(struct voted *voted);

#endif
