/*
 * avx2: what the files of that instruction set offer to its table, and to each other.
 */
#ifndef FOREST_AVX2_H
#define FOREST_AVX2_H

#include "forest/kernels.h"

/* As struct kernels has it. */
bool few_avx2(struct scan_node *node, const struct rank_column *column,
              const struct rank_column *next, struct found *found);

/* Scans codes that are in node->sorted already; `below` of what is found is the cut's number. */
void scan_sorted_avx2(const struct scan_node *node, struct found *found);

/* As rows_part, of rows that have codes. */
rows_parter part_avx2;

/* For each byte the places of its bits, lowest first, in a byte each. */
extern const uint64_t places_avx2[256];

#endif
