/*
 * features: the numbers of a document, from one or more sources side by side.
 *
 * A source fills some columns of a document's row from its text, or from its tokens: the mean of
 * their vectors (vector_mean.h), or what a model says of them. The columns of a list of sources
 * stand in the list's order. Tokens come in batches, so that a document of any length takes no
 * memory.
 *
 * Models are shared by all workers, which only read them; what a source needs to remember from
 * one batch of a document to the next is in its scratch, of which each worker has its own.
 */
#ifndef RUN_FEATURES_H
#define RUN_FEATURES_H

#include "base/error.h"
#include "base/text.h"
#include "text/documents.h"
#include "text/tokens.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a source tells of a document. */
struct features_told {
    size_t known; /* of its tokens */
    bool trained; /* the model was made of it, among others */
};

/*
 * A document whose words are left out one at a time: its tokens, and which of its distinct words
 * each of them is. Words are numbered in order of appearance. Borrowed by those who look at it.
 */
struct features_document {
    const struct text *tokens;
    size_t count;
    const uint32_t *word_of; /* of each token */
    const uint32_t *begin;   /* words + 1: where the places of each word begin */
    const uint32_t *places;  /* of tokens, word after word, ascending in each */
    uint32_t words;
};

enum { FEATURES_ALL = UINT32_MAX /* in place of a word's number: none is left out */ };

/* One kind of source, as functions; `x` is the document's `width` columns of the source. */
struct features_kind {
    size_t scratch_size; /* bytes, zeroed before its first document */
    /* Before a document's first token, with its text as it was read: `x` holds anything. */
    void (*begin)(const void *model, void *scratch, const struct documents_row *document, float *x);
    /* The next `count` tokens, 1 to TOKENS_BATCH. Status SYSTEM. */
    bool (*take)(const void *model, void *scratch, const struct text *tokens, size_t count,
                 float *x, struct error *error);
    /* After its last token. Status SYSTEM. */
    bool (*end)(const void *model, void *scratch, float *x, struct features_told *told,
                struct error *error);
    /* Looks at a document whose words are to be left out; it stays until the next. Status SYSTEM.
     */
    bool (*hold)(const void *model, void *scratch, const struct features_document *document,
                 struct error *error);
    /*
     * Its columns where all tokens that are that word are struck out: the bits that they would have
     * of such a text that is new to the model. Status SYSTEM.
     */
    bool (*without)(const void *model, void *scratch, const struct features_document *document,
                    uint32_t word, float *x, struct error *error);
    /* Frees what the scratch points to; NULL: nothing. */
    void (*release)(void *scratch);
};

struct features_source {
    const struct features_kind *kind;
    const void *model; /* borrowed */
    uint32_t width;
};

/* Borrowed; at least one. */
struct features {
    const struct features_source *sources;
    size_t count;
};

/* The columns of all sources. */
size_t features_width(const struct features *features);

/* A worker's scratch of each source; owned. Start from `{0}`, end with features_release. */
struct features_scratch {
    void **of;
};

bool features_prepare(const struct features *features, struct features_scratch *scratch,
                      struct error *error);
void features_release(const struct features *features, struct features_scratch *scratch);

/* Of a document: its tokens, those that the first source knew, and whether any was made of it. */
struct features_counts {
    size_t tokens, known;
    bool trained;
};

/* Fills the row `x` from a document, whose text `tokens` changes. Status SYSTEM. */
bool features_row(const struct features *features, const struct features_scratch *scratch,
                  struct tokens *tokens, const struct documents_row *document, float *x,
                  struct features_counts *counts, struct error *error);

/* All sources' `hold` and `without`. Status SYSTEM. */
bool features_hold(const struct features *features, const struct features_scratch *scratch,
                   const struct features_document *document, struct error *error);
bool features_without(const struct features *features, const struct features_scratch *scratch,
                      const struct features_document *document, uint32_t word, float *x,
                      struct error *error);

#endif
