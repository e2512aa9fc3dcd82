/*
 * avx512: what the files of that instruction set offer to its table, and to each other.
 */
#ifndef FOREST_AVX512_H
#define FOREST_AVX512_H

#include "forest/kernels.h"

/* As struct kernels has them. */
bool few_avx512(struct scan_node *node, const struct rank_column *column,
                const struct rank_column *next, struct found *found);
rows_parter part_avx512;
void gather_avx512(const uint32_t *column, const uint32_t *rows, uint32_t count, uint32_t *keys,
                   uint32_t *lowest, uint32_t *highest);
uint32_t keep_left_avx512(const uint32_t *keys, const uint16_t *codes, uint32_t count,
                          uint32_t limit, uint16_t *to);

/* Scans codes that are in node->sorted already; `below` of what is found is the cut's number. */
void scan_sorted_avx512(const struct scan_node *node, struct found *found);

#endif
