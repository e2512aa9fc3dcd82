/*
 * count: the search for a gini cut of nodes of few rows, several features at once.
 *
 * What it finds, and what it leaves to the plain search, is as narrow.c has it.
 */
#ifndef FOREST_COUNT_H
#define FOREST_COUNT_H

#include "forest/search.h"

struct count;

/* For nodes of the task, which it borrows. NULL: no memory. */
struct count *count_new(const struct search_task *task);
void count_free(struct count *count);

/* Whether the node, which has codes, is one that is counted. */
bool count_takes(const struct node *node);

/* Whether it reads the ranks by row of the node, which it takes. */
static inline bool count_by_row(const struct node *node)
{
    return node->view->whole;
}

/* As search->find has it, of a node that it takes. */
void count_find(struct count *count, const struct quest *quest, struct leftover *left);

#endif
