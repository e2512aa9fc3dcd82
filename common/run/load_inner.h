/*
 * load_inner: what the files of load share. load_open.c finds out what a file is, load.c reads
 * lines and records of it, load_subwords.c the words of a fastText model.
 */
#ifndef RUN_LOAD_INNER_H
#define RUN_LOAD_INNER_H

#include "input/chunks.h"
#include "run/gather.h"
#include "run/load.h"
#include "vectors/repeats.h"
#include "vectors/subwords.h"
#include "vectors/vector_records.h"

#include <stdatomic.h>

struct load {
    enum load_form form;
    const struct word_list *list;
    struct packed packed; /* of what is not text */
    struct records_rule rule;
    uint64_t read; /* vectors, by the reading stage */
    struct chunks chunks;
    struct vector_shape shape;
    struct digest peeked; /* of a model, the whole of it */

    struct subwords subwords; /* of a model, whose file is mapped */
    void *map;
    size_t map_size;
};

/* A run over a file. */
struct load_work {
    struct load *load;
    const struct load_orders *orders;
    struct vector_parser parser;
    uint64_t expected;  /* bytes of the source, 0: unknown */
    atomic_bool enough; /* no more rows are wanted */

    /* The writing stage's. */
    const struct chunk *chunk; /* which is being written */
    struct load_totals *totals;
    struct repeats repeats, others; /* of the words that are kept, and of those that are not */
    struct gather gather;
};

/*
 * Takes the first rows that are wanted, and writes them. In the calling thread, in order.
 */
bool load_write_rows(struct load_work *work, const struct parsed_vectors *rows,
                     struct error *error);

/* Maps the model, of which the first bytes were peeked, from its file, or a temporary one. From
   then on SIGBUS ends the program with a sentence and status 1. */
bool load_map_model(struct load *load, struct error *error);
void load_unmap_model(struct load *load);

/* The stages for a model. */
bool load_words(struct load_work *work, struct error *error);

#endif
