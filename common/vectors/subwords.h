/*
 * subwords: a fastText model, whose words have vectors of their parts, and so do words that it does
 * not know.
 *
 * Bojanowski, Grave, Joulin and Mikolov, "Enriching Word Vectors with Subword Information", TACL 5,
 * 2017: a word's vector is that of the word, where it is known, and of its n-grams, taken together;
 * what is written here is their mean, as fastText's own program has it. The layout of the file is
 * that of fastText 0.9.2, versions 11 and 12 of its format.
 */
#ifndef VECTORS_SUBWORDS_H
#define VECTORS_SUBWORDS_H

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The model's bytes, wherever they are: a file, as they may be more than memory holds. `read` reads
 * some that lie within `size`, on any thread; status SYSTEM.
 */
struct subwords_file {
    uint64_t size;
    const char *name; /* for messages */
    bool (*read)(const void *context, uint64_t from, void *bytes, size_t size, struct error *error);
    const void *context;
};

/* Start from `{0}`, end with subwords_free. */
struct subwords {
    struct subwords_file file;
    uint32_t dim;
    uint32_t count;   /* words that it knows */
    char *dictionary; /* with what stands behind each of them; owned */
    size_t dictionary_capacity;
    uint64_t rows; /* where they are: `dim` float32 each, the words', then the n-grams' */
    uint64_t row_count;
    uint32_t buckets;
    uint32_t shortest, longest; /* n-grams, in characters; longest 0: none */
    struct words known;         /* once subwords_index was called */
};

/* Whether the bytes begin a model. */
bool subwords_is(const void *bytes, size_t size);

/*
 * Reads the model's head and dictionary; `most_dim` dimensions at most. What the file holds later
 * plays no part but for the numbers of rows. Status INPUT where it is quantized or damaged, CUT
 * where it ends too early, or SYSTEM.
 */
bool subwords_open(struct subwords *subwords, const struct subwords_file *file, uint32_t most_dim,
                   struct error *error);

/* Makes the table that subwords_find needs. Status SYSTEM. */
bool subwords_index(struct subwords *subwords, struct error *error);
void subwords_free(struct subwords *subwords);

/* The number of the word, below `count`, or WORDS_NONE. */
uint32_t subwords_find(const struct subwords *subwords, struct text word);

/* The word that stands at `*at` in the dictionary, from its beginning on; moves `*at` to the next.
 */
struct text subwords_next(const char **at);

/*
 * The vector of a word, by its number (WORDS_NONE: it has none), as the mean of those of its parts:
 * `*parts` is how many these are. 0: it has none, and no vector. Any number of threads may ask.
 * Status SYSTEM.
 */
bool subwords_vector(const struct subwords *subwords, struct text word, uint32_t number,
                     float *vector, size_t *parts, struct error *error);

#endif
