/*
 * rows: what growing does with the rows of a node beside looking for a cut: it counts their
 * classes, parts them between the two sides, and ranks them among themselves.
 *
 * Internal to the folder.
 */
#ifndef FOREST_ROWS_H
#define FOREST_ROWS_H

#include "base/cpu.h"
#include "forest/cut.h"
#include "forest/ranks.h"

#include <stdint.h>

/* The rows of a node, and where those of the right side wait meanwhile; borrowed. */
struct parting {
    uint32_t *rows, *spare_rows;
    uint16_t *codes, *spare_codes; /* of the rows; NULL: there are none */
    uint32_t count;
};

/* The rows between whose values a split goes. */
struct neighbours {
    uint32_t below, above;
};

struct row_kernels {
    tally_codes *tally;

    /*
     * Moves the rows of the cut's left side, and their codes, to the front, both sides in order;
     * returns how many. Finds the cut's neighbours on the way.
     */
    uint32_t (*part)(const struct parting *parting, const struct ranking *ranking,
                     const struct cut *cut, struct neighbours *neighbours);

    ranks_renumber *renumber;
};

/* The portable ones, which are the definition. */
tally_codes rows_tally;
uint32_t rows_part(const struct parting *parting, const struct ranking *ranking,
                   const struct cut *cut, struct neighbours *neighbours);

/* With an instruction that counts bits. */
ranks_renumber rows_renumber_avx2;

extern const struct row_kernels row_kernels_portable, row_kernels_avx2, row_kernels_avx512;

/* Those of a level; the machine must have it. */
const struct row_kernels *row_kernels_of(enum cpu_level level);

#endif
