/*
 * skim: the scan of a node that puts only those rows in order that may be at a better cut
 * (stretch_lanes.h). For instruction sets that have no way of their own to scan few classes.
 *
 * The codes of a run's rows are closed up as those of all rows would be, and the sums that
 * scan_light.h keeps begin with what is on the left of the run.
 */
#ifndef FOREST_SCAN_SKIM_H
#define FOREST_SCAN_SKIM_H

#include "base/unroll.h"
#include "forest/scan_lanes.h"
#include "forest/stretch_lanes.h"

/* Lists the places of a run's rows, on which nothing branches; returns how many there are. */
static inline uint32_t skim_list(const struct scan_node *node, const struct stretch_run *run,
                                 uint32_t *list)
{
    const uint32_t count = node->count;
    const uint8_t first = (uint8_t)run->first, width = (uint8_t)(run->last - run->first);
    const uint8_t *number = node->number;
    uint32_t listed = 0;
    UNROLL(4)
    for (uint32_t i = 0; i < count; i++) {
        list[listed] = i;
        listed += (uint8_t)(number[i] - first) <= width;
    }
    return listed;
}

static inline __attribute__((always_inline)) void skim_scatter(const struct scan_node *node,
                                                               const void *ranks, bool wide,
                                                               const uint32_t *list, uint32_t count)
{
    const uint32_t *rows = node->rows;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t rank = rank_of(ranks, wide, rows[list[i]]);
        node->slots[rank] = node->codes[list[i]];
        node->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

/* Leaves the codes of a run's rows in node->sorted, in order; returns how many there are. */
static inline uint32_t skim_order(const struct scan_node *node, const struct rank_column *column,
                                  const struct stretch_run *run)
{
    const size_t word = run_word(run), end = run_end(node, run);
    uint32_t *list = node->marks->rank; /* nothing is placed by marks here: it has the room */
    const uint32_t listed = skim_list(node, run, list);
    memset(node->taken + word, 0, (end - word) * sizeof *node->taken);
    if (column->wide)
        skim_scatter(node, column->rank, true, list, listed);
    else
        skim_scatter(node, column->rank, false, list, listed);
    return order_close_words(node, word, end);
}

static void skim_run(const struct scan_node *node, const struct rank_column *column,
                     const struct stretches *stretches, const struct stretch_run *run,
                     struct found *found)
{
    const double score = found->score;
    struct light_state state = light_begin(node);
    uint32_t before = 0;
    for (uint32_t i = 0; i < node->class_count; i++) {
        const uint32_t sum = stretches->sums[i][run->first];
        light_put(node, &state, scan_class(node, i), sum % STRETCH_ROW);
        before += sum / STRETCH_ROW;
    }
    const uint32_t count = skim_order(node, column, run);
    /* Too few rows on the left of any cut here: rows that fill the last block must not make one. */
    if (before + count < node->least)
        return;
    light_scan(node, &state, before, count, found);
    if (found->score > score)
        run_neighbours(node, run, before, count, found);
}

/* As scan_feature. */
static bool skim_feature(struct scan_node *node, const struct rank_column *column,
                         struct found *found)
{
    if (!stretch_takes(node, column))
        return scan_feature(node, column, found);
    stretches_scan(node, column, skim_run, found);
    return true;
}

#endif
