/*
 * subset: the rows of a node as a view of their own.
 *
 * Far down in a tree of many samples a node's ranks are few and far between, in columns that no
 * cache holds. Ranked anew among themselves, its rows take as little room as their number asks
 * for, and everything below the node is grown from that. A feature is ranked when a node first
 * looks at it: below many a node no one looks at most of them.
 *
 * Where nodes of few rows look at values (abreast.h) these are what lies next to each other.
 */
#ifndef FOREST_SUBSET_H
#define FOREST_SUBSET_H

#include "forest/node.h"

/* Owns its memory, which is reused from one subset to the next; start from `{0}`. */
struct subset {
    struct view view;
    struct ranks ranks;
    uint32_t *class_of, *weight, *matrix_row, *whole_row;
    uint32_t *rows;  /* all of them, and */
    uint16_t *codes; /* their codes, for the nodes to part */
    bool *ranked;    /* by feature */
    float *x;        /* their values, where the view has them */
    const struct view *from;
    const uint32_t *from_rows; /* of `from`; borrowed */
    ranks_renumber *renumber;
    struct ranks_scratch scratch;
    uint32_t capacity; /* rows of the view that it may be taken from, */
    uint32_t room;     /* and that it may have */
};

/* Whether column a node's rows anew costs less than it saves. */
bool subset_pays(const struct view *view, const struct growth *growth, uint32_t count);

/*
 * Makes `subset->view` of the rows, which get the numbers 0 .. count - 1, and are borrowed as
 * `from` is. Their codes may be NULL. False: no memory.
 */
bool subset_make(struct subset *subset, const struct view *from, const uint32_t *rows,
                 const uint16_t *codes, uint32_t count, ranks_renumber *renumber);

/* Ranks those of the features that were not yet asked for. */
void subset_rank(struct subset *subset, const uint32_t *features, uint32_t count);

void subset_free(struct subset *subset);

#endif
