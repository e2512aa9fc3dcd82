/*
 * wish: what options say of the form that documents come in, and what becomes of it once the
 * beginning of a file is there.
 *
 * A form that is not named follows from the options and the file's name alone, so that it is known
 * before anything is read; within a table, the first record tells what separates its fields, and
 * whether it is a header.
 */
#ifndef TEXT_WISH_H
#define TEXT_WISH_H

#include "base/error.h"
#include "base/options.h"
#include "text/forms.h"
#include "text/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wish_from { FROM_AUTO, FROM_LINES, FROM_TSV, FROM_CSV, FROM_JSON };

/* Columns or members, as they were given. */
struct wish_texts {
    const char *given[FORMS_TEXTS];
    unsigned count;
};

/* Start from `{0}`, freed by wish_free. */
struct wish {
    bool labelled; /* a label is wanted */
    bool passes;   /* else: of lines the label is passed over, unless a column is the text */
    const char *unlabelled; /* the program's option for documents without labels, to be told where
                               one lacks; NULL: it has none */
    int from;               /* enum wish_from */
    const char *label_column, *label_key; /* NULL: not given */
    struct wish_texts text_columns, text_keys;
    const char *delimiter;
    bool header, no_header;
    bool skips;       /* what can't be read as a document is passed over */
    const char *keep; /* `line`, a column or a member; NULL: nothing is kept */
    bool rewrites;    /* `keep` is `line`, so that it can be written anew: all, however long */

    /* Of these, for the lineage. */
    uint64_t label_number, text_number;
    const char *label_name, *text_names, *text_key_names, *noted_from;
    const char *noted_forms; /* as noted_from, lines too */
    char separator;          /* 0: to be found out */
    struct member_path paths[MEMBERS_MOST];
    char *memory, *key_memory;
};

/*
 * Settles what does not depend on a file. `way_out` is what to do about a column that is both label
 * and text. Status USAGE where the options do not go together.
 */
bool wish_settle(struct wish *wish, const char *way_out, struct error *error);
void wish_free(struct wish *wish);

/* Whether any option says how documents are read. */
bool wish_is_given(const struct wish *wish);

/* Whether it is the whole line that is kept. */
bool wish_keeps_line(const struct wish *wish);

/* The form of a file of that name; NULL: of standard input. AUTO: a table whose first record tells
   more. Status USAGE where options are for another form. */
bool wish_form(const struct wish *wish, const char *path, enum wish_from *from,
               struct error *error);

/* Notes a form that documents come in, for the lineage; lines alone need no note. */
void wish_note(struct wish *wish, const char *form);

/* The first bytes of a file. */
struct wish_head {
    const char *name, *bytes;
    size_t size;
    bool whole;              /* there are no more */
    bool last;               /* no more can be looked at */
    bool waits;              /* more has to be waited for: look only where there is no other way */
    struct table_ways *ways; /* of a table; zeroed where the file was not asked about before */
};

/* What follows from them. */
struct wish_start {
    struct form form;
    size_t skipped; /* bytes of a header */
    size_t header;  /* where in these the record that names the columns begins */
    uint64_t lines; /* in them */
    bool named;     /* there is none, and yet the first label is a usual name of a column */
};

enum wish_next {
    WISH_DONE,
    WISH_MORE, /* more bytes are needed */
    WISH_FAILED
};

/* Status INPUT where it has no such columns, or is none; or SYSTEM. */
enum wish_next wish_begin(const struct wish *wish, enum wish_from from,
                          const struct wish_head *head, struct wish_start *start,
                          struct error *error);

/* ---- options ---- */

extern const char *const wish_forms[];

bool wish_add_text(const char *text, void *texts, struct error *error);

