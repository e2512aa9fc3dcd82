/*
 * linear_look: a look at documents, to choose views by: at the first ones before they are read, and
 * at what was counted of all.
 */
#ifndef RUN_LINEAR_LOOK_H
#define RUN_LINEAR_LOOK_H

#include "base/error.h"
#include "linear/bag.h"
#include "run/collection.h"
#include "run/linear_trial.h"

#include <stdbool.h>

/* Start from `{0}`; what linear_train_run did not use up is freed by texts_chunk_free. */
struct linear_look {
    struct texts_chunk chunk;  /* the first one, which is not read again */
    bool brief;                /* whether its lines are short: below LINEAR_LOOK_BRIEF bytes */
    bool few;                  /* whether it is the whole of fewer than LINEAR_LOOK_FEW documents */
    bool asked;                /* whether there is */
    double unseen;             /* the share of the words of a new text that no text holds */
    struct linear_trial trial; /* of characters beside pairs of words; {0}: they were not tried */
};

/*
 * All of these figures are of the view char; char1, which is chosen since, brings as much on these
 * texts, and more on others (linear-train(1)).
 *
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

/*
 * Of brief texts that are not few, characters bring what words leave open: what a word says that no
 * training text holds. Where that is less than one in so many words of a new text, pairs of words
 * alone may be nearly as right in a third of the time: on Debian's sections (one in 40) 0.781
 * against 0.787 out of bag with characters and counts. On 1,000 and 5,000 of its texts (one in 7
 * and 14) characters bring 0.026 and 0.008, on newswire (one in 10) 0.033.
 */
enum { LINEAR_LOOK_UNSEEN = 20 };

/*
 * But characters also tell how a text is written. So they are tried (linear_trial.h), and left out
 * only where they name less than one text in so many more rightly: of Debian's sections it is one
 * in 60, of fortunes one in 20 and of WordNet's glosses one in 29, and of all of these, out of bag,
 * one in 170, 23 and 55 by forests.
 */
enum { LINEAR_LOOK_GAIN = 50 };

/* Reads the first chunk. Status as of reading the documents. */
bool linear_look_at(struct collection *documents, struct linear_look *look, struct error *error);

/* Whether linear_look_again has anything to ask. */
bool linear_look_asks(const struct linear_look *look);

/*
 * Whether pairs of words suffice, and neither counts of words nor characters are needed: of brief
 * texts that are not few, if nearly all words of a new one are known and characters add little.
 * What was tried before stands where the bags have characters no more; what can't be tried adds
 * little. `how` names pairs of words and characters. False when memory is out.
 */
bool linear_look_again(struct linear_look *look, const struct bags *bags,
                       const struct linear_trial_how *how, bool *suffice);

#endif
