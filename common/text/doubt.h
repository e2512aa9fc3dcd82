/*
 * doubt: what the first lines of a file show that its reader can't know: that they are of another
 * form, or that the first one names columns, or that labels stand in what is read as text alone;
 * and that columns of tables don't match.
 */
#ifndef TEXT_DOUBT_H
#define TEXT_DOUBT_H

#include "text/wish.h"

enum { DOUBT_SIZE = 320 };

/*
 * Writes a sentence, `file: what is odd: what to do`, for a file that is read as lines, as `form`
 * says; `doubt` is empty where there is no doubt. False: more of the file would tell.
 */
bool doubt_lines(const struct wish *wish, const struct form *form, const struct wish_head *head,
                 char doubt[DOUBT_SIZE]);

/* Likewise where a table's header has other names in the columns that are read than the header of a
   file `before` it, for they are taken by number then. */
void doubt_header(const struct form *before, const struct form *form, const char *name,
                  char doubt[DOUBT_SIZE]);

/* Likewise where the first records of two tables, which are no headers by options, are like two:
   both have a usual name of a column, or one has a name that the other has in another column. */
void doubt_first(const struct form *before, struct text before_first, const struct form *form,
                 struct text first, const char *name, char doubt[DOUBT_SIZE]);

/* The next field of a header, bare of quotes, cut off it. */
struct text doubt_next_name(struct text *header, char separator);

/* Whether the first record of a table, whose columns are chosen by number, names them, as far as it
   shows by itself: all its fields may be names, and one is a usual name for labels, or one of the
   `texts` for texts. */
bool doubt_names(struct text record, char separator, const unsigned *texts, unsigned count);

/* Whether a column of labels is often called so, and hardly a label. */
bool doubt_is_column(struct text name);

#endif
