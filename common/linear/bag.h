/*
 * bag: documents as rows of how often each term occurs in them.
 *
 * A term is a word, or several in a row, a space between them: words are numbered by whoever cuts
 * documents (base/words.h), and a term of several is known by the term before its last word. Terms
 * get consecutive numbers as they first appear. A bag takes 24 bytes for each distinct term while
 * it is filled, 16 after bag_select, and 8 for each term of each document.
 *
 * It is filled at once with the runs of words of a corpus, for each of which there is 8 bytes only
 * where it is a row's first one of its kind (bag_entries), or a word at a time; bags of words of
 * successive pieces of a corpus can be filled on many threads, one each, and joined in order to
 * what one bag of the whole would be.
 *
 *     bag_fill(), or for each document: for each of its words: bag_add(); bag_end_row()
 *     bag_select(): leaves the terms that matter, renumbered; bag_sort_rows()
 */
#ifndef LINEAR_BAG_H
#define LINEAR_BAG_H

#include "base/words.h"
#include "linear/runs.h"
#include "linear/sparse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BAG_NONE = UINT32_MAX };

struct bag_gram {
    uint32_t before; /* the term without its last word, BAG_NONE: that is the only one */
    uint32_t word;   /* the last one's number */
};

/* A word's or a run's, while a bag is filled. */
struct bag_place {
    uint64_t entry; /* + 1, the last one of it; 0: none */
    uint32_t term;  /* number + 1; 0: none so far */
    float times;    /* the entry's value */
};

/* Start from `{0}`; owns everything but the words, freed by bag_free. */
struct bag {
    const struct words *words; /* borrowed; for texts alone */
    struct bag_gram *grams;    /* what each term is, by number */
    struct bag_place *by_word; /* of the terms that are a word alone */
    uint64_t *begin;           /* rows + 1, as in sparse.h; NULL before the first row */
    uint32_t *feature;         /* of each entry, a term's number */
    float *value;              /* of each entry, how often (exact to 2^24) */
    size_t rows, entries;
    uint32_t count;          /* terms */
    uint32_t *kept;          /* after bag_select: the term's number, by feature */
    uint32_t *held;          /* and how many rows hold it */
    uint32_t features, lone; /* as in sparse.h */
    size_t grams_capacity, words_capacity, begin_capacity, feature_capacity, value_capacity;
};

/*
 * Counts a term of the row in hand, which is a word alone. False when memory is out, or there are
 * 3 x 2^30 terms.
 */
bool bag_add(struct bag *bag, uint32_t word);

/* Ends the row in hand. False when memory is out, or there are 2^32 - 2 rows. */
bool bag_end_row(struct bag *bag);

/* Empties a bag for other rows. */
void bag_clear(struct bag *bag);

/*
 * Appends the rows of `from`, whose word i is word words[i] of `to`; no term is more than a word.
 * `numbers` is room that is kept from call to call, from NULL and 0, freed by the caller. False
 * when memory is out.
 */
bool bag_join(struct bag *to, const struct bag *from, const uint32_t *words, uint32_t **numbers,
              size_t *capacity);

/*
 * Fills an empty bag, or for `longest` 1 one that was filled so, with the runs of 1 to `longest`
 * words, numbered by runs_number up to that length at least: the terms that begin with a row's
 * first word, the shorter ones first, then those that begin with its second. There are `entries` at
 * most (8 bytes each until those that are too many are given back). False when memory is out, or
 * there are 3 x 2^30 terms.
 */
bool bag_fill(struct bag *bag, const struct runs *runs, const struct runs_numbers *numbers,
              unsigned longest, uint64_t entries);

/*
 * How many entries there will be: at most, where no term is in a row twice, and exactly, which goes
 * over all places once for each length and takes 4 bytes for each run of it meanwhile. UINT64_MAX:
 * memory is out.
 */
static inline uint64_t bag_entries_most(const struct runs *runs, unsigned longest)
{
    return (uint64_t)longest * runs->count;
}

uint64_t bag_entries(const struct runs *runs, const struct runs_numbers *numbers, unsigned longest);

/* The bytes that filling takes. */
uint64_t bag_fill_bytes(const struct runs *runs, const struct runs_numbers *numbers,
                        unsigned longest, uint64_t entries);

/*
 * Leaves out the terms that fewer than `least_rows` rows hold, and of the others all but the
 * `most_features` that occur most often (as often: the first by bytes). The rest becomes the
 * features, first those that several rows hold, each part in the order of first appearance; nothing
 * can be added any more, and what only adding needs is given back. False when memory is out.
 */
bool bag_select(struct bag *bag, uint32_t least_rows, uint32_t most_features);

/* The most entries that one of the rows `first` to `end` - 1 has. */
size_t bag_longest_row(const struct bag *bag, size_t first, size_t end);

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

/* Before bag_select: how often each term occurs, for free(). NULL when memory is out. */
uint64_t *bag_times(const struct bag *bag);

/* The bytes of a term's text; puts it at `to`, and returns its end. */
size_t bag_text_size(const struct bag *bag, uint32_t term);
char *bag_put_text(const struct bag *bag, uint32_t term, char *to);

/* How many bytes of memory it takes. */
size_t bag_bytes(const struct bag *bag);

/* Gives the rows back, and what only adding needs; the terms' text stays. */
void bag_drop_rows(struct bag *bag);

/* After bag_select; points into the bag. */
struct sparse bag_sparse(const struct bag *bag);

void bag_free(struct bag *bag);

#endif
