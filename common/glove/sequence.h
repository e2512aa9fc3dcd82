/*
 * sequence: a corpus as numbers of words, in memory while they fit, else in a temporary file.
 *
 * Appended once from start to end, then read from the start. Used by one thread at a time.
 */
#ifndef GLOVE_SEQUENCE_H
#define GLOVE_SEQUENCE_H

#include "glove/scratch.h"

/* Start from sequence_with; freed by sequence_free. */
struct sequence {
    uint32_t *numbers; /* what is in memory: all, or what is not written yet */
    size_t count, capacity;
    size_t most;   /* numbers in memory at most */
    uint64_t size; /* numbers in all */
    uint64_t next; /* to read next */
    struct scratch scratch;
};

/* `most_bytes` of memory, at least 64 KiB; a temporary file in `folder`, which is borrowed. */
struct sequence sequence_with(size_t most_bytes, const char *folder);

/* Status SYSTEM. */
bool sequence_append(struct sequence *sequence, const uint32_t *numbers, size_t count,
                     struct error *error);

/* The next numbers, `count` of them unless the sequence ends before; `*got` says how many. */
bool sequence_read(struct sequence *sequence, uint32_t *numbers, size_t count, size_t *got,
                   struct error *error);

void sequence_free(struct sequence *sequence);

#endif
