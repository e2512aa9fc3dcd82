/*
 * glove: learns word vectors from a corpus (Pennington, Socher and Manning, "GloVe: Global
 * Vectors for Word Representation", EMNLP 2014), within a given amount of memory.
 *
 *     glove_start(&glove, &options);
 *     ... words to glove.words, their numbers to glove_take ...      the corpus
 *     glove_prepare(&glove, &error);                                  ranks words, counts pairs
 *     for (pass = 1; pass <= passes; pass++)
 *         glove_pass(&glove, pass, &cost, &error);                    trains
 *     model_vector(&glove.model, MODEL_SUM, rank, vector) ...         glove.ranking.words[rank]
 *
 * The vectors depend on the corpus and on those options that are marked so, to the last bit; not
 * on the number of threads, the memory, the machine.
 */
#ifndef GLOVE_GLOVE_H
#define GLOVE_GLOVE_H

#include "base/words.h"
#include "glove/counter.h"
#include "glove/model.h"
#include "glove/ranking.h"
#include "glove/sequence.h"
#include "glove/shards.h"

enum {
    GLOVE_LEAST_MEMORY = 64 << 20,
    GLOVE_MOST_DIM = 8192,
};

struct glove_options {
    /* The vectors depend on these. */
    uint64_t least_count; /* of a word that gets a vector */
    size_t most_words;    /* that get one: the most frequent; 1 to GRID_MOST_WORDS */
    unsigned window;      /* 1 to PAIRS_MOST_WINDOW */
    bool symmetric;       /* the window reaches both ways */
    bool weighted;        /* words at distance d count 1/d */
    double x_max, alpha;  /* of f: above 0; alpha at most 10 */
    double eta;           /* the learning rate, above 0 */
    size_t dim;           /* 1 to GLOVE_MOST_DIM */
    uint64_t seed;

    /* They don't depend on these. */
    unsigned jobs;
    enum cpu_level level;
    uint64_t memory;      /* bytes, at least GLOVE_LEAST_MEMORY */
    uint64_t taken;       /* of them by the caller, until glove_prepare */
    const char *temp_dir; /* for what memory can't hold; borrowed */
};

/* Owns everything; freed by glove_free. Used by one thread at a time. */
struct glove {
    struct glove_options options;
    struct words words; /* all of the corpus; empty after glove_prepare */
    size_t words_seen;
    uint64_t words_bytes;
    uint64_t *counts; /* by number in `words` */
    size_t counts_capacity;
    struct sequence sequence;
    struct word_ranking ranking;
    struct grid grid;
    struct shards shards;
    struct model model;

    /* Unless NULL, called while pairs are counted, with the share done (0 to 1); and in a pass. */
    void (*progressed)(void *context, double share);
    void *context;
};

/* Lowers options.memory where addresses are too short for so much. */
void glove_start(struct glove *glove, const struct glove_options *options);

/*
 * Takes the next words of the corpus by their numbers in glove->words, PAIRS_BREAK between
 * documents. Status SYSTEM, or USAGE where memory does not hold the
 * words.
 */
bool glove_take(struct glove *glove, const uint32_t *numbers, size_t count, struct error *error);

/*
 * After the last words. Status SYSTEM; INPUT where no two words with vectors occur near each
 * other; USAGE where memory does not hold the vectors.
 */
bool glove_prepare(struct glove *glove, struct error *error);

/* How many threads a pass has: at most `jobs`, fewer where memory is short, or pairs are few. */
unsigned glove_pass_jobs(const struct glove *glove);

/* Pass number `number`, from 1, over all pairs; as training_pass. */
bool glove_pass(struct glove *glove, uint64_t number, double *cost, struct error *error);

void glove_free(struct glove *glove);

#endif
