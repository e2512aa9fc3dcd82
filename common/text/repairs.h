/*
 * repairs: what was dropped from documents, or passed over, counted; and which labels have become
 * one when bytes were dropped that are not UTF-8.
 */
#ifndef TEXT_REPAIRS_H
#define TEXT_REPAIRS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REPAIRS_LABELS = 32,                   /* labels that are looked at */
    REPAIRS_LABEL_SIZE = 48,               /* of what is shown of one */
    REPAIRS_REFUSED_SIZE = ERROR_TEXT_SIZE /* and of why a document was refused */
};

enum repair {
    REPAIR_UTF8,    /* bytes that are not valid UTF-8 were dropped */
    REPAIR_HALF,    /* halves of surrogate pairs, which JSON can write and no text can hold, too */
    REPAIR_NUL,     /* there are NUL bytes, which no text has */
    REPAIR_RETURN,  /* a carriage return within a line may have been the end of one */
    REPAIR_RETURNS, /* several carriage returns end a line */
    REPAIR_END,     /* so may another end of a line that Unicode has */
    REPAIR_UNNAMED, /* the label is empty */
    REPAIR_MARK,    /* a byte order mark before a line was passed over: files were put together */
    REPAIR_JOINED,  /* text behind a closing quote was joined to the field */
    REPAIR_SWALLOWED,  /* the same, of a record of several lines: a quote may not be closed */
    REPAIR_TWICE,      /* of two members of one name the last was taken */
    REPAIR_HEADER,     /* the header that stands there again was passed over */
    REPAIR_EMPTY,      /* a record without a byte was passed over */
    REPAIR_FILE_END,   /* so was one of DOS's mark of a file's end alone */
    REPAIR_REFUSED,    /* what can't be read as a document was left out, as is wished */
    REPAIR_UNLABELLED, /* files were left out, for what base/filed.h says */
    REPAIR_HIDDEN,
    REPAIR_LINK,
    REPAIR_LOST,
    REPAIR_SPECIAL,
    REPAIR_BINARY,
    REPAIR_COUNT
};

/* Whether the line, or record, is no more than DOS's mark of a file's end, 0x1A. */
bool repair_is_file_end(const char *line, size_t size);

/* What it is counted in: `line`, `file`. */
const char *repair_noun(enum repair repair);

/* Whether it may have changed what was meant, so that it is a warning; or of texts without labels,
   that what stands there gets no answer. */
bool repair_warns(enum repair repair, bool labelled);

/* What there is, and what was done: `the line is empty`, `passed over`. */
const char *repair_reason(enum repair repair);
const char *repair_action(enum repair repair);

struct repaired_label {
    uint64_t before, after; /* words_hash of its bytes */
    char shown[REPAIRS_LABEL_SIZE];
};

/* Plain data. Start from `{0}`. */
struct repairs {
    uint64_t counts[REPAIR_COUNT]; /* of lines, or other documents */
    struct {
        const char *name; /* of the file; lives as long as the documents' names */
        uint64_t line;
    } first[REPAIR_COUNT];
    struct repaired_label labels[REPAIRS_LABELS]; /* distinct in what they were */
    size_t label_count;
    char refused[REPAIRS_REFUSED_SIZE]; /* why the first one was, with its place */
};

void repairs_add(struct repairs *repairs, enum repair repair, const char *name, uint64_t line);

/* Why a document is refused, which is added next. */
void repairs_tell_refused(struct repairs *repairs, const char *why);

/* A label that was another one before, by its hash. */
void repairs_add_label(struct repairs *repairs, uint64_t before, struct text label);

/* Adds those of lines that come later. */
void repairs_join(struct repairs *repairs, const struct repairs *later);

/* Which of the labels has become the same as one before it: its number, or SIZE_MAX. */
size_t repairs_merged(const struct repairs *repairs);

/* ---- one by one ---- */

struct repairs_item {
    enum repair repair;
    const char *name;
    uint64_t line;
};

/* In the order of the documents. Start from `{0}`; `items` is freed by its owner. */
struct repairs_list {
    struct repairs_item *items;
    size_t count, capacity;
};

/* False when memory is out. */
bool repairs_list_add(struct repairs_list *list, enum repair repair, const char *name,
                      uint64_t line);

#endif
