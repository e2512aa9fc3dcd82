/*
 * members: some members of a JSON object, picked out of its text (RFC 8259).
 *
 * The whole text is checked, and only what was asked for is decoded. Of members of one name the
 * last counts. `Infinity` and `-Infinity` pass for numbers, as Python's json writes them, and `NaN`
 * is a kind of its own: a value that is missing.
 */
#ifndef TEXT_MEMBERS_H
#define TEXT_MEMBERS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MEMBERS_MOST = 18,  /* that can be asked for at a time */
    MEMBERS_DEPTH = 512 /* of objects and arrays within another */
};

/*
 * Which member: its name as it stands; or, where that begins with '/', a JSON Pointer (RFC 6901),
 * `/meta/topic` or `/topics/0`.
 */
struct member_path {
    struct text *steps;
    size_t count;
    const char *given; /* for messages; borrowed */
    char *memory;
};

/* Status USAGE where a pointer is none (`~` before anything but 0 and 1), or SYSTEM. */
bool member_path_parse(const char *given, struct member_path *path, struct error *error);
void member_path_free(struct member_path *path);

enum member_kind {
    MEMBER_ABSENT,
    MEMBER_NULL,
    MEMBER_NAN,
    MEMBER_TRUE,
    MEMBER_FALSE,
    MEMBER_NUMBER,
    MEMBER_STRING,
    MEMBER_ARRAY,
    MEMBER_OBJECT
};

/* What it is called in messages: `a number`. */
const char *member_kind_name(enum member_kind kind);

struct member {
    enum member_kind kind;
    struct text raw; /* as it stands; of a string what is between the quotes */
    bool escaped;    /* a string with a '\\' */
    bool twice;      /* another member of that name stands before it */
};

struct members_fault {
    const char *what; /* `a comma is missing` */
    size_t at;        /* byte of the text, from 0 */
};

/*
 * Picks `count` members, up to MEMBERS_MOST, of the object that is the whole text, which is valid
 * UTF-8. False where it is none, with the fault.
 */
bool members_pick(const char *text, size_t size, const struct member_path *paths, size_t count,
                  struct member *members, struct members_fault *fault);

/*
 * The names of the members of the object that `text` begins, as they stand, quoted and with commas
 * between, as many as there is room for: for messages.
 */
void members_list(const char *text, size_t size, char *list, size_t room);

/*
 * Decodes a string in place. Halves of surrogate pairs, which no text can hold, are dropped;
 * `*dropped` is raised by how many.
 */
struct text member_decode(const struct member *member, char *text, size_t *dropped);

#endif
