/*
 * sort: the values of a feature, with the row of each.
 *
 * Internal to the folder.
 */
#ifndef FOREST_SORT_H
#define FOREST_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Sorts items: a value's bits, made to ascend as unsigned numbers do (ranks_bits), above the number
 * of its row. Those that come are in the order of their rows. `spare` is as large. Returns where
 * they ended up, which is one of the two; `apart` becomes whether the values lay so far apart that
 * fewer digits did.
 */
uint64_t *sort_items(uint64_t *items, uint64_t *spare, size_t count, bool *apart);

#endif
