/*
 * kept: labelled documents, read whole and kept, so that they can be shown by their number.
 *
 * Memory is that of the texts, and some 72 bytes a document.
 */
#ifndef RUN_KEPT_H
#define RUN_KEPT_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "run/collection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A document; the texts are valid UTF-8 and as they were read. */
struct kept_row {
    struct text label, text;
    struct text record; /* where the wish `rewrites`: as it stands in the file, without its '\n' */
    const struct form *form;
    const char *file; /* lives as long as the texts, as does the form */
    uint64_t line;
};

/* Start from `{0}`; owns the texts, freed by kept_free. */
struct kept {
    struct kept_row *rows;
    size_t count, capacity;
    struct buffer bytes;
    struct digest digest; /* of what was read */
    struct repairs repairs;
    struct collection_settings
        settings; /* a copy, so that others may be read by the same options */
    struct collection *documents;
};

/* Reads all documents, in whatever form; the rest is as of collection_open, for the settings, which
   no collection has settled yet, are copied. Borrows `paths` for good. */
bool kept_read(struct kept *kept, const struct collection_settings *settings, char *const *paths,
               size_t count, const char *way_out, const struct common *common, struct error *error);

void kept_free(struct kept *kept);

#endif
