/*
 * kept: labelled documents, read whole and kept, so that they can be shown by their number.
 *
 * Memory is that of the texts, and some 48 bytes a document.
 */
#ifndef RUN_KEPT_H
#define RUN_KEPT_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "input/texts.h"
#include "text/documents.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A document; the texts are valid UTF-8 and as they were read. */
struct kept_row {
    struct text label, text;
    const char *file; /* lives as long as the paths */
    uint64_t line;
};

/* Start from `{0}`; owns the texts, freed by kept_free. */
struct kept {
    struct kept_row *rows;
    size_t count, capacity;
    struct buffer bytes;
    struct digest digest; /* of what was read */
    struct repairs repairs;
};

/* Reads all documents; borrows `paths` for good. Status INPUT or SYSTEM. */
bool kept_read(struct kept *kept, char *const *paths, size_t count,
               const struct documents_columns *columns, struct error *error);

void kept_free(struct kept *kept);

#endif
