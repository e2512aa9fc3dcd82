/*
 * kernels: the loops that an instruction set makes faster, in a table for each level.
 *
 * What they share is in vectors of whatever width the file that includes it sets (lanes.h,
 * count_lanes.h, scan_lanes.h, scan_light.h), or leaves these to the compiler (sort_lanes.h,
 * tight_lanes.h), compiled once for each level by kernels_portable.c and its twins. What only some
 * instruction sets can do stands in files ending in their names; few_lanes.h is what two of these
 * share, and stretch_lanes.h what one of them does with the portable ones. Each finds what the
 * definitions in C find (plain.c, rows.c), to the bit.
 *
 * Two ways to search features for a gini cut of rows that have codes, by the size of the node:
 *
 *   count   for each row, how many rows of each class are not above it, all against all in
 *           vectors, of several features at once: no order is needed, and nothing branches
 *   scan    codes of class and weight go to the slot of their rank and are closed up in order;
 *           where rows are few among the ranks, marks say where each belongs, or a sorting
 *           network does, if ranks were copied. One row after another moves to the left side;
 *           as `few` several rows at a time, or, where a bound tells the ranks of no better cut,
 *           those of the others only
 *
 * They take all ranks for parted: who calls them looks at what they found.
 */
#ifndef FOREST_KERNELS_H
#define FOREST_KERNELS_H

#include "base/cpu.h"
#include "forest/cut.h"
#include "forest/narrow.h"
#include "forest/ranks.h"
#include "forest/rows.h"
#include "forest/sort.h"
#include "forest/wide.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows for each 64 ranks below which closing these up costs more than placing the rows by marks. */
enum { SCAN_DENSE = 4 };

enum { GATHER_LEAST_ROWS = 8 };

struct abreast;

struct kernels {
    size_t counted_size; /* bytes of what `count` leaves for `pick` */

    /* Counts for the features whose ranks the node holds. */
    void (*count)(const struct count_node *node, void *counted);

    /*
     * Finds the best cut of those features that are `among` the bits, and which one has it, if its
     * score is higher than what `found` has. False: a bound of the scores said that none is.
     */
    bool (*pick)(const struct count_node *node, unsigned among, const void *counted,
                 struct found *found, unsigned *feature);

    /*
     * Finds the cut of one feature, if its score is higher than what `found` has; writes to the
     * node's scratch, and to node->passed and node->ran. False, with nothing done: the feature
     * does not vary by more than column->span.
     */
    bool (*scan)(struct scan_node *node, const struct rank_column *column, struct found *found);

    /*
     * The same of ranks that were copied: `column` has those of the node's rows alone, of which
     * there are up to SCAN_COPIED, in 16 bits. NULL: `scan` does as well.
     */
    bool (*copied)(struct scan_node *node, const struct rank_column *column, struct found *found);

    /*
     * The same for a node whose rows have few codes; `next` is the feature that is scanned after
     * this one, or NULL. NULL: `scan` does as well.
     */
    bool (*few)(struct scan_node *node, const struct rank_column *column,
                const struct rank_column *next, struct found *found);

    uint32_t few_dense; /* rows for each 64 ranks, below which `few` goes by marks */

    sorter *sort;
    tight_marker *mark_tight;
    ranks_renumber *renumber;

    /* As rows_part, of rows that have codes. NULL: rows_part does as well. */
    rows_parter *part;

    /*
     * Of rows that weigh anything: finds the cut of one feature, if its score is higher than that
     * of `best`. False: the feature does not vary by more than a cut needs.
     */
    bool (*wide)(struct wide_node *node, const struct rank_column *column, uint32_t feature,
                 struct cut *best);

    /*
     * For cuts that are drawn: the keys of these rows, which are some, and the lowest and the
     * highest of them; and the codes of those rows whose keys are not above `limit`, which it
     * counts. Both NULL: extra.c does as well.
     */
    void (*gather)(const uint32_t *column, const uint32_t *rows, uint32_t count, uint32_t *keys,
                   uint32_t *lowest, uint32_t *highest);
    uint32_t (*keep_left)(const uint32_t *keys, const uint16_t *codes, uint32_t count,
                          uint32_t limit, uint16_t *to);

    /* The same of eight features: values with their range, and scores, see abreast.h. */
    void (*abreast_gather)(struct abreast *abreast);
    void (*abreast_score)(struct abreast *abreast);
};

/* Those of a level; the machine must have it. */
const struct kernels *kernels_of(enum cpu_level level);

extern const struct kernels kernels_portable, kernels_avx2, kernels_avx512;

#endif
