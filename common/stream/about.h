/*
 * about: what a stream says of itself, as text.
 */
#ifndef STREAM_ABOUT_H
#define STREAM_ABOUT_H

#include "base/buffer.h"
#include "base/words.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The stages that made the stream, the first one first, with their options and what they read:
 *
 *     1 glove-load 0.1.0
 *         top   1000
 *         read  5926886 bytes, CRC-32 06797063
 */
void about_lineage(const struct lineage *lineage, struct buffer *text);

/* What only the blocks tell: the labels of samples. Start from `{0}`, end with about_free. */
struct about {
    struct words labels;
    uint64_t *label_rows; /* how many rows have each of them */
    size_t label_capacity;
};

/* Takes a block into account. Status INPUT or SYSTEM. */
bool about_block(struct about *about, const struct stream_header *header,
                 const struct stream_record *record, struct error *error);

/* A line a figure: its name, at least one space, its value. */
void about_stats(const struct about *about, const struct stream_header *header,
                 const struct stream_totals *totals, struct buffer *text);

void about_free(struct about *about);

#endif
