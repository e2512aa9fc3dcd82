/*
 * runs: documents as words in a row, and a number for each run of several of them.
 *
 * Words are numbered by whoever cuts documents (base/words.h). A run is known by the run that it
 * is without its last word, and that word, so that runs are numbered a length at a time:
 *
 *     for each document: runs_reserve(); runs_put() each word; runs_end_row()
 *     runs_number(): same numbers for same runs, of which there are `counts`
 *
 * Rows take 5 bytes for each word and 8 each, in arrays that double, so that up to as much lies
 * behind them untouched; numbers take 4 bytes for each word and length beyond
 * the first, and 8 more while they are made, beside 8 for each word that differs and each run of
 * the length before.
 */
#ifndef LINEAR_RUNS_H
#define LINEAR_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RUNS_LONGEST = 3 }; /* words of a run */

/* Start from `{0}`; owns everything, freed by runs_free. */
struct runs {
    uint32_t *word;  /* of each place, row after row */
    uint8_t *reach;  /* how many words the longest run has that begins there; 0: there is none */
    uint64_t *begin; /* rows + 1, as in sparse.h; NULL before the first row */
    size_t rows, count;
    size_t word_capacity, reach_capacity, begin_capacity;
};

/* The numbers of the runs that begin at each place, by how many words they have less one. */
struct runs_numbers {
    const uint32_t *of[RUNS_LONGEST]; /* where a place's reach is less, 0; [0]: the words */
    uint32_t counts[RUNS_LONGEST];    /* numbers are below that */
    uint32_t *owned[RUNS_LONGEST];    /* freed by runs_numbers_free */
};

/* Makes room for `more` words. False when memory is out. */
bool runs_reserve(struct runs *runs, size_t more);

/* Appends a word to the row in hand, for which there is room. */
static inline void runs_put(struct runs *runs, uint32_t word, uint8_t reach)
{
    runs->word[runs->count] = word;
    runs->reach[runs->count++] = reach;
}

/* Ends the row in hand. False when memory is out, or there are 2^32 - 2 rows. */
bool runs_end_row(struct runs *runs);

/* Appends the rows of `from`, whose word i is words[i] here; NULL: i. False when memory is out. */
bool runs_append(struct runs *to, const struct runs *from, const uint32_t *words);

/* Empties them for other rows. */
void runs_clear(struct runs *runs);

/*
 * Numbers runs of up to `longest` words, from `{0}`; words are below `words`. False when memory is
 * out, or there are 3 x 2^30 runs of a length.
 */
bool runs_number(const struct runs *runs, uint32_t words, unsigned longest,
                 struct runs_numbers *numbers);

/* The bytes that this takes while it is done, at most, and that the numbers take. */
uint64_t runs_number_bytes(const struct runs *runs, uint32_t words, unsigned longest);
uint64_t runs_numbers_bytes(const struct runs *runs, unsigned longest);

void runs_numbers_free(struct runs_numbers *numbers);

/* How many bytes of memory they take, without what was not touched. */
size_t runs_bytes(const struct runs *runs);

void runs_free(struct runs *runs);

#endif
