/*
 * twins: documents whose texts are equal, or nearly.
 *
 * Texts are equal where their lower-cased tokens are, in order; nearly so where the sets of their
 * distinct tokens are near (text/near.h).
 */
#ifndef RUN_TWINS_H
#define RUN_TWINS_H

#include "base/words.h"
#include "run/kept.h"
#include "text/near.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned; freed by twins_free. Start from `{0}`. */
struct twins {
    size_t rows;
    uint32_t *text_of;     /* of each document: the number of its text among the distinct ones */
    size_t texts;          /* distinct */
    uint32_t *first;       /* of each distinct text: the first document that has it */
    uint32_t *copies;      /* of each distinct text: how many documents have it */
    uint64_t tokens;       /* of all documents */
    uint32_t *token_count; /* of each document */
    struct words joined;   /* distinct texts: their tokens, a space behind each */
    struct words words;    /* distinct tokens, in order of appearance */
    size_t *begin;         /* texts + 1 */
    uint32_t *member;      /* the distinct texts' sets, for near_sets: from the rarest word on */
    uint32_t *word_of;     /* of each number that a member has: the word */
    size_t first_capacity, copies_capacity, begin_capacity, member_capacity;
    size_t member_count;
};

/* Cuts all documents into tokens. Status SYSTEM. */
bool twins_find(struct twins *twins, const struct kept *kept, struct error *error);

/* Of each of the other documents: the number of its text among the distinct ones, or WORDS_NONE.
   Status SYSTEM. */
bool twins_match(const struct twins *twins, const struct kept *others, uint32_t *text_of,
                 struct error *error);

/* The sets of the distinct texts. */
struct near_sets twins_sets(const struct twins *twins);

void twins_free(struct twins *twins);

#endif
