/* Parting rows without a branch, which could be foreseen no better than a coin. */
#include "forest/rows.h"

#include <stdbool.h>

/* Where the ranks of a cut's feature are: in its column, or in the rows of a view. */
struct ranked {
    const struct rank_column *column; /* NULL: by row */
    bool wide;                        /* the column */
    const struct view *view;          /* whose ranks are by row */
};

static inline uint32_t ranked_of(const struct ranked *ranked, const struct cut *cut, uint32_t row)
{
    return ranked->column ? rank_of(ranked->column->rank, ranked->wide, row)
                          : view_ranks_of_row(ranked->view, row)[cut->feature];
}

/* A loop for each case, where the case is known to the compiler. */
static inline __attribute__((always_inline)) uint32_t part_ranked(const struct parting *parting,
                                                                  struct ranked ranked, bool coded,
                                                                  bool missing_left,
                                                                  const struct cut *cut,
                                                                  struct neighbours *neighbours)
{
    const struct parting p = *parting;
    const uint32_t present = missing_left ? ranked.column->present : 0;
    const struct cut at = *cut;
    struct parted parted = {0};
    for (uint32_t i = 0; i < p.count; i++) {
        const uint32_t rank = ranked_of(&ranked, &at, p.rows[i]);
        const bool goes_left = rank <= at.below || (missing_left && rank >= present);
        rows_part_one(&p, i, rank, goes_left, coded, &at, &parted);
    }
    return rows_part_end(&p, coded, &parted, neighbours);
}

static uint32_t part_missing_left(const struct parting *parting, const struct rank_column *column,
                                  const struct cut *cut, struct neighbours *neighbours)
{
    const struct ranked ranked = {column, column->wide, NULL};
    return parting->codes ? part_ranked(parting, ranked, true, true, cut, neighbours)
                          : part_ranked(parting, ranked, false, true, cut, neighbours);
}

uint32_t rows_part(const struct parting *parting, const struct rank_column *column,
                   const struct cut *cut, struct neighbours *neighbours)
{
    const struct ranked wide = {column, true, NULL}, narrow = {column, false, NULL};
    if (cut->missing_left)
        return part_missing_left(parting, column, cut, neighbours);
    if (!parting->codes)
        return column->wide ? part_ranked(parting, wide, false, false, cut, neighbours)
                            : part_ranked(parting, narrow, false, false, cut, neighbours);
    return column->wide ? part_ranked(parting, wide, true, false, cut, neighbours)
                        : part_ranked(parting, narrow, true, false, cut, neighbours);
}

uint32_t rows_part_by_value(const struct parting *parting, const struct view *view,
                            const struct cut *cut)
{
    const struct parting p = *parting;
    struct parted parted = {0};
    struct neighbours unused;
    for (uint32_t i = 0; i < p.count; i++)
        rows_part_move(&p, i, view_values(view, p.rows[i])[cut->feature] <= cut->threshold, true,
                       &parted);
    return rows_part_end(&p, true, &parted, &unused);
}

uint32_t rows_part_by_row(const struct parting *parting, const struct view *view,
                          const struct cut *cut, struct neighbours *neighbours)
{
    return part_ranked(parting, (struct ranked){.view = view}, true, false, cut, neighbours);
}
