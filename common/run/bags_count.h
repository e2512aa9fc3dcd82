/*
 * bags_count: a chunk of documents as numbers of its words. Internal to bags.c and bags_fill.c.
 */
#ifndef RUN_BAGS_COUNT_H
#define RUN_BAGS_COUNT_H

#include "run/bags.h"
#include "text/tokens.h"

#include <stdatomic.h>

/* A chunk, and what is made of it: it has numbers of its own. Start from `{0}`. */
struct bags_batch {
    struct texts_chunk chunk;
    struct words words, characters;
    struct runs runs, tokens; /* as in struct bags */
    bool apart;
    struct bag bag;      /* of characters */
    struct text *labels; /* they point into the chunk */
    struct text_key *keys;
    size_t labels_capacity, keys_capacity;
    size_t rows; /* documents */
    struct repairs repairs;
    struct repairs_list list;
};

/* What a worker works with. */
struct bags_worker {
    struct tokens tokenizer;
    struct views views;
};

/*
 * Numbers the runs of the batch's chunk that the wanted views need, and counts its characters
 * unless these were `spared` when it began. Status INPUT or SYSTEM.
 */
bool bags_count(const struct bags_source *source, const atomic_bool *spared,
                struct bags_worker *worker, struct bags_batch *batch, struct error *error);

/* How many words the longest terms of views of words have, spared ones aside; 0: there is none. */
unsigned bags_longest(const bool wanted[VIEW_COUNT], const bool spared[VIEW_COUNT]);

/* From here on tokens are no words: those so far, which were, are copied. False: memory is out. */
bool bags_part(const struct runs *runs, struct runs *tokens, bool *apart);

/* How many entries that makes, as bag_entries. */
uint64_t bags_entries(const struct bags *bags, enum view view, const struct runs_numbers *numbers);

/*
 * Fills the bag of a view of words, of so many entries at most; `numbers` reach as far as its
 * terms. False: memory is out.
 */
bool bags_fill_view(struct bags *bags, enum view view, const struct runs_numbers *numbers,
                    uint64_t entries);

/* Says that terms take so many bytes, and that memory is out, or that they are too many. */
bool bags_refuse(const struct bags_source *source, const struct bags *bags, bool memory_is_out,
                 uint64_t bytes, struct error *error);

void bags_batch_free(struct bags_batch *batch);
void bags_worker_free(struct bags_worker *worker);

#endif
