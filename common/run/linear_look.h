/*
 * linear_look: a look at the first documents, to choose views by.
 */
#ifndef RUN_LINEAR_LOOK_H
#define RUN_LINEAR_LOOK_H

#include "base/error.h"
#include "run/collection.h"

#include <stdbool.h>

/* Start from `{0}`; what linear_train_run did not use up is freed by texts_chunk_free. */
struct linear_look {
    struct texts_chunk chunk; /* the first one, which is not read again */
    bool brief;               /* whether its lines are short: below LINEAR_LOOK_BRIEF bytes */
    bool few;                 /* whether it is the whole of fewer than LINEAR_LOOK_FEW documents */
};

/*
 * Characters cost with the length of a text what they bring with its brevity. On R8 (611 bytes a
 * line) they take three times as long as all else and bring nothing beyond noise (by
 * cross-validation within the training texts, 0.977 against 0.976); on newswire (273) they bring
 * 0.02 to 0.04, on Debian's sections (51) 0.005.
 */
enum { LINEAR_LOOK_BRIEF = 400 };

/*
 * Few texts share few pairs of words, but many characters: 109 and 274 texts drawn from R8's
 * training texts are told apart better by characters and words than by words and pairs, 0.014 and
 * 0.012 by cross-validation within them (8 draws).
 */
enum { LINEAR_LOOK_FEW = 1000 };

/* Reads the first chunk. Status as of reading the documents. */
bool linear_look_at(struct collection *documents, struct linear_look *look, struct error *error);

#endif
