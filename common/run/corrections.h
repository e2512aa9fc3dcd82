/*
 * corrections: labels that are to be others, from a file of text.
 *
 *     12<TAB>acq<TAB>earn       the number of the document, from 1; its label; its new label
 *
 * Labels stand there as buffer_name spells them. A new label that is the old one keeps it. Of
 * several lines about a document the last counts.
 */
#ifndef RUN_CORRECTIONS_H
#define RUN_CORRECTIONS_H

#include "base/words.h"
#include "run/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned; freed by corrections_free. Start from `{0}`. */
struct corrections {
    uint32_t *label_of;  /* of each document: the number of its new label; WORDS_NONE: as it was */
    struct words labels; /* new ones */
    size_t changed;      /* documents whose label is another one */
};

/*
 * Reads the file (`-`: standard input) for these documents. Status INPUT, with the line, where a
 * document is not there or has another label; USAGE of a folder; or CUT or SYSTEM.
 */
bool corrections_read(struct corrections *corrections, const char *path, const struct kept *kept,
                      struct error *error);

/* The label of a document now. */
struct text corrections_label(const struct corrections *corrections, const struct kept *kept,
                              size_t document);

void corrections_free(struct corrections *corrections);

#endif
