/*
 * bag: documents as rows of how often each term occurs in them.
 *
 * A term is a word, or several in a row, a space between them: words are numbered by whoever cuts
 * documents (base/words.h), and a term of several is known by the term before its last word. Terms
 * get consecutive numbers as they first appear. A bag takes 45 to 85 bytes for each distinct term
 * while it is filled, 16 after bag_select, and 8 for each term of each document. Bags of successive
 * pieces of a corpus can be filled on many threads, one each, and joined in order to what one bag
 * of the whole would be.
 *
 *     for each document:
 *         for each of its words, and each length of a term:
 *             term = bag_add(bag, the term a word shorter, or BAG_NONE, word)
 *         bag_end_row()
 *     bag_select(): leaves the terms that matter, renumbered; bag_sort_rows()
 */
#ifndef LINEAR_BAG_H
#define LINEAR_BAG_H

#include "base/slots.h"
#include "base/words.h"
#include "linear/sparse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BAG_NONE = UINT32_MAX };

struct bag_gram {
    uint32_t before; /* the term without its last word, BAG_NONE: that is the only one */
    uint32_t word;   /* the last one's number */
};

struct bag_term {
    uint64_t times; /* that it occurs */
    uint64_t place; /* of its entry in the row that was added to last */
    uint32_t rows;  /* documents that hold it */
    struct bag_gram gram;
};

/* Start from `{0}`; owns everything but the words, freed by bag_free. */
struct bag {
    const struct words *words; /* borrowed; for texts alone */
    struct bag_term *terms;    /* by number, until bag_select */
    struct bag_gram *grams;    /* by number, after it */
    struct slots slots;        /* of terms of several words, */
    size_t runs;               /* of which there are so many */
    uint32_t *by_word;         /* number + 1 of the term that is this word alone; 0: none */
    uint64_t *begin;           /* rows + 1, as in sparse.h; NULL before the first row */
    uint32_t *feature;         /* of each entry, a term's number */
    float *value;              /* of each entry, how often (exact to 2^24) */
    size_t rows, entries;
    uint32_t count;          /* terms */
    uint32_t *kept;          /* after bag_select: the term's number, by feature */
    uint32_t *held;          /* and how many rows hold it */
    uint32_t features, lone; /* as in sparse.h */
    size_t terms_capacity, by_word_capacity, begin_capacity, feature_capacity, value_capacity;
};

/*
 * Counts a term of the row in hand: the one before it, or BAG_NONE, and a word. Returns its number,
 * BAG_NONE when memory is out or there are 3 x 2^30 terms.
 */
uint32_t bag_add(struct bag *bag, uint32_t before, uint32_t word);

/* Ends the row in hand. False when memory is out, or there are 2^32 - 2 rows. */
bool bag_end_row(struct bag *bag);

/* Empties a bag for other rows. */
void bag_clear(struct bag *bag);

/*
 * Fills an empty bag with the rows of `from` and of its terms those of one word, as if only these
 * had been counted. `numbers` is room that is kept from call to call, from NULL and 0, freed by the
 * caller. False when memory is out.
 */
bool bag_take_words(struct bag *to, const struct bag *from, uint32_t **numbers, size_t *capacity);

/*
 * Appends the rows of `from`, whose word i is word words[i] of `to`. `numbers` is room that is kept
 * from call to call, from NULL and 0, freed by the caller. False when memory is out.
 */
bool bag_join(struct bag *to, const struct bag *from, const uint32_t *words, uint32_t **numbers,
              size_t *capacity);

/*
 * Leaves out the terms that fewer than `least_rows` rows hold, and of the others all but the
 * `most_features` that occur most often (as often: the first by bytes). The rest becomes the
 * features, first those that several rows hold, each part in the order of first appearance; nothing
 * can be added any more, and what only adding needs is given back. False when memory is out.
 */
bool bag_select(struct bag *bag, uint32_t least_rows, uint32_t most_features);

/*
 * After bag_select, once for each row, on any number of threads: puts rows `first` to `end` - 1 in
 * ascending order. False when memory is out.
 */
bool bag_sort_rows(struct bag *bag, size_t first, size_t end);

/*
 * Before bag_select: fills `to`, from `{0}`, with `count` rows of `from`, and numbers their terms
 * anew. Nothing can be added to it. False when memory is out.
 */
bool bag_sample(const struct bag *from, const uint32_t *rows, size_t count, struct bag *to);

/* After bag_select: how many rows hold the feature. */
static inline uint32_t bag_rows(const struct bag *bag, uint32_t feature)
{
    return bag->held[feature];
}

/* The bytes of a term's text; puts it at `to`, and returns its end. */
size_t bag_text_size(const struct bag *bag, uint32_t term);
char *bag_put_text(const struct bag *bag, uint32_t term, char *to);

/* How many bytes of memory it takes. */
size_t bag_bytes(const struct bag *bag);

/*
 * Gives the rows back, and what only adding needs; the terms' text stays. False when memory is out.
 */
bool bag_drop_rows(struct bag *bag);

/* After bag_select; points into the bag. */
struct sparse bag_sparse(const struct bag *bag);

void bag_free(struct bag *bag);

#endif
