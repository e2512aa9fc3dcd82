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

/* The next field, unquoted in place; false: there are no more. Unless `wanted`, it is only passed.
 */
bool table_next(struct table_cursor *cursor, bool wanted, struct text *field);

#endif
