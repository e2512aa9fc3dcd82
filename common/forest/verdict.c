/* The classes of the left side are counted, those of the right one are what is left of the node. */
#include "forest/verdict.h"

#include "forest/purity.h"
#include "forest/tally.h"

#include <float.h>
#include <stdlib.h>

bool verdict_begin(struct verdict *verdict, const struct growth *growth, uint32_t classes)
{
    *verdict = (struct verdict){
        .wanted = verdict_wanted(growth),
    };
    if (!verdict->wanted)
        return true;
    verdict->left = calloc(classes, sizeof *verdict->left);
    verdict->right = calloc(classes, sizeof *verdict->right);
    verdict->whole = calloc(classes, sizeof *verdict->whole);
    return verdict->left && verdict->right && verdict->whole;
}

void verdict_free(struct verdict *verdict)
{
    free(verdict->left);
    free(verdict->right);
    free(verdict->whole);
    *verdict = (struct verdict){0};
}

/* Whether a row is on the left of the cut. */
static inline bool goes_left(const struct node *node, const struct rank_column *column,
                             const struct cut *cut, uint32_t row)
{
    if (cut->by_row)
        return view_ranks_of_row(node->view, row)[cut->feature] <= cut->below;
    const uint32_t rank = column_rank(column, row);
    return rank < column->present ? rank <= cut->below : cut->missing_left;
}

static void count_sides(struct verdict *verdict, const struct node *node, const struct cut *cut)
{
    const struct tally *tally = node->tally;
    const struct rank_column column = ranks_column(node->view->ranks, cut->feature);
    for (uint32_t c = 0; c < tally->classes; c++) {
        verdict->left[c] = 0;
        verdict->whole[c] = verdict->right[c] = tally->total[c];
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t row = node->rows[i], class = node->view->class_of[row];
        if (!goes_left(node, &column, cut, row))
            continue;
        verdict->left[class] += node->view->weight[row];
        verdict->right[class] -= node->view->weight[row];
    }
}

/* How much purer the sides are than the node: impurities times weights. */
static double decrease(const struct verdict *verdict, const struct node *node)
{
    const enum criterion criterion = node->growth->criterion;
    const uint32_t classes = node->tally->classes;
    return purity_weighed(criterion, verdict->whole, classes) -
           purity_weighed(criterion, verdict->left, classes) -
           purity_weighed(criterion, verdict->right, classes);
}

static double sum_of(const double *counts, uint32_t classes)
{
    double sum = 0;
    for (uint32_t c = 0; c < classes; c++)
        sum += counts[c];
    return sum;
}

bool verdict_on(struct verdict *verdict, const struct node *node, const struct cut *cut)
{
    const uint32_t classes = node->tally->classes;
    count_sides(verdict, node, cut);
    verdict->gain = decrease(verdict, node) / verdict->bag_weight;
    const struct cut_sides sides = {sum_of(verdict->left, classes), sum_of(verdict->right, classes),
                                    verdict->left[0], verdict->right[0]};
    limits_below(node->limits, cut->feature, &sides, verdict->bounds);
    /* scikit-learn lets a decrease pass that rounding may have brought below what is asked for. */
    return verdict->gain + DBL_EPSILON >= node->growth->min_decrease;
}
