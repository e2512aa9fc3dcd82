/*
 * rows: the rows of a node, parted between the two sides of its cut.
 */
#ifndef FOREST_ROWS_H
#define FOREST_ROWS_H

#include "forest/cut.h"
#include "forest/ranks.h"
#include "forest/view.h"

#include <stdint.h>

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

#endif
