/*
 * table: records of fields, as RFC 4180 and Python's csv module have them.
 *
 * A record ends at '\n', with or without '\r' before it, or several; fields are separated by one
 * byte. A field that begins with '"' goes to the next '"' that is not doubled, and may hold
 * separators and ends of lines; two '"' in it stand for one. A '"' elsewhere stands for itself, and
 * what follows a closing one, up to the separator, is joined to the field.
 */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include "base/error.h"
#include "base/records.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Where records end: a rule for base/records.h. */
records_behind table_behind;

enum table_fault {
    TABLE_GOOD,
    TABLE_JOINED, /* something stood behind a closing quote; taken all the same */
    TABLE_OPEN    /* a quote is not closed */
};

/*
 * The size of a line `sep=;`, which spreadsheets put before a table to say what separates its
 * fields, or 0: the bytes do not begin so.
 */
size_t table_separator_line(const char *bytes, size_t size, char *separator);

/* ---- the first record ---- */

enum {
    TABLE_LOOKED_AT = 64 * 1024, /* of a longer one, bytes that show what separates its fields */
    TABLE_HEADER = 64 * 1024 * 1024, /* bytes that one may have that names columns */
    TABLE_WAYS = 3
};

/* The first record as one byte separates its fields. */
struct table_way {
    struct records_rule rule; /* `behind` NULL: quotes mean nothing, a record is a line */
    size_t stop, end;         /* where its '\n' stands, and behind it; `end` 0: not there yet */
    size_t lines;             /* in it */
    unsigned count; /* fields; as long as `end` is 0, in its first TABLE_LOOKED_AT bytes */
    bool found;     /* and among these are all names that are asked for */
    bool open;      /* a quote is not closed */
    bool cut;       /* all these are known */
    struct records_scan scan;
};

/* Start from `{0}`, and add the bytes that may separate fields. Kept while more bytes come, so that
   none is looked at twice. */
struct table_ways {
    struct table_way ways[TABLE_WAYS];
    unsigned count;
    bool pending; /* by one of them the record has not ended yet */
};

void table_ways_add(struct table_ways *ways, char separator, bool quotes);

/* Looks on for the end of the record that began where the scan did; `whole`: there are no more. */
bool table_way_ends(struct table_way *way, const char *bytes, size_t size, bool whole);

/* Whether the first `size` bytes, a way's record or its beginning, have all names. */
typedef bool table_finds(void *context, const char *bytes, size_t size,
                         const struct table_way *way);

/*
 * The way that finds all names, or else gives most fields, of a file that begins with these bytes;
 * `whole`: it has no more. NULL: more bytes have to tell. A record of more than TABLE_LOOKED_AT
 * bytes may end by one way and go on by another, within a quote: the one that goes on counts for
 * what its beginning has. `finds` NULL: no names are asked for.
 */
const struct table_way *table_ways_best(struct table_ways *ways, const char *bytes, size_t size,
                                        bool whole, table_finds *finds, void *context);

/* Refuses a record that is longer than TABLE_HEADER, as a header, or than any may be (NULL: it had
   no end), or in which a quote is not closed. */
bool table_way_check(const struct table_way *way, bool header, const char *name,
                     struct error *error);

/* ---- fields ---- */

/* A place in one record. Start from table_cursor. */
struct table_cursor {
    char *at;
    size_t left;
    char separator;
    bool quotes; /* whether '"' means anything */
    bool ended;  /* no field is left: at first false, for an empty record has one, empty field */
    enum table_fault fault; /* the worst so far */
};

/* Of a record without its '\n'. */
struct table_cursor table_cursor(char *record, size_t size, char separator, bool quotes);

/* The same to pass its fields: none may be wanted. */
struct table_cursor table_passing(const char *record, size_t size, char separator, bool quotes);

/* The next field, unquoted in place; false: there are no more. Unless `wanted`, it is only passed.
 */
bool table_next(struct table_cursor *cursor, bool wanted, struct text *field);

#endif
