/*
 * wish_table: the first record of a table: what separates its fields, and whether it is a header.
 */
#ifndef TEXT_WISH_TABLE_H
#define TEXT_WISH_TABLE_H

#include "text/wish.h"

/* As wish_begin, of a table. */
enum wish_next wish_begin_table(const struct wish *wish, enum wish_from from,
                                const struct wish_head *head, struct wish_start *start,
                                struct error *error);

/* The number that a column is given by; 0: by a name, or not at all. */
uint64_t wish_number(const char *column);

/* Whether label or text is given by the name of a column; whether what is kept is. */
bool wish_has_names(const struct wish *wish);
bool wish_keeps_name(const struct wish *wish);

#endif
