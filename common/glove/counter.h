/*
 * counter: counts the pairs of a whole corpus on several threads.
 */
#ifndef GLOVE_COUNTER_H
#define GLOVE_COUNTER_H

#include "glove/pairs.h"
#include "glove/ranking.h"
#include "glove/sequence.h"

/* Start from counter_start; freed by counter_free. */
struct counter {
    const struct pairs_rules *rules; /* borrowed */
    struct pairs *threads;
    unsigned jobs;
};

/*
 * `most_bytes` for the pairs of all threads; temporary files in `folder`. Both `rules` and
 * `folder` are borrowed. Status SYSTEM.
 */
bool counter_start(struct counter *counter, const struct pairs_rules *rules, unsigned jobs,
                   size_t most_bytes, const char *folder, struct error *error);

/* The bytes that a run holds beside the threads' pairs. */
uint64_t counter_hands_size(const struct pairs_rules *rules, unsigned jobs);

/*
 * Counts the corpus, read from the sequence's start: numbers of words, PAIRS_BREAK between
 * documents. Words that are not in the ranking are passed over, as if they were not there.
 * Afterwards the threads' pairs are finished, for merge_open. `progressed`, unless NULL, is
 * called from the calling thread with the numbers done so far. Status SYSTEM.
 */
bool counter_run(struct counter *counter, struct sequence *sequence,
                 const struct word_ranking *ranking,
                 void (*progressed)(void *context, uint64_t numbers), void *context,
                 struct error *error);

void counter_free(struct counter *counter);

#endif
