/*
 * pack_columns: what becomes of the columns of a table.
 */
#ifndef RUN_PACK_COLUMNS_H
#define RUN_PACK_COLUMNS_H

#include "base/words.h"
#include "input/texts.h"
#include "run/pack.h"
#include "text/table.h"

enum column_role { COLUMN_NUMBER, COLUMN_CATEGORY, COLUMN_LABEL, COLUMN_DROPPED };

struct table_column {
    enum column_role role;
    struct text name;        /* in the header; empty where there is none */
    uint32_t value;          /* its place among the values of a row, but for a label */
    uint32_t feature;        /* NUMBER: its feature */
    struct words categories; /* CATEGORY: in order of appearance, or as `like` has them */
    uint32_t *places;        /* of these: the feature of each */
    size_t places_capacity;
};

/* Start from pack_columns_read; freed by pack_columns_free. */
struct table_columns {
    struct records_rule rule; /* `behind` NULL: quotes mean nothing */
    struct table_column *columns;
    uint32_t count;
    uint32_t values; /* of a row */
    bool has_header;
    bool labelled;
    bool counts;    /* the first record counts the columns, and is no header */
    size_t skipped; /* bytes of the header */
    uint64_t lines; /* in it */
    char *bytes;    /* of the first record, which names point into */

    /* Once they are known: */
    struct text *features; /* names; NULL: there are none */
    uint32_t dim;
    char *names;       /* their memory */
    struct text *like; /* those of `like`, in one piece; NULL: none */
};

/*
 * What the first record says: TEXTS_MORE where it is not whole in the head; `ways`, `{0}` at first,
 * is kept until it is. Status USAGE or INPUT.
 */
enum texts_begun pack_columns_read(const struct pack *pack, const struct texts_head *head,
                                   struct table_ways *ways, struct table_columns *table,
                                   struct error *error);

/* Places the features as `pack->like` has them, categories too. Status INPUT. */
bool pack_columns_like(const struct pack *pack, struct table_columns *table, struct error *error);

/* Places them one after the other, categories in the order of their bytes. Status INPUT, SYSTEM. */
bool pack_columns_place(struct table_columns *table, struct error *error);

/* "column 'x'" or "column 3", for messages. */
const char *pack_column_name(const struct table_columns *table, uint32_t column, char text[64]);

void pack_columns_free(struct table_columns *table);

#endif