#define WISH_LABEL_COLUMN(wish)                                                                    \
    {0,           "label-column",                                                                  \
     "COLUMN",    "the label's column, by number or by name in a header [1]",                      \
     OPTION_TEXT, &(wish).label_column,                                                            \
     0,           0,                                                                               \
     NULL,        NULL},                                                                           \
        {.name = "label-column",                                                                   \
         .type = OPTION_COUNT | OPTION_NOTED_SET,                                                  \
         .target = &(wish).label_number},                                                          \
    {                                                                                              \
        .name = "label-column", .type = OPTION_TEXT | OPTION_NOTED_SET,                            \
        .target = &(wish).label_name                                                               \
    }

#define WISH_TEXT_COLUMN(wish)                                                                     \
    {0,                                                                                            \
     "text-column",                                                                                \
     "COLUMN",                                                                                     \
     "the text's column, likewise; given again, columns are joined [all behind the first TAB]",    \
     OPTION_CUSTOM,                                                                                \
     &(wish).text_columns,                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     NULL,                                                                                         \
     wish_add_text},                                                                               \
        {.name = "text-column",                                                                    \
         .type = OPTION_COUNT | OPTION_NOTED_SET,                                                  \
         .target = &(wish).text_number},                                                           \
    {                                                                                              \
        .name = "text-column", .type = OPTION_TEXT | OPTION_NOTED_SET,                             \
        .target = &(wish).text_names                                                               \
    }

#define WISH_LABEL_KEY(wish)                                                                       \
    {                                                                                              \
        0, "label-key", "KEY", "of lines of JSON: the label's member [label]",                     \
            OPTION_TEXT | OPTION_NOTED_SET, &(wish).label_key, 0, 0, NULL, NULL                    \
    }

#define WISH_FORM(wish)                                                                            \
    {0,                                                                                            \
     "text-key",                                                                                   \
     "KEY",                                                                                        \
     "the text's member; given again, texts are joined [text]",                                    \
     OPTION_CUSTOM,                                                                                \
     &(wish).text_keys,                                                                            \
     0,                                                                                            \
     0,                                                                                            \
     NULL,                                                                                         \
     wish_add_text},                                                                               \
        {.name = "text-key",                                                                       \
         .type = OPTION_TEXT | OPTION_NOTED_SET,                                                   \
         .target = &(wish).text_key_names},                                                        \
        {0,                                                                                        \
         "from",                                                                                   \
         "FORM",                                                                                   \
         "lines, tsv, csv or json [auto: by options and the file's name]",                         \
         OPTION_CHOICE,                                                                            \
         &(wish).from,                                                                             \
         0,                                                                                        \
         0,                                                                                        \
         wish_forms,                                                                               \
         NULL},                                                                                    \
        {.name = "from", .type = OPTION_TEXT | OPTION_NOTED_SET, .target = &(wish).noted_from},    \
        {0,                                                                                        \
         "delimiter",                                                                              \
         "CHAR",                                                                                   \
         "what separates the fields of a table: a character, or tab [any "                         \
         "of , ; TAB]",                                                                            \
         OPTION_TEXT | OPTION_NOTED_SET,                                                           \
         &(wish).delimiter,                                                                        \
         0,                                                                                        \
         0,                                                                                        \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {0,                                                                                        \
         "header",                                                                                 \
         NULL,                                                                                     \
         "a table's first record names its columns",                                               \
         OPTION_FLAG | OPTION_NOTED_SET,                                                           \
         &(wish).header,                                                                           \
         0,                                                                                        \
         0,                                                                                        \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {0,                                                                                        \
         "no-header",                                                                              \
         NULL,                                                                                     \
         "a table's first record is a document",                                                   \
         OPTION_FLAG | OPTION_NOTED_SET,                                                           \
         &(wish).no_header,                                                                        \
         0,                                                                                        \
         0,                                                                                        \
         NULL,                                                                                     \
         NULL},                                                                                    \
    {                                                                                              \
        0, "skip-bad", NULL, "leave out what can't be read as a document, and count it",           \
            OPTION_FLAG | OPTION_NOTED_SET, &(wish).skips, 0, 0, NULL, NULL                        \
    }

#endif
