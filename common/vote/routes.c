/* Right children and depths come from a pass from the last node to the first, changes from the
   counts below each node. */
#include "vote/routes.h"

#include "base/memory.h"
#include "base/subtrees.h"

#include <stdlib.h>
#include <string.h>

/* ---- nodes ---- */

/* A subtree behind the node at hand: its root, how deep it is, and its leaves' weights. */
struct below {
    uint32_t node, depth;
    uint64_t weight;
};

static void link_nodes(struct route *route, const struct tree *tree, struct below *stack)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1;
    size_t height = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        struct below whole = {node, 0, 0};
        route->nodes[node] = (struct route_node){.feature = tree->feature[node]};
        if (tree->feature[node] != TREE_NONE) {
            const struct below left = stack[--height], right = stack[--height];
            whole.depth = 1 + (left.depth > right.depth ? left.depth : right.depth);
            route->nodes[node].threshold = tree->threshold[--split];
            route->nodes[node].missing_left =
                tree->sided ? tree->missing[split] : left.weight > right.weight;
            whole.weight = left.weight + right.weight;
            route->nodes[node].right = right.node;
        } else {
            whole.weight = tree->weight[--leaf];
        }
        stack[height++] = whole;
    }
    route->depth = stack[0].depth;
}

static bool make_nodes(struct route *route, const struct tree *tree)
{
    struct below *stack = memory_array((size_t)tree->splits + 1, sizeof *stack);
    route->nodes = memory_array(tree->nodes, sizeof *route->nodes);
    route->node_count = tree->nodes;
    const bool made = stack && route->nodes;
    if (made)
        link_nodes(route, tree, stack);
    free(stack);
    return made;
}

/* ---- changes ---- */

struct changing {
    struct route *route;
    uint64_t most; /* changes */
    bool large;    /* there are more */
};

/* Of the classes that are listed, on their way to `to`. */
static double sum_of(const struct subtree *subtree, const double *to)
{
    const size_t begin = to == subtree->left ? subtree->right_count : 0;
    const size_t end = to == subtree->right ? subtree->right_count : subtree->count;
    double sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += subtree->listed[i].count;
    return sum;
}

static bool reserve_changes(struct changing *changing, size_t more)
{
    struct route *route = changing->route;
    const size_t count = route->change_count + more;
    changing->large = count > changing->most;
    return !changing->large &&
           memory_reserve(&route->changes, &route->change_capacity, count, sizeof *route->changes);
}

/* Notes the step to a node, from `from`, or from nowhere where that is NULL. */
static bool add_changes(struct changing *changing, uint32_t node, const struct subtree *subtree,
                        const double *from, const double *to)
{
    struct route *route = changing->route;
    const double before = from ? sum_of(subtree, from) : 1, behind = sum_of(subtree, to);
    if (!reserve_changes(changing, subtree->count))
        return false;
    route->begins[node] = route->change_count;
    for (size_t i = 0; i < subtree->count; i++) {
        const uint32_t c = subtree->listed[i].class_number;
        if (i >= subtree->right_count && subtree->right && subtree->right[c] > 0)
            continue; /* it was listed before */
        const double by = to[c] / behind - (from ? from[c] / before : 0);
        if (by != 0)
            route->changes[route->change_count++] = (struct route_change){by, c};
    }
    route->ends[node] = route->change_count;
    return true;
}

static bool visit(void *context, const struct subtree *subtree)
{
    struct changing *changing = context;
    const uint32_t node = subtree->node;
    const double *whole = subtree->whole;
    return (!subtree->left || (add_changes(changing, node + 1, subtree, whole, subtree->left) &&
                               add_changes(changing, changing->route->nodes[node].right, subtree,
                                           whole, subtree->right))) &&
           (node != 0 || add_changes(changing, 0, subtree, NULL, whole));
}

static enum route_made make_changes(struct route *route, const struct tree *tree, uint32_t classes)
{
    struct changing changing = {.route = route,
                                .most = ROUTE_CHANGES_NODE * (uint64_t)tree->nodes + ROUTE_CHANGES +
                                        4 * (uint64_t)tree->mixed * classes};
    struct subtrees subtrees = {0};
    route->begins = memory_array(tree->nodes, sizeof *route->begins);
    route->ends = memory_array(tree->nodes, sizeof *route->ends);
    const bool made =
        route->begins && route->ends && subtrees_walk(&subtrees, tree, classes, visit, &changing);
    subtrees_free(&subtrees);
    if (made)
        memory_shrink(&route->changes, &route->change_capacity, route->change_count,
                      sizeof *route->changes);
    return made ? ROUTE_MADE : changing.large ? ROUTE_LARGE : ROUTE_NO_MEMORY;
}

/* ---- trees and forests ---- */

enum route_made route_make(struct route *route, const struct tree *tree, uint32_t classes,
                           bool changes)
{
    *route = (struct route){0};
    enum route_made made = make_nodes(route, tree) ? ROUTE_MADE : ROUTE_NO_MEMORY;
    if (made == ROUTE_MADE && changes)
        made = make_changes(route, tree, classes);
    if (made != ROUTE_MADE)
        route_free(route);
    return made;
}

void route_free(struct route *route)
{
    free(route->nodes);
    free(route->changes);
    free(route->begins);
    free(route->ends);
    *route = (struct route){0};
}

bool routes_append(struct routes *routes, struct route *route, uint32_t classes)
{
    if (!memory_reserve(&routes->trees, &routes->capacity, routes->count + 1,
                        sizeof *routes->trees))
        return false;
    if (route->begins && !routes->bias)
        routes->bias = calloc(classes, sizeof *routes->bias);
    if (route->begins && !routes->bias)
        return false;
    for (size_t i = route->begins ? route->begins[0] : 1; route->begins && i < route->ends[0]; i++)
        routes->bias[route->changes[i].class_number] += route->changes[i].by;
    routes->depths += route->depth;
    routes->trees[routes->count++] = *route;
    *route = (struct route){0};
    return true;
}

void routes_free(struct routes *routes)
{
    for (size_t i = 0; i < routes->count; i++)
        route_free(&routes->trees[i]);
    free(routes->trees);
    free(routes->bias);
    *routes = (struct routes){0};
}

/* ---- samples ---- */

uint32_t route_leaf(const struct route *route, const float *x)
{
    uint32_t node = 0;
    while (route->nodes[node].feature != TREE_NONE)
        node = route_next(route, node, x);
    return node;
}

void route_add(const struct route *route, const float *x, size_t dim, double *sums)
{
    for (uint32_t node = 0, feature; (feature = route->nodes[node].feature) != TREE_NONE;) {
        node = route_next(route, node, x);
        for (size_t i = route->begins[node]; i < route->ends[node]; i++)
            sums[route->changes[i].class_number * dim + feature] += route->changes[i].by;
    }
}
