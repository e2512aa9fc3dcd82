/*
 * word_list: the words of an array's rows, one a line, in order, repeated ones too.
 */
#ifndef RUN_WORD_LIST_H
#define RUN_WORD_LIST_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>

/* Start from `{0}`; owns everything, freed by word_list_free. */
struct word_list {
    struct text *words; /* as they stand in the file; they may be written to */
    size_t count, capacity;
    char *bytes;
    size_t size, bytes_capacity;
};

/* Reads a file ("-": standard input). Status INPUT, CUT or SYSTEM. */
bool word_list_read(const char *path, struct word_list *list, struct error *error);
void word_list_free(struct word_list *list);

#endif
