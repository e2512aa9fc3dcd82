/*
 * grid: words dealt to stripes, and the pairs of words to the blocks of a grid of stripes.
 *
 * Training takes disjoint blocks at a time (strata.h), so blocks should hold about equally many
 * pairs. Words are ranked by their counts, which fall as Zipf's law says; dealt like cards, back
 * and forth (stripes 0 1 .. S-1, then S-1 .. 1 0, and so on), every stripe gets its share of
 * frequent words and of rare ones. The grid depends on nothing but the number of words and the
 * size of a row, so that results do not depend on how many threads there are.
 *
 * A word's place is its stripe and its row there: stripe << row_bits | row. A cell is a pair of
 * places, in this order of bits, so that sorted cells are sorted by block:
 *
 *     stripe of the word | stripe of the context | row of the word | row of the context
 */
#ifndef GLOVE_GRID_H
#define GLOVE_GRID_H

#include <stddef.h>
#include <stdint.h>

enum {
    GRID_CELL_BITS = 48, /* bits of a cell at most */
    GRID_MOST_WORDS = 1 << 24
};

/* Plain data. */
struct grid {
    size_t words;
    unsigned stripe_bits, row_bits;
};

/* The grid for 1 to GRID_MOST_WORDS words whose rows have `row_size` bytes. */
struct grid grid_for(size_t words, size_t row_size);

static inline size_t grid_stripes(const struct grid *grid)
{
    return (size_t)1 << grid->stripe_bits;
}

/* Rows of the longest stripe. */
static inline size_t grid_rows(const struct grid *grid)
{
    return (grid->words + grid_stripes(grid) - 1) >> grid->stripe_bits;
}

static inline size_t grid_blocks(const struct grid *grid)
{
    return (size_t)1 << 2 * grid->stripe_bits;
}

/* The place of the word with that rank, from 0, and the rank of the word in that place. */
static inline uint32_t grid_place(const struct grid *grid, uint32_t rank)
{
    uint32_t last = ((uint32_t)1 << grid->stripe_bits) - 1;
    uint32_t row = rank >> grid->stripe_bits;
    uint32_t stripe = (rank & last) ^ (row & 1 ? last : 0);
    return stripe << grid->row_bits | row;
}

static inline uint32_t grid_row(const struct grid *grid, uint32_t place)
{
    return place & (((uint32_t)1 << grid->row_bits) - 1);
}

static inline uint32_t grid_rank(const struct grid *grid, uint32_t place)
{
    uint32_t last = ((uint32_t)1 << grid->stripe_bits) - 1;
    uint32_t row = grid_row(grid, place);
    return row << grid->stripe_bits | ((place >> grid->row_bits) ^ (row & 1 ? last : 0));
}

static inline uint64_t grid_cell(const struct grid *grid, uint32_t word, uint32_t context)
{
    uint64_t block = (uint64_t)(word >> grid->row_bits) << grid->stripe_bits |
                     (uint64_t)(context >> grid->row_bits);
    uint64_t rows = (uint64_t)grid_row(grid, word) << grid->row_bits | grid_row(grid, context);
    return block << 2 * grid->row_bits | rows;
}

/* The block of a cell, and the rows in it of its word and context. */
static inline uint32_t grid_cell_block(const struct grid *grid, uint64_t cell)
{
    return (uint32_t)(cell >> 2 * grid->row_bits);
}

static inline uint16_t grid_cell_word(const struct grid *grid, uint64_t cell)
{
    return (uint16_t)grid_row(grid, (uint32_t)(cell >> grid->row_bits));
}

static inline uint16_t grid_cell_context(const struct grid *grid, uint64_t cell)
{
    return (uint16_t)grid_row(grid, (uint32_t)cell);
}

static inline unsigned grid_cell_bits(const struct grid *grid)
{
    return 2 * (grid->stripe_bits + grid->row_bits);
}

#endif
