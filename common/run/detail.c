/* A row at a time, tree after tree. */
#include "run/detail.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Units of contributions in 1. */
#define UNITS 0x1p50

enum { STEP_BYTES = 16 };

uint64_t detail_row_bytes(const struct detail *detail)
{
    const uint64_t trees = detail->routes->count;
    switch (detail->kind) {
    case DETAIL_LEAVES:
        return trees * sizeof(uint32_t);
    case DETAIL_PATHS:
        return trees * sizeof(uint32_t) + (detail->routes->depths + trees) * STEP_BYTES;
    case DETAIL_CONTRIBUTIONS:
        return (uint64_t)detail->classes * detail->dim * sizeof(double);
    default:
        return 0;
    }
}

/* What sums over the trees are divided by: their number, or more where they are not all that has a
   say. */
static double voices(const struct detail *detail)
{
    return (double)detail->routes->count / (1 - detail->opinion.share);
}

bool detail_begin(const struct detail *detail, struct detail_rows *rows, size_t count)
{
    const size_t trees = detail->routes->count;
    rows->rows = rows->steps = 0;
    if (detail->kind != DETAIL_CONTRIBUTIONS)
        return memory_reserve(detail->kind == DETAIL_LEAVES ? &rows->leaves : &rows->ends,
                              &rows->trees_capacity, count * trees, sizeof *rows->ends);
    if (!memory_reserve(&rows->bias, &rows->bias_capacity, detail->classes, sizeof *rows->bias) ||
        !memory_reserve(&rows->contributions, &rows->contributions_capacity,
                        count * detail->classes * detail->dim, sizeof *rows->contributions))
        return false;
    if (detail->opinion.share > 0 && !memory_reserve(&rows->evidence, &rows->evidence_capacity,
                                                     detail->classes, sizeof *rows->evidence))
        return false;
    for (uint32_t c = 0; c < detail->classes; c++) {
        const double bias =
            detail->routes->bias[c] / voices(detail) + detail->opinion.share / detail->classes;
        rows->bias[c] = rint(bias * UNITS) / UNITS;
    }
    return true;
}

/* ---- leaves and paths ---- */

static void add_leaves(const struct detail *detail, struct detail_rows *rows, const float *x)
{
    const struct routes *routes = detail->routes;
    uint32_t *leaves = rows->leaves + rows->rows * routes->count;
    for (size_t tree = 0; tree < routes->count; tree++)
        leaves[tree] = route_leaf(&routes->trees[tree], x);
}

static bool reserve_steps(struct detail_rows *rows, size_t more)
{
    const size_t steps = rows->steps + more;
    return memory_reserve(&rows->node, &rows->node_capacity, steps, sizeof *rows->node) &&
           memory_reserve(&rows->feature, &rows->feature_capacity, steps, sizeof *rows->feature) &&
           memory_reserve(&rows->value, &rows->value_capacity, steps, sizeof *rows->value) &&
           memory_reserve(&rows->threshold, &rows->threshold_capacity, steps,
                          sizeof *rows->threshold);
}

static void add_step(struct detail_rows *rows, const struct route *route, uint32_t node,
                     const float *x)
{
    const struct route_node *at = &route->nodes[node];
    const bool leaf = at->feature == TREE_NONE;
    rows->node[rows->steps] = node;
    rows->feature[rows->steps] = at->feature;
    rows->value[rows->steps] = leaf ? 0 : x[at->feature];
    rows->threshold[rows->steps++] = leaf ? 0 : at->threshold;
}

static bool add_paths(const struct detail *detail, struct detail_rows *rows, const float *x)
{
    const struct routes *routes = detail->routes;
    uint32_t *ends = rows->ends + rows->rows * routes->count;
    if (!reserve_steps(rows, routes->depths + routes->count))
        return false;
    for (size_t tree = 0; tree < routes->count; tree++) {
        const struct route *route = &routes->trees[tree];
        uint32_t node = 0;
        add_step(rows, route, node, x);
        while (route->nodes[node].feature != TREE_NONE) {
            node = route_next(route, node, x);
            add_step(rows, route, node, x);
        }
        ends[tree] = (uint32_t)rows->steps;
    }
    return true;
}

