/*
 * node: what is known of a node that is to be split; and the codes of its rows.
 *
 * A code holds what scoring needs of a row in 16 bits: its class and its weight. The kernels work
 * on nothing else. Bags of more than 4,096 classes, that hold a row more than 15 times, or of more
 * samples than squares of sums are exact for, have no codes, and are searched as it is defined.
 */
#ifndef FOREST_NODE_H
#define FOREST_NODE_H

#include "forest/bag.h"
#include "forest/growth.h"
#include "forest/limits.h"
#include "forest/view.h"

#include <stdint.h>

struct tally;

/* Borrows everything. */
struct node {
    const struct view *view;
    const struct growth *growth;
    const struct tally *tally;
    const uint32_t *rows;  /* ascending */
    const uint16_t *codes; /* of these rows, ascending by class (code_of); NULL: they do not fit */
    uint32_t count;
    const struct limits *limits; /* set where limits_wanted says so */
};

enum {
    CODE_WEIGHT_BITS = 4,
    CODE_MAX_WEIGHT = (1 << CODE_WEIGHT_BITS) - 1,
    CODE_MAX_CLASSES = 1 << (16 - CODE_WEIGHT_BITS)
};

/* More than this and sums of squares would not be exact in double. */
#define CODE_MAX_TOTAL (UINT32_C(1) << 26)

/* Whether what a code holds is all that the search for a cut needs to know of a row. */
static inline bool codes_tell_all(const struct matrix *matrix, const struct growth *growth)
{
    return growth->criterion == CRITERION_GINI && matrix->classes <= CODE_MAX_CLASSES &&
           !bag_weighs(growth) && !limits_wanted(growth) && !matrix->missing;
}

/* A row's class, and below it its weight, which is never 0. */
static inline uint16_t code_of(uint32_t class, uint32_t weight)
{
    return (uint16_t)(class << CODE_WEIGHT_BITS | weight);
}

static inline uint32_t code_class(uint16_t code)
{
    return code >> CODE_WEIGHT_BITS;
}

static inline uint32_t code_weight(uint16_t code)
{
    return code & CODE_MAX_WEIGHT;
}

#endif
