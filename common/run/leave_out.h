/*
 * leave_out: a document as features_document wants it: its tokens and distinct words.
 */
#ifndef RUN_LEAVE_OUT_H
#define RUN_LEAVE_OUT_H

#include "base/buffer.h"
#include "base/words.h"
#include "run/features.h"

/* Start from `{0}`; owns everything, freed by leave_out_free. One thread uses it. */
struct leave_out {
    struct features_document document; /* points into what follows */
    struct buffer bytes;               /* of all tokens */
    struct text *tokens;
    uint32_t *word_of, *begin, *places;
    size_t tokens_capacity, word_of_capacity, begin_capacity, places_capacity;
};

/*
 * Cuts the text, which `tokens` changes, into tokens and numbers its words. What was cut before is
 * gone. Status SYSTEM.
 */
bool leave_out_cut(struct leave_out *cut, struct tokens *tokens, char *text, size_t size,
                   struct error *error);

/* The word of that number. */
struct text leave_out_word(const struct features_document *document, uint32_t word);

void leave_out_free(struct leave_out *cut);

#endif
