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
    uint32_t classes;
    bool good; /* memory lasted so far */
};

static double sum_of(const double *counts, uint32_t classes)
{
    double sum = 0;
    for (uint32_t c = 0; c < classes; c++)
        sum += counts[c];
    return sum;
}

/* Notes the step to a node, from `from`, or from nowhere where that is NULL. */
static void add_changes(struct changing *changing, uint32_t node, const double *from,
                        const double *to)
{
    struct route *route = changing->route;
    const uint32_t classes = changing->classes;
    const double before = from ? sum_of(from, classes) : 1, behind = sum_of(to, classes);
    changing->good =
        changing->good && memory_reserve(&route->changes, &route->change_capacity,
                                         route->change_count + classes, sizeof *route->changes);
    route->begins[node] = route->change_count;
    for (uint32_t c = 0; changing->good && c < classes; c++) {
        const double by = to[c] / behind - (from ? from[c] / before : 0);
        if (by != 0)
            route->changes[route->change_count++] = (struct route_change){by, c};
    }
    route->ends[node] = route->change_count;
}

static void visit(void *context, const struct subtree *subtree)
{
    struct changing *changing = context;
    const uint32_t node = subtree->node;
    if (subtree->left) {
        add_changes(changing, node + 1, subtree->whole, subtree->left);
        add_changes(changing, changing->route->nodes[node].right, subtree->whole, subtree->right);
    }
    if (node == 0)
        add_changes(changing, 0, NULL, subtree->whole);
}

static bool make_changes(struct route *route, const struct tree *tree, uint32_t classes)
{
    struct changing changing = {route, classes, true};
    struct subtrees subtrees = {0};
    route->begins = memory_array(tree->nodes, sizeof *route->begins);
    route->ends = memory_array(tree->nodes, sizeof *route->ends);
    const bool made = route->begins && route->ends &&
                      subtrees_walk(&subtrees, tree, classes, visit, &changing) && changing.good;
    subtrees_free(&subtrees);
    if (made)
        memory_shrink(&route->changes, &route->change_capacity, route->change_count,
                      sizeof *route->changes);
    return made;
}

/* ---- trees and forests ---- */

bool route_make(struct route *route, const struct tree *tree, uint32_t classes, bool changes)
{
    *route = (struct route){0};
    if (make_nodes(route, tree) && (!changes || make_changes(route, tree, classes)))
        return true;
    route_free(route);
    return false;
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
