/*
 * search: the ways to find a cut, a file and a place in SEARCHES each.
 *
 * The plain search takes everything, and is the definition: what another one finds on the nodes
 * that it takes must be the same cut, to the bit. A search may leave features to the plain one,
 * each time it is asked. Where cuts are drawn at random it is the extra one that takes everything.
 */
#ifndef FOREST_SEARCH_H
#define FOREST_SEARCH_H

#include "forest/account.h"
#include "forest/cut.h"
#include "forest/kernels.h"
#include "forest/node.h"

#include <stdbool.h>
#include <stdint.h>

struct random;

/* What the nodes that are to be searched have in common. Borrows everything. */
struct search_task {
    const struct matrix *matrix; /* no view has more rows or other features and classes */
    const struct growth *growth;
    const struct kernels *kernels;
    struct grow_account *account; /* of the paths taken */
};

/* What is asked of a search at one node. */
struct quest {
    const struct node *node;
    const uint32_t *features; /* distinct, in the order in which the first of equals wins */
    uint32_t count;           /* of the features */
    bool *varies;             /* out, by place in `features`: by more than a cut needs */
    struct cut *best;         /* in and out: replaced by what is better */
    struct random *random;    /* the tree's, for a search that draws; NULL where none does */
};

/* Features that a search leaves to the plain one. */
struct leftover {
    uint32_t *places; /* in the quest, ascending */
    uint32_t count;
};

struct search {
    /* Whether it is any good at nodes of the task. NULL: of any. */
    bool (*takes)(const struct search_task *task);

    /* Its memory; NULL: there is none. */
    void *(*begin)(const struct search_task *task);
    void (*end)(void *memory); /* NULL does nothing */

    /* Whether it reads no ranks of the node's view for the quest. NULL: it always does. */
    bool (*by_value)(const struct quest *quest, const void *memory);

    /* Searches the features but those that it adds to `left`, which is empty and has room. */
    void (*find)(void *memory, const struct quest *quest, struct leftover *left);
};

/* All of them: the first that takes a task is chosen. The last is the plain one, and takes any. */
#define SEARCHES(each) each(search_extra) each(search_narrow) each(search_wide) each(search_plain)

#define SEARCH_DECLARED(name) extern const struct search name;
SEARCHES(SEARCH_DECLARED)

#endif
