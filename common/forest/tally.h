/*
 * tally: how often each class is in a node, repeats counted.
 */
#ifndef FOREST_TALLY_H
#define FOREST_TALLY_H

#include "forest/account.h"
#include "forest/kernels.h"
#include "forest/node.h"

#include <stdbool.h>
#include <stdint.h>

/* Owns its arrays, borrows the rest. Start from tally_begin, end with tally_free. */
struct tally {
    const struct kernels *kernels;
    struct grow_account *account;
    uint32_t classes;
    uint32_t *total;   /* by class; 0 for absent ones */
    uint32_t *present; /* the classes that are there, in any order */
    uint32_t present_count;
    uint32_t weight; /* the sum of the totals */
    uint32_t *odd;   /* scratch: of rows at odd places, whose sums wait for no others' */
};

bool tally_begin(struct tally *tally, uint32_t classes, const struct kernels *kernels,
                 struct grow_account *account);
void tally_free(struct tally *tally);

/* Counts the rows of a node instead of those before. */
void tally_count(struct tally *tally, const struct node *node);

#endif
