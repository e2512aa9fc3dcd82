/*
 * repairs: what was dropped from documents since it is not UTF-8, counted, and which labels have
 * become one by it.
 */
#ifndef TEXT_REPAIRS_H
#define TEXT_REPAIRS_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

enum {
    REPAIRS_LABELS = 32,    /* labels that are looked at */
    REPAIRS_LABEL_SIZE = 48 /* of what is shown of one */
};

struct repaired_label {
    uint64_t before, after; /* words_hash of its bytes */
    char shown[REPAIRS_LABEL_SIZE];
};

/* Plain data. Start from `{0}`. */
struct repairs {
    uint64_t lines;
    const char *first_name; /* the file of the first one; lives as long as the documents' names */
    uint64_t first_line;
    struct repaired_label labels[REPAIRS_LABELS]; /* distinct in what they were */
    size_t label_count;
};

void repairs_add_line(struct repairs *repairs, const char *name, uint64_t line);

/* A label that was another one before, by its hash. */
void repairs_add_label(struct repairs *repairs, uint64_t before, struct text label);

/* Adds those of lines that come later. */
void repairs_join(struct repairs *repairs, const struct repairs *later);

/* Which of the labels has become the same as one before it: its number, or SIZE_MAX. */
size_t repairs_merged(const struct repairs *repairs);

#endif
