/*
 * narrow: a node as the kernels take it: rows of up to 4,096 classes that the bag repeats at most
 * 15 times, gini.
 *
 * Between narrow.c, which fills it in, and the kernels.
 */
#ifndef FOREST_NARROW_H
#define FOREST_NARROW_H

#include "forest/node.h"
#include "forest/ranks.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    COUNT_MOST = 96,    /* rows of a node up to which it is counted: then that is faster */
    COUNT_FEATURES = 8, /* at once */
    LANES_MOST = 64,    /* bytes of the widest vector */
    FEW_CLASSES = 16,
    FEW_WEIGHT = INT16_MAX,
    LIGHT_WEIGHT = 1 << 17 /* of a node up to which it is scanned by packed sums */
};

/* The best cut of a feature: the first with the highest score. */
struct found {
    double score;
    uint32_t below, above; /* ranks of the neighbours that it parts */
};

/* What scores need to know of a node. */
struct whole {
    double weight;  /* of all rows */
    double squares; /* the sum of its square over the classes */
};

/* The rows of a class, next to each other. */
struct group {
    uint32_t end;   /* of its rows; they begin where the last one's end */
    uint32_t total; /* its weight */
};

struct count_node {
    struct whole whole;
    uint32_t count;
    uint32_t group_count;
    struct group groups[COUNT_MOST];
    uint32_t rows[COUNT_MOST]; /* class by class */
    /* Numbers that meet vectors stand twice in their 32 bits: n << 16 | n. Ranks are turned by
       kernels->count_sign. */
    uint32_t weights[COUNT_MOST];
    uint32_t twice[COUNT_FEATURES][COUNT_MOST]; /* ranks by row */
    /*
     * Ranks by lane, see count_lane. Lanes without a row hold any rank: the cut above it is also
     * that above the node's next lower rank, which is preferred.
     */
    uint16_t ranks[COUNT_FEATURES][COUNT_MOST] __attribute__((aligned(LANES_MOST)));
};

/*
 * The lane of a row. Widening takes the lanes at even places first, then those at odd ones, and
 * that twice on the way from 16 bits to 64. Rows are laid into lanes so that they come out in
 * order: the first quarter of them into the lanes that come out first. Where a node has no more
 * rows, the other quarters are left out. With `lanes` 1, each row has its own lane.
 */
static inline uint32_t count_lane(uint32_t row, uint32_t lanes)
{
    static const unsigned char first[4] = {0, 2, 1, 3};
    if (lanes == 1)
        return row;
    uint32_t place = row % lanes, quarter = lanes / 4;
    return row - place + 4 * (place % quarter) + first[place / quarter];
}

/* What the scan knows of a class on the left side: the sum of two, see scan_lanes.h. */
struct class_sums {
    uint64_t even, odd;
};

struct scan_node {
    struct whole whole;
    const uint32_t *rows;
    uint32_t count;
    uint32_t least;              /* rows that each side needs */
    const uint16_t *codes;       /* of the rows */
    const uint32_t *total;       /* by class, as codes have it: its weight */
    struct class_sums *by_class; /* likewise; scratch */
    const uint32_t *classes;     /* that are there */
    uint32_t class_count;
    /* Memory for a view's ranks: */
    uint16_t *slots;  /* by rank */
    uint64_t *taken;  /* bitmap of ranks, that of `marks` */
    uint16_t *sorted; /* codes in order; with room for LANES_MOST more */
    uint32_t ranks;   /* of the view */
    bool sparse;      /* the rows are few among these: marks of their ranks put them in order */
    struct ranks_scratch *marks;       /* of this feature, and */
    struct ranks_scratch *marks_ahead; /* of the next */
    const struct rank_column *after;   /* the feature after the next, to be asked for; or NULL */
    /* Where there are FEW_CLASSES or fewer; else `few` is NULL: */
    const uint8_t *few;  /* codes of the rows, with the class's place in `classes` for it */
    uint8_t *few_sorted; /* in order */
    uint8_t *few_slots;  /* by rank; all 0 between calls, unless `scattered` */
    bool scattered;      /* they hold the codes for the next feature */
    bool ran;            /* what the few kernel says of the last feature: its sums were its own */
};

/* The class in its codes of number `index` of those that are there. */
static inline uint32_t scan_class(const struct scan_node *node, uint32_t index)
{
    return node->few ? index : node->classes[index];
}

#endif
