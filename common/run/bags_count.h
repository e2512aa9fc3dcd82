/*
 * bags_count: a chunk of documents as bags of its terms. Internal to bags.c.
 */
#ifndef RUN_BAGS_COUNT_H
#define RUN_BAGS_COUNT_H

#include "run/bags.h"
#include "text/tokens.h"

#include <stdatomic.h>

/* A chunk, and what is made of it: it has numbers and bags of its own. Start from `{0}`. */
struct bags_batch {
    struct texts_chunk chunk;
    struct words words, characters;
    struct bag bags[VIEW_COUNT];
    bool taken[VIEW_COUNT]; /* views whose bags are taken from that of `longer` */
    enum view longer;
    uint32_t *numbers;   /* room for that */
    struct text *labels; /* they point into the chunk */
    struct text_key *keys;
    size_t labels_capacity, keys_capacity, numbers_capacity;
    size_t rows; /* documents */
    struct repairs repairs;
    struct repairs_list list;
};

/* Numbers of one thing by those of another. */
struct bags_numbers {
    uint32_t *of;
    size_t capacity;
    bool ready; /* where they are the document's: its stretches were numbered */
};

/* What a worker works with. */
struct bags_worker {
    struct tokens tokenizer;
    struct views views;
    struct bags_numbers tokens, words; /* of the document's */
};

/*
 * Counts the terms of the batch's chunk in the views that are wanted and were not `spared` when it
 * began. Status INPUT or SYSTEM.
 */
bool bags_count(const struct bags_source *source, const atomic_bool spared[VIEW_COUNT],
                struct bags_worker *worker, struct bags_batch *batch, struct error *error);

void bags_batch_free(struct bags_batch *batch);
void bags_worker_free(struct bags_worker *worker);

#endif
