/*
 * subset: the rows of a node as a view of their own.
 *
 * Far down in a tree of many samples a node's ranks are few and far between, in columns that no
 * cache holds. Ranked anew among themselves, its rows take as little room as their number asks
 * for, and everything below the node is grown from that.
 */
#ifndef FOREST_SUBSET_H
#define FOREST_SUBSET_H

#include "forest/node.h"

/* Owns its memory, which is reused from one subset to the next; start from `{0}`. */
struct subset {
    struct view view;
    struct ranks ranks;
    uint32_t *class_of, *weight, *matrix_row;
    uint32_t *rows;  /* all of them, and */
    uint16_t *codes; /* their codes, for the nodes to part */
    struct ranks_scratch scratch;
    uint32_t capacity; /* rows of the view that it may be taken from */
};

/* Whether column a node's rows anew costs less than it saves. */
bool subset_pays(const struct view *view, const struct growth *growth, uint32_t count);

/*
 * Makes `subset->view` of the rows, which get the numbers 0 .. count - 1. Their codes may be
 * NULL. False: no memory.
 */
bool subset_make(struct subset *subset, const struct view *from, const uint32_t *rows,
                 const uint16_t *codes, uint32_t count, ranks_renumber *renumber);

void subset_free(struct subset *subset);

#endif
