/*
 * table: a file of lines and columns, separated by TABs, as the programs' --format tsv has them.
 *
 * The first line names the columns. Each line has as many; bytes that are not UTF-8 are dropped.
 */
#ifndef RUN_TABLE_H
#define RUN_TABLE_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned; freed by table_free. Start from `{0}`. */
struct table {
    const char *name;    /* the path; borrowed */
    struct text *fields; /* rows x columns, without the first line */
    size_t rows, columns;
    struct buffer bytes;
    size_t fields_capacity;
};

/*
 * Reads the file (`-`: standard input), whose columns are to have these names, in that order.
 * Status INPUT, with the line, USAGE of a folder, or CUT or SYSTEM.
 */
bool table_read(struct table *table, const char *path, const char *const *names, size_t columns,
                struct error *error);

struct text table_field(const struct table *table, size_t row, size_t column);

/* A field as a number. Status INPUT, with the line. */
bool table_real(const struct table *table, size_t row, size_t column, double *value,
                struct error *error);
bool table_count(const struct table *table, size_t row, size_t column, uint64_t *value,
                 struct error *error);

void table_free(struct table *table);

#endif
