/*
 * documents: lines to labels and texts, a document a line.
 *
 * Lines end at '\n' only; the last one counts without it. Bytes that are not valid UTF-8 are
 * dropped. Columns are separated by TAB. Where no column is chosen, a line may also be as
 * fastText has it, `__label__x text`: the label is what follows the mark, up to white space.
 */
#ifndef TEXT_DOCUMENTS_H
#define TEXT_DOCUMENTS_H

#include "base/error.h"
#include "base/text.h"
#include "text/repairs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DOCUMENTS_LABEL = TEXT_NAME_MOST, /* bytes of the longest label */
    DOCUMENTS_COLUMNS = 1 << 20,      /* the highest number of a column that can be chosen */
    DOCUMENTS_LINE = -1               /* no column, but the whole line */
};

/* What fastText's labels begin with. */
#define DOCUMENTS_MARK "__label__"

/* Which columns of a line are what; columns count from 1. */
struct documents_columns {
    unsigned label; /* 0: lines have no label */
    unsigned text;  /* 0: all that follows the label, which is the first column then; without a
                       label, the whole line */
    int keep;       /* what is handed on with the document: a column, DOCUMENTS_LINE; 0: nothing */
    bool passed;    /* the label is, and can't be chosen: of what is told where one lacks */
    const char *unlabelled; /* likewise: what reads texts alone; NULL: the program has nothing */
};

/*
 * Takes what --label-column and --text-column say, 0 where that is nothing; of labels: that lines
 * have none. Status USAGE where they do not go together, with `way_out` as what to do about a
 * column that is both.
 */
bool documents_pick(struct documents_columns *columns, uint64_t label, uint64_t text,
                    const char *way_out, struct error *error);

/* How many bytes the mark and the label have that the line begins with, with the blanks behind
   them; 0 where it begins with no mark. `label` is what stands between. */
size_t documents_marked(struct text line, struct text *label);

/* A place in whole lines. Start from documents_cursor. */
struct documents_cursor {
    char *bytes;
    size_t size, at;
    const char *name; /* of the file, for messages */
    uint64_t line;    /* of the row that documents_row gave last */
    struct repairs repairs;
    struct repairs_list *list; /* to be added to; NULL: none is wanted */
};

/* Borrows all; `line` is the number of the first one. */
struct documents_cursor documents_cursor(char *bytes, size_t size, const char *name, uint64_t line);

/* Points into the lines. The text may be written to. */
struct documents_row {
    struct text label;
    char *text;
    size_t text_size;
    const char *name; /* the file, and the line in it where the document begins */
    uint64_t line;
    struct text kept; /* as it stands in the line, until the text is written to */
};

/* Notes a repair of the row in hand. Status SYSTEM when memory is out. */
bool documents_repaired(struct documents_cursor *cursor, enum repair repair, struct error *error);

/* Goes behind a byte order mark that the line, or record, begins with, and notes that. Status
   SYSTEM likewise. */
bool documents_pass_mark(struct documents_cursor *cursor, char **line, size_t *size,
                         struct error *error);

/* Notes it where several carriage returns end the line, or record. Status SYSTEM likewise. */
bool documents_note_returns(struct documents_cursor *cursor, const char *line, size_t size,
                            struct error *error);

/*
 * The next row; call it once a line. Changes the bytes where they are not UTF-8, and notes it in
 * the cursor.
 * Status INPUT where the line lacks a column, has several marked labels, or a label, or what is
 * kept, is too long, naming file and line.
 */
bool documents_row(struct documents_cursor *cursor, const struct documents_columns *columns,
                   struct documents_row *row, struct error *error);

#endif
