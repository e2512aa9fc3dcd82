/*
 * The search for a gini cut of rows that weigh anything, or some of whose values are missing, for
 * any classes.
 *
 * Codes have no room for weights, and the kernels that take them none for their sums; so rows are
 * moved to the left side one after another, as the plain search has it, but what is known of a row
 * is fetched once a node and not once a feature, and few cuts are scored (wide_lanes.h).
 *
 * No score is higher than the node's weight (impurity.h): where one is that high, the other
 * features are not looked at but for whether they vary.
 */
#include "forest/wide.h"

#include "base/memory.h"
#include "forest/bag.h"
#include "forest/search.h"
#include "forest/tally.h"

#include <stdlib.h>

struct wide {
    const struct kernels *kernels;
    uint64_t *paths;       /* of the account */
    struct wide_row *rows; /* of the node */
    uint32_t *number_of;   /* by class: its number among those of the node, if it is there */
    struct wide_node node; /* and the memory of the kernels */
};

/* ---- memory ---- */

static bool wide_takes(const struct search_task *task)
{
    return task->growth->criterion == CRITERION_GINI &&
           (bag_weighs(task->growth) || task->matrix->missing) && !limits_wanted(task->growth);
}

static void wide_end(void *memory)
{
    struct wide *wide = memory;
    if (!wide)
        return;
    free(wide->rows);
    free(wide->number_of);
    free(wide->node.places);
    free(wide->node.absent);
    free(wide->node.taken);
    free(wide->node.rank);
    free(wide->node.left);
    free(wide->node.classes);
    free(wide);
}

static void *wide_begin(const struct search_task *task)
{
    const size_t rows = task->matrix->rows, classes = task->matrix->classes;
    const size_t most = rows < classes ? rows : classes; /* classes that are there */
    struct wide *wide = calloc(1, sizeof *wide);
    if (!wide)
        return NULL;
    struct wide_node *node = &wide->node;
    wide->kernels = task->kernels;
    wide->paths = task->account->paths;
    wide->rows = memory_array(rows, sizeof *wide->rows);
    node->absent = memory_array(rows, sizeof *node->absent);
    node->places = memory_array(rows, sizeof *node->places);
    node->taken = calloc(ranks_words((uint32_t)rows), sizeof *node->taken);
    node->rank = memory_array(rows + WIDE_BEYOND, sizeof *node->rank);
    node->left = calloc(most, sizeof *node->left);
    node->classes = aligned_alloc(sizeof *node->classes, most * sizeof *node->classes);
    wide->number_of = memory_array(classes, sizeof *wide->number_of);
    if (wide->rows && wide->number_of && node->places && node->absent && node->taken &&
        node->rank && node->left && node->classes)
        return wide;
    wide_end(wide);
    return NULL;
}

/* ---- the search ---- */

static void enter(struct wide *wide, const struct node *node)
{
    const struct tally *tally = node->tally;
    struct wide_node *to = &wide->node;
    to->node = node;
    to->class_count = tally->present_count;
    to->weight = tally->weight;
    to->rows = wide->rows;
    to->squares = 0;
    for (uint32_t i = 0; i < tally->present_count; i++) {
        const uint64_t total = tally->total[tally->present[i]];
        to->squares += total * total;
        to->classes[i] = (struct wide_class){.twice = 2 * total, .one = 1};
        wide->number_of[tally->present[i]] = i;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t row = node->rows[i];
        wide->rows[i] =
            (struct wide_row){wide->number_of[node->view->class_of[row]], node->view->weight[row]};
    }
}

static void wide_find(void *memory, const struct quest *quest, struct leftover *left)
{
    struct wide *wide = memory;
    (void)left;
    enter(wide, quest->node);
    for (uint32_t i = 0; i < quest->count; i++) {
        const struct rank_column column =
            ranks_column(quest->node->view->ranks, quest->features[i]);
        quest->varies[i] =
            wide->kernels->wide(&wide->node, &column, quest->features[i], quest->best);
        wide->paths[PATH_SETTLED] += quest->varies[i] && wide->node.settled;
    }
    wide->paths[PATH_WIDE] += quest->count;
}

const struct search search_wide = {wide_takes, wide_begin, wide_end, NULL, wide_find};
