/*
 * ranking: which words get a vector, and in which order.
 *
 * A corpus's distinct words are numbered as they first appear (base/words.h). Those that occur
 * often enough are ranked: the most frequent has rank 0; of equally frequent ones, the one that
 * appeared first goes first. Words of more than RANKING_LONGEST bytes are left out: no reader of
 * vectors would take them.
 */
#ifndef GLOVE_RANKING_H
#define GLOVE_RANKING_H

#include "base/error.h"
#include "base/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RANKING_NONE UINT32_MAX

enum { RANKING_LONGEST = 1 << 16 };

/* Owns everything; start from `{0}`, freed by ranking_free. */
struct word_ranking {
    size_t size;
    struct text *words; /* by rank */
    uint64_t *counts;   /* by rank: occurrences in the corpus */
    uint32_t *ranks;    /* by number: the rank, or RANKING_NONE */
    uint64_t kept;      /* occurrences of the ranked words together */
    size_t long_words;  /* that occur often enough, and are left out */
    char *bytes;        /* of the words */
};

/*
 * Ranks the words of `words` that occur at least `least` times, of these the `most` most frequent
 * ones. `counts` says by number how often each occurs. Copies what it keeps. Status SYSTEM.
 */
bool ranking_make(struct word_ranking *ranking, const struct words *words, const uint64_t *counts,
                  uint64_t least, size_t most, struct error *error);

void ranking_free(struct word_ranking *ranking);

#endif
