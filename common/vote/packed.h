/*
 * packed: a forest as prediction walks it.
 *
 * A node takes 8 bytes, 8 nodes to a cache line. It holds its threshold as a key (packed_key),
 * its feature, and the place of its right child; the left child stands before that one. So a
 * step takes no branch:
 *
 *     place = right - (key of x[feature] <= threshold)
 *
 * A leaf leads back to itself: its key lies above that of every finite number and carries, in
 * its low bits, what the leaf stands for.
 *
 * A bit above the feature says on which side a missing value (NaN) belongs. Walks pass it over, but
 * of samples that miss some: these have a key for each side of a feature, and the bit chooses one.
 *
 * Feature, bit and place share 32 bits, so a tree with more nodes than places is laid out in parts:
 * a leaf of one may stand for the root of another. With 50 features a part has room for four
 * million nodes; the bound is the encoding's, not the trees'.
 */
#ifndef VOTE_PACKED_H
#define VOTE_PACKED_H

#include "base/tree.h"
#include "vote/opinion.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The keys of finite numbers begin with the first of these and end before the second, where
   leaves begin. */
#define PACKED_LOWEST 0x00800000u
#define PACKED_LEAF 0xff800000u

enum {
    PACKED_MAX_DIM = 1 << 16,
    PACKED_MAX_CLASSES = 1 << 22,
    PACKED_MAX_CODES = 1 << 23 /* what the low bits of a leaf's key can tell apart */
};

struct packed_node {
    uint32_t key;   /* of the threshold; from PACKED_LEAF on: a leaf */
    uint32_t where; /* the feature, above it whether a missing value goes left, and above that the
                       place of the right child */
};

/* How the trees of a forest are packed. */
struct packed_form {
    uint32_t dim;
    uint32_t class_count;
    unsigned feature_bits; /* the bits of `where` below the one for missing values */
    uint32_t part_nodes;   /* the most nodes of a part; tests lower it, to no less than 4 */
};

/* A range of `nodes`; places count from its first one, the root. */
struct packed_part {
    size_t first_node;
    size_t first_exit;
    uint32_t node_count;
};

/*
 * What a leaf of code class_count + i stands for, i counted from the part's first exit: `count`
 * shares from `first` on (a mixed leaf), or where `count` is 0 the root of part `first`.
 */
struct packed_exit {
    size_t first;
    uint32_t count;
};

/* The part of a leaf's training samples that is of one class, in (0, 1]. */
struct packed_share {
    double share;
    uint32_t class_number;
};

/* Owns its arrays; start from `{0}`, end with packed_tree_free. */
struct packed_tree {
    struct packed_node *nodes;
    size_t node_count, node_capacity;
    struct packed_part *parts; /* the first one has the tree's root */
    size_t part_count, part_capacity;
    struct packed_exit *exits;
    size_t exit_count, exit_capacity;
    struct packed_share *shares;
    size_t share_count, share_capacity;
    uint32_t steps; /* to the leaves of most training samples: one more than their median */
};

/* Owns its trees. Read by any number of threads once it is complete. */
struct packed_forest {
    struct packed_form form;
    struct packed_tree *trees;
    size_t tree_count, tree_capacity;
    struct opinion opinion; /* {0} at first; whoever sets it owns what it has */
};

/* An empty forest; dim in 1..PACKED_MAX_DIM, class_count in 1..PACKED_MAX_CLASSES. */
struct packed_forest packed_start(uint32_t dim, uint32_t class_count);

/* What packing works with, tree after tree. Start from `{0}`, end with packed_room_free. */
struct packed_room {
    struct packed_sketch *sketches; /* of each node */
    size_t sketch_capacity;
    uint32_t *roots; /* a stack of subtrees */
    size_t root_capacity;
    struct packed_placed *waiting; /* a stack of splits */
    size_t waiting_capacity;
    uint64_t *going_on; /* by depth: the training samples that are in a split there */
    size_t depth_capacity;
    uint32_t *pairs; /* by both leaves' classes: the right one's place; 0: not laid out yet */
    size_t pair_capacity;
    struct packed_deferred *deferred; /* a queue of subtrees */
    size_t deferred_capacity;
};

void packed_room_free(struct packed_room *room);

/*
 * Packs a tree whose features are below dim and whose classes are below class_count. On false
 * memory is out. Trees of one form may be packed by several threads, each with its own room.
 */
bool packed_tree_make(struct packed_tree *packed, const struct packed_form *form,
                      const struct tree *tree, struct packed_room *room);

void packed_tree_free(struct packed_tree *packed);

/* Appends the packed tree and leaves `{0}` in its place. False when memory is out. */
bool packed_append(struct packed_forest *forest, struct packed_tree *packed);

void packed_free(struct packed_forest *forest);

/*
 * Unsigned numbers in the order of the floats: for finite x and y, x < y where
 * packed_key(x) < packed_key(y), and both zeros have one key.
 */
static inline uint32_t packed_key(float x)
{
    float positive_zero = x + 0.0f;
    uint32_t bits;
    memcpy(&bits, &positive_zero, sizeof bits);
    return bits ^ (bits >> 31 ? UINT32_MAX : UINT32_C(1) << 31);
}

#endif
