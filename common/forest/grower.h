/*
 * grower: what growing depth first and best first have in common.
 *
 * Internal to the folder; grow.h is the door.
 */
#ifndef FOREST_GROWER_H
#define FOREST_GROWER_H

#include "forest/cut.h"
#include "forest/draw.h"
#include "forest/grow.h"
#include "forest/kernels.h"
#include "forest/prune.h"
#include "forest/rows.h"
#include "forest/search.h"
#include "forest/subset.h"
#include "forest/tally.h"
#include "forest/verdict.h"

/* The rows of a view that nodes part, in place: a node's are next to each other, and so are their
   codes. */
struct members {
    const struct view *view;
    uint32_t *rows;
    uint16_t *codes; /* NULL: they do not fit */
};

/* A node that waits to be grown: rows[begin .. end) of its members. */
struct pending {
    uint32_t begin, end;
    uint32_t depth;
    uint32_t constants; /* features known to be constant, at the front of the draw */
    struct bounds bounds;
};

/* A split whose threshold is for later. */
struct split {
    struct neighbours rows; /* of the matrix */
    float threshold;        /* of the cut */
    bool missing_left;      /* where missing values go */
};

/* Each subset is taken from a view of at least four times its rows, which has 2048 or more; or
   eight of them from what is four times as many each, and then three whose values are copied. */
enum { MOST_SUBSETS = 11 };

struct grower {
    const struct matrix *matrix;
    const struct ranks *ranks;
    const struct growth *growth;
    const struct kernels *kernels;
    struct grow_account account; /* of the tree at hand */
    struct cutter *cutter;
    struct random random;
    struct draw draw;
    struct tally tally;
    struct limits limits;   /* of the node at hand, where any are wanted */
    struct verdict verdict; /* on the cut at hand, where one is wanted */
    uint32_t *weight;       /* by row of the matrix: how often the bag holds it */
    uint32_t *row_weight;   /* by row of the ranks: likewise */
    uint32_t *row_class;    /* by row of the ranks */
    double *share;          /* by class; scratch */
    struct view bag;        /* all of it */
    uint32_t *rows;         /* of the bag */
    uint16_t *codes;
    struct subset subsets[MOST_SUBSETS];
    unsigned subset_count; /* in use */
    uint32_t *spare_rows;
    uint16_t *spare_codes;
    struct split *splits; /* in node order */
    size_t split_capacity;
    struct pending *pending; /* the next one last */
    size_t pending_count, pending_capacity;
    struct prune prune;
    struct tree *tree;
};

/*
 * Counts the classes of a node and looks for its cut. False: it is a leaf. What is known of its
 * sides then stands in the verdict, where that is wanted.
 */
bool grower_look(struct grower *grower, const struct members *members, struct pending *pending,
                 struct cut *cut);

/* Parts the rows of a node at its cut; `sides` become its left and its right one, with these
   bounds. */
struct split grower_part(struct grower *grower, const struct members *members,
                         const struct pending *node, const struct cut *cut,
                         const struct bounds bounds[2], struct pending sides[2]);

/* The node as searches and counts take it. */
struct node grower_node(const struct grower *grower, const struct members *members,
                        const struct pending *pending);

/* Append a node to the tree: a leaf of the classes that were counted last, with the first one's
   share within bounds, or a split. False when memory is out. */
bool grower_add_leaf(struct grower *grower, const struct bounds *bounds);
bool grower_add_split(struct grower *grower, uint32_t feature, struct split split);

/* Grows a whole tree from the members that the root has, best first (best_first.c). False when
   memory is out. */
bool grow_best_first(struct grower *grower, const struct members *members, struct pending root);

#endif
