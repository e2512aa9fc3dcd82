/*
 * linear_keep: which terms travel, where a stream must not be large.
 *
 * What a term is worth is how far it moves scores, and how often:
 *
 *     max |w| x rarity x sqrt(d)
 *
 * over its weights w, of a term that d documents hold (linear/tfidf.h has its rarity). The terms
 * of all views compete, and the worthiest that fit are kept; of equal ones the first. A document
 * is then weighed by the terms that are left, as one that has no others.
 *
 * The measure was chosen within training texts: with a tenth of R8's bigrams 0.972 are right
 * (0.969 with all), of Debian's 0.743 (0.756); by max |w| x rarity 0.972 and 0.723, by d alone
 * 0.968 and 0.739. A term without a weight still counts in a document's length, so that it is not
 * left out for nothing.
 */
#ifndef RUN_LINEAR_KEEP_H
#define RUN_LINEAR_KEEP_H

#include "run/bags.h"

#include <stdbool.h>
#include <stdint.h>

/* Features of a view, ascending; owned. Start from `{0}`. */
struct kept {
    uint32_t *features;
    uint32_t count;
};

/*
 * Keeps what takes no more than `bytes` of a stream, all where these are UINT64_MAX. `weights` is
 * of each view, features x classes, or NULL. False when memory is out.
 */
bool linear_keep(const struct bags *bags, const float *const *weights, uint64_t bytes,
                 struct kept kept[VIEW_COUNT]);

/* Bytes that a term of `size` takes in a block beside `numbers` of 4 bytes each, at most. */
uint64_t linear_term_bytes(size_t size, uint64_t numbers);

void linear_keep_free(struct kept kept[VIEW_COUNT]);

#endif
