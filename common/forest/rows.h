/*
 * rows: the rows of a node, parted between the two sides of its cut.
 */
#ifndef FOREST_ROWS_H
#define FOREST_ROWS_H

#include "forest/cut.h"
#include "forest/ranks.h"
#include "forest/view.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The rows of a node, and where those of the right side wait meanwhile; borrowed. */
struct parting {
    uint32_t *rows, *spare_rows;
    uint16_t *codes, *spare_codes; /* of the rows; NULL: there are none */
    uint32_t count;
};

/* The rows between whose values a cut goes. */
struct neighbours {
    uint32_t below, above;
};

/*
 * Moves the rows of the cut's left side, and their codes, to the front, both sides in order;
 * returns how many. Finds the cut's neighbours on the way. Twins of rows_part take no cut whose
 * missing values go left.
 */
typedef uint32_t rows_parter(const struct parting *parting, const struct rank_column *column,
                             const struct cut *cut, struct neighbours *neighbours);

rows_parter rows_part; /* the definition */

/* The same by values, of a cut that is drawn at random where none are missing. */
uint32_t rows_part_by_value(const struct parting *parting, const struct view *view,
                            const struct cut *cut);

/* The same as rows_part by ranks that lie by row, of a cut of these; no values are missing. */
uint32_t rows_part_by_row(const struct parting *parting, const struct view *view,
                          const struct cut *cut, struct neighbours *neighbours);

/* ---- for the definition and its twins ---- */

/* How far parting is. */
struct parted {
    uint32_t left, right; /* rows of each side */
    struct neighbours neighbours;
};

/* The next row, which has that number, and which it returns: it is written to both sides, and only
   the side that it belongs to moves on. */
static inline uint32_t rows_part_move(const struct parting *parting, uint32_t number,
                                      bool goes_left, bool coded, struct parted *parted)
{
    const uint32_t row = parting->rows[number];
    parting->rows[parted->left] = parting->spare_rows[parted->right] = row;
    if (coded)
        parting->codes[parted->left] = parting->spare_codes[parted->right] = parting->codes[number];
    parted->left += goes_left;
    parted->right += !goes_left;
    return row;
}

/* The same, of a row of that rank, which may be one of the cut's neighbours. */
static inline void rows_part_one(const struct parting *parting, uint32_t number, uint32_t rank,
                                 bool goes_left, bool coded, const struct cut *cut,
                                 struct parted *parted)
{
    const uint32_t row = rows_part_move(parting, number, goes_left, coded, parted);
    parted->neighbours.below = rank == cut->below ? row : parted->neighbours.below;
    parted->neighbours.above = rank == cut->above ? row : parted->neighbours.above;
}

/* Has the right side follow the left one; returns how many are on the left. */
static inline uint32_t rows_part_end(const struct parting *parting, bool coded,
                                     const struct parted *parted, struct neighbours *neighbours)
{
    const uint32_t left = parted->left, right = parted->right;
    memcpy(parting->rows + left, parting->spare_rows, right * sizeof *parting->rows);
    if (coded)
        memcpy(parting->codes + left, parting->spare_codes, right * sizeof *parting->codes);
    *neighbours = parted->neighbours;
    return left;
}

#endif
