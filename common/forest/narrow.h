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
    COUNT_MOST = 96,     /* rows of a node up to which it is counted: then that is faster */
    COUNT_WEIGHT = 255,  /* of such a node at most */
    COUNT_FEATURES = 8,  /* at once */
    COUNT_SIGN = 0x8000, /* bits of ranks that are turned: with a sign they compare at once */
    LANES_MOST = 64,     /* bytes of the widest vector */
    FEW_CLASSES = 16,
    FEW_WEIGHT = INT16_MAX,
    LIGHT_WEIGHT = 1 << 17, /* of a node up to which it is scanned by packed sums */
    SCAN_COPIED = 1024      /* rows of a node up to which ranks are read row by row: of more there
                               are several in each line of memory of a column */
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
    uint32_t begin; /* of its rows; they end where those of the one before begin */
    uint32_t total; /* its weight, twice, see below */
};

/*
 * Rows are in any order, but for classes: those that are alone in theirs come first, then, from the
 * end on, class by class, the others.
 *
 * Numbers that meet vectors stand twice in their 32 bits: n << 16 | n.
 */
struct count_node {
    uint32_t count;
    uint32_t least;   /* rows that each side needs */
    uint32_t weight;  /* of all rows, twice; at most COUNT_WEIGHT */
    uint32_t squares; /* the sum of its square over the classes, twice */
    uint32_t singles;
    uint32_t group_count;
    struct group groups[COUNT_MOST / 2];
    uint32_t rows[COUNT_MOST];
    uint32_t weights[COUNT_MOST]; /* twice */
    uint32_t lanes;               /* for each row's features: the power of two that they fit */
    /*
     * By row and lane, turned by COUNT_SIGN. Lanes without a feature and, up to LANES_MOST bytes
     * behind the last row's, without a row, have the highest rank: nothing is on the right of cuts
     * above it.
     */
    uint16_t ranks[COUNT_MOST * COUNT_FEATURES + LANES_MOST / sizeof(uint16_t)]
        __attribute__((aligned(LANES_MOST)));
};

/* What the scan knows of a class on the left side: the sum of two, see scan_lanes.h. */
struct class_sums {
    uint64_t even, odd;
};

/* What stretches (stretch_lanes.h) need of a node from its first feature on; all 0 before. By
   class: */
struct stretch_shares {
    float share[FEW_CLASSES]; /* of the node's weight */
    float reach[FEW_CLASSES]; /* of the class or of all others, whichever is more */
    uint32_t shift;           /* 2^shift ranks are looked at together */
    bool known;
};

struct scan_node {
    struct whole whole;
    const uint32_t *rows;
    uint32_t count;
    uint32_t least;              /* rows that each side needs */
    const uint16_t *codes;       /* of the rows */
    const uint32_t *total;       /* by class, as codes have it: its weight */
    struct class_sums *by_class; /* likewise; scratch */
    const uint32_t *classes;     /* that are there, and */
    const uint32_t *end;         /* of each, the place behind its last row */
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
    /* What kernels say of a feature; the caller's to clear before: */
    bool ran;    /* its sums were those of the few kernel */
    bool passed; /* some of its stretches were passed by */
    /* Of nodes of a weight up to FEW_WEIGHT, by place: */
    uint32_t *adds;  /* what a row adds to the sums of stretches */
    uint8_t *number; /* in which stretch it is; may be read up to LANES_MOST bytes beyond */
    struct stretch_shares shares;
};

/* The class in its codes of number `index` of those that are there. */
static inline uint32_t scan_class(const struct scan_node *node, uint32_t index)
{
    return node->few ? index : node->classes[index];
}

/* The weight of that class. */
static inline uint32_t scan_total(const struct scan_node *node, uint32_t index)
{
    return node->total[scan_class(node, index)];
}

#endif
