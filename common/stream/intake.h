/*
 * intake: the bytes of a stream, into a record, or to where they stay.
 *
 * Internal to the folder.
 */
#ifndef STREAM_INTAKE_H
#define STREAM_INTAKE_H

#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTAKE_AHEAD = 64 * 1024 };

struct intake {
    int fd;
    const char *name; /* for messages; borrowed */
    bool at_end_of_file;
    unsigned char *kept; /* borrowed, with room for `kept_room`: what is read stays; NULL: not */
    size_t kept_from, kept_to, kept_room;
    size_t ahead_from, ahead_to;
    unsigned char ahead[INTAKE_AHEAD];
};

/*
 * Starts on a file, or for NULL on standard input. Leaves a descriptor for intake_close in any
 * case. Status SYSTEM, or USAGE for a folder.
 */
bool intake_open(struct intake *intake, const char *path, const char *name, struct error *error);
void intake_close(struct intake *intake);

/*
 * From then on, before anything is read, what is read stays in `room`, one record behind the other,
 * and records borrow it. When it is full, they have bytes of their own again.
 */
void intake_keep(struct intake *intake, void *room, size_t size);

/* Makes the record empty: what stays, it borrows no longer. */
void intake_drop(struct stream_record *record);

/* Whether the next byte has to be waited for. */
bool intake_waits(const struct intake *intake);

/* The next byte, which stays; -1 at the end. False: status SYSTEM. */
bool intake_peek(struct intake *intake, int *byte, struct error *error);

/* Up to `size` bytes as they are; `*got` is 0 at the end. Status SYSTEM. */
bool intake_read(struct intake *intake, void *bytes, size_t size, size_t *got, struct error *error);

/*
 * Adds `needed` bytes to the record, or fewer at the end of the file. A small need takes what is in
 * the buffer beside it; intake_return gives back what the record did not want. Status SYSTEM.
 */
bool intake_fill(struct intake *intake, struct stream_record *record, uint64_t needed,
                 struct error *error);

/* Cuts the record to `size`: the bytes beyond are the latest ones taken from the buffer. */
void intake_return(struct intake *intake, struct stream_record *record, size_t size);

#endif