/* ---- contributions ---- */

/* The whole number of units nearest to a probability that rounds to the same float. */
static double units_of(double proba)
{
    const double nearest = rint(proba * UNITS);
    for (int off = -1; off <= 1; off++)
        if ((float)((nearest + off) / UNITS) == (float)proba)
            return (float)(nearest / UNITS) == (float)proba ? nearest : nearest + off;
    return nearest;
}

/* Makes a class's shares contributions. */
static void round_to_units(double *shares, uint32_t dim, double left)
{
    uint32_t largest = 0;
    for (uint32_t f = 0; f < dim; f++) {
        shares[f] = rint(shares[f] * UNITS);
        left -= shares[f];
        if (fabs(shares[f]) > fabs(shares[largest]))
            largest = f;
    }
    shares[largest] += left;
    for (uint32_t f = 0; f < dim; f++)
        shares[f] /= UNITS;
}

/* What evidence says of a class beyond what it says of any. */
static void add_opinion(const struct opinion *opinion, uint32_t class_number, double said,
                        double *shares)
{
    const double beyond = opinion->share * (said - 1.0 / opinion->classes);
    for (uint32_t view = 0; view < opinion->views; view++)
        shares[opinion->columns[(size_t)view * opinion->classes + class_number]] +=
            beyond * opinion->weights[view];
}

static void add_contributions(const struct detail *detail, struct detail_rows *rows, const float *x,
                              const double *proba)
{
    const struct routes *routes = detail->routes;
    const size_t dim = detail->dim, row = detail->classes * dim;
    double *shares = rows->contributions + rows->rows * row;
    memset(shares, 0, row * sizeof *shares);
    for (size_t tree = 0; tree < routes->count; tree++)
        route_add(&routes->trees[tree], x, dim, shares);
    if (detail->opinion.share > 0)
        opinion_of(&detail->opinion, x, rows->evidence);
    for (uint32_t c = 0; c < detail->classes; c++) {
        for (size_t f = 0; f < dim; f++)
            shares[c * dim + f] /= voices(detail);
        if (detail->opinion.share > 0)
            add_opinion(&detail->opinion, c, rows->evidence[c], shares + c * dim);
        round_to_units(shares + c * dim, detail->dim, units_of(proba[c]) - rows->bias[c] * UNITS);
    }
}

/* ---- rows ---- */

bool detail_add(const struct detail *detail, struct detail_rows *rows, const float *x,
                const double *proba)
{
    if (detail->kind == DETAIL_LEAVES)
        add_leaves(detail, rows, x);
    else if (detail->kind == DETAIL_CONTRIBUTIONS)
        add_contributions(detail, rows, x, proba);
    else if (!add_paths(detail, rows, x))
        return false;
    rows->rows++;
    return true;
}

const struct details *detail_end(struct detail_rows *rows)
{
    rows->details = (struct details){.columns = {[DETAILS_LEAVES] = rows->leaves,
                                                 [DETAILS_ENDS] = rows->ends,
                                                 [DETAILS_NODE] = rows->node,
                                                 [DETAILS_FEATURE] = rows->feature,
                                                 [DETAILS_VALUE] = rows->value,
                                                 [DETAILS_THRESHOLD] = rows->threshold,
                                                 [DETAILS_BIAS] = rows->bias,
                                                 [DETAILS_CONTRIBUTIONS] = rows->contributions}};
    return &rows->details;
}

void detail_rows_free(struct detail_rows *rows)
{
    free(rows->leaves);
    free(rows->ends);
    free(rows->node);
    free(rows->feature);
    free(rows->value);
    free(rows->threshold);
    free(rows->bias);
    free(rows->contributions);
    free(rows->evidence);
    *rows = (struct detail_rows){0};
}
