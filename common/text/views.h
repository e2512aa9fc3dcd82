/*
 * views: the terms of a document, as one or another way to look at it finds them.
 *
 *   space    what white space parts: the tokens of tokens.h
 *   word     runs of letters, digits and `_`, those of Python's \w+
 *   bigram   words, and pairs of neighbouring words: `gold price`
 *   trigram  words, pairs and triples
 *   char     3 to 5 characters within a token that is padded by a space at both ends, those of
 *            scikit-learn's analyzer="char_wb"
 *   char1    the same, and single ones and pairs: 1 to 5
 *
 *     views_begin(&views);
 *     for each batch of tokens, of tokens.h: views_take(&views, batch, count, &error);
 *     views_start(&views, VIEW_WORD);
 *     while (views_next(&views, &error) && views.count)
 *         ... views.terms[0 .. views.count-1] ...
 *
 * All are of the lower-cased text. Its tokens are laid out with one space before and behind each,
 * and once more as words where these are not the tokens; any term is a stretch of that, so that
 * nothing is copied for it.
 */
#ifndef TEXT_VIEWS_H
#define TEXT_VIEWS_H

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum view { VIEW_SPACE, VIEW_WORD, VIEW_BIGRAM, VIEW_TRIGRAM, VIEW_CHAR, VIEW_CHAR1, VIEW_COUNT };

enum {
    VIEWS_TERM = 1 << 16, /* bytes; what is longer is no term */
    VIEWS_BATCH = 1 << 12 /* terms, and those of one stretch more */
};

/* `space`, ... */
const char *view_name(enum view view);
/* How many words to either side a term may take in beside its own: 0, but of bigrams and trigrams.
 */
size_t views_reach(enum view view);
/* Whether its terms are characters, which are no stretches of the layout. */
static inline bool view_is_characters(enum view view)
{
    return view == VIEW_CHAR || view == VIEW_CHAR1;
}

/* Which view of characters is wanted, of which there is one at a time; VIEW_COUNT: none is. */
static inline enum view view_of_characters(const bool wanted[VIEW_COUNT])
{
    return wanted[VIEW_CHAR1] ? VIEW_CHAR1 : wanted[VIEW_CHAR] ? VIEW_CHAR : VIEW_COUNT;
}

/* False where no view has that name. */
bool view_find(struct text name, enum view *view);

/* Stretches of text in a row, a space before and behind each: ` gold price `. */
struct layout {
    char *bytes;
    uint32_t *starts; /* count + 1: of each stretch, and one past the last space */
    size_t size, capacity, count, starts_capacity;
};

/* Start from `{0}`; used by one thread at a time, for one document after another. */
struct views {
    struct layout tokens, words;
    bool words_ready, words_are_tokens; /* of the document */
    enum view view;                     /* the one that was started on */
    size_t at;                          /* its next stretch */
    struct hashed *terms;               /* what views_next found; good until its next call */
    size_t count, capacity;
};

/* Begins a document. */
void views_begin(struct views *views);

/* Its next tokens, which are copied. Status SYSTEM when memory is out. */
bool views_take(struct views *views, const struct text *tokens, size_t count, struct error *error);

/* Its tokens so far, one space between them; until the next ones are taken. */
struct text views_text(const struct views *views);

/*
 * What a view's terms are stretches of: runs of 1 to 1 + views_reach of them, but of characters,
 * which are no runs. Good until the next tokens are taken; NULL when memory is out.
 */
const struct layout *views_layout(struct views *views, enum view view);

/* Starts on the terms of the document in that view, from its first. */
void views_start(struct views *views, enum view view);

/*
 * The next of the terms, in order, repeats and all; `count` is 0 when there are no more. Status
 * SYSTEM when memory is out.
 */
bool views_next(struct views *views, struct error *error);

void views_free(struct views *views);

#endif
