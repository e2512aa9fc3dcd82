/*
 * abreast: cuts that are drawn at random, of eight features side by side, for nodes of few rows.
 *
 * A column holds one value of every sample, and a small node finds few of its own in a line of
 * memory. A row of the matrix holds all values of a sample, next to each other. So a node of few
 * rows leaves the columns alone: of each row the eight values are put into one vector, and range,
 * left side and score of all eight features take as many operations as those of one.
 *
 * What it draws and finds is what extra.c does. It takes gini, and rows that have codes.
 */
#ifndef FOREST_ABREAST_H
#define FOREST_ABREAST_H

#include "forest/growth.h"
#include "forest/matrix.h"
#include "forest/search.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ABREAST = 8,           /* features */
    ABREAST_ROWS = 16384,  /* of a node at most */
    ABREAST_WEIGHT = 46340 /* of one at most: its square has 31 bits */
};

/* Between abreast.c and the kernels. What is not said to be owned is borrowed. */
struct abreast {
    uint64_t *paths; /* of the account */
    const struct kernels *kernels;
    const struct node *node;    /* that is searched */
    uint32_t features[ABREAST]; /* of the matrix; behind the last one it is repeated */
    float (*values)[ABREAST];   /* of each of the node's rows; owned */
    float lowest[ABREAST], highest[ABREAST];
    float threshold[ABREAST];
    uint32_t (*left)[ABREAST]; /* by class of the node: what it and those before it weigh on the
                                  left; owned */
    uint32_t left_rows[ABREAST];
    double score[ABREAST];
};

/* Whether nodes of few rows are for it: then views have values, if their rows have codes. */
bool abreast_fits(const struct matrix *matrix, const struct growth *growth);

/* NULL: no memory. */
struct abreast *abreast_new(const struct search_task *task);
void abreast_free(struct abreast *abreast); /* NULL does nothing */

/* Whether it takes the node, of a task that it fits: of one whose view has values. */
bool abreast_takes(const struct node *node);

/* Searches all features of the quest, as search->find does. */
void abreast_find(struct abreast *abreast, const struct quest *quest);

#endif
