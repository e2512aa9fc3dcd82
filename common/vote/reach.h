/*
 * reach: which leaf of one tree each of some samples reaches.
 *
 * Where vote.h sends all samples of a tile through many packed trees, here each tree is asked of
 * samples of its own: those that are not in its bag. The tile stays in the cache while tree after
 * tree comes by, as a table of columns: values of one feature lie next to each other.
 *
 * A tree of many classes has long ways, of which most samples share the beginning. There a node is
 * looked at once, and its samples are parted by as many compares at a time as the machine has.
 * Where few are left, these walk on, sixteen side by side, so that each waits for its own values
 * while others go on.
 */
#ifndef VOTE_REACH_H
#define VOTE_REACH_H

#include "base/cpu.h"
#include "base/tree.h"
#include "vote/crowd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REACH_NODE_BYTES = 16 };

/* A tree whose leaves have codes. Owns its nodes, of REACH_NODE_BYTES each. */
struct reach_tree {
    struct reach_node *nodes;
    uint32_t node_count;
    uint32_t steps; /* that training samples need, on average */
    bool sided;
};

/*
 * Makes it of a tree and its leaves' codes, in node order, for tiles of columns that have `room`
 * samples. False when memory is out. Freed by reach_tree_free in any case.
 */
bool reach_tree_make(struct reach_tree *made, const struct tree *tree, const uint32_t *codes,
                     size_t room);
void reach_tree_free(struct reach_tree *tree);

/* A sample, and the code of its leaf. */
struct reach_place {
    uint32_t row, code;
};

/* Room for the work; owned. Started by reach_start, ended by reach_end. One thread uses it. */
struct reach {
    struct reach_place *arrived; /* the answer */
    size_t count;
    struct reach_place *walkers; /* on the way; the code is the node's number */
    size_t walker_count;
    uint64_t *crowds; /* one behind the other, the next one last */
    crowd_parter *part;
    size_t least;    /* samples that make a crowd */
    uint64_t parted; /* crowds so far */
};

/* For tiles of up to `room` samples, a multiple of CROWD_WORD. False when memory is out. */
bool reach_start(struct reach *reach, size_t room, enum cpu_level level);
void reach_end(struct reach *reach);

/*
 * Sends samples through a tree that was made for the room of their tile: sample r's value of
 * feature f is columns[f * room + r], and not infinite. It is asked of those whose bits are set in
 * the first `words` words of `asked`; what columns have beyond the last sample may be anything.
 * reach->arrived lists them, in no order that means anything. Of a tree that is not sided a missing
 * value goes right.
 */
void reach_find(struct reach *reach, const struct reach_tree *tree, const float *columns,
                const uint64_t *asked, size_t words);

#endif
