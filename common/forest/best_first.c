/*
 * Growing a tree best first (Shi, "Best-first decision tree learning", 2007; scikit-learn's
 * max_leaf_nodes): of all leaves that can be split, the one whose split makes the bag's samples
 * purest is split next, until there are as many leaves as wanted.
 *
 * A node's cut is looked for as soon as the node is there, so that features are drawn in the order
 * in which nodes come to be: the root, then the left and the right side of each that is split. Of
 * equal gains the older node goes first. What is known to be constant in a node is not handed down,
 * for between a node and its children others are looked at.
 *
 * The nodes of the tree in preorder, with their leaves counted anew, are written in the end.
 */
#include "forest/grower.h"

#include "base/memory.h"

#include <stdlib.h>

struct sprout {
    struct pending pending;
    struct cut cut;          /* of one that can be split, */
    struct bounds bounds[2]; /* and of its sides */
    struct split split;      /* of one that was */
    uint32_t sides;          /* its left side, which the right one follows; 0: it was not split */
};

/* Who waits to be split, a heap with the best on top. */
struct waiting {
    double gain;
    uint32_t sprout;
};

struct frontier {
    struct grower *grower;
    const struct members *members;
    struct sprout *sprouts;
    size_t count, capacity;
    struct waiting *heap;
    size_t heap_count, heap_capacity;
};

/* ---- the heap ---- */

static bool goes_first(const struct waiting *left, const struct waiting *right)
{
    return left->gain > right->gain || (left->gain == right->gain && left->sprout < right->sprout);
}

static bool heap_push(struct frontier *frontier, struct waiting waiting)
{
    if (!memory_reserve(&frontier->heap, &frontier->heap_capacity, frontier->heap_count + 1,
                        sizeof waiting))
        return false;
    size_t at = frontier->heap_count++;
    for (; at > 0 && goes_first(&waiting, &frontier->heap[(at - 1) / 2]); at = (at - 1) / 2)
        frontier->heap[at] = frontier->heap[(at - 1) / 2];
    frontier->heap[at] = waiting;
    return true;
}

static uint32_t heap_pop(struct frontier *frontier)
{
    struct waiting *heap = frontier->heap;
    const uint32_t top = heap[0].sprout;
    const struct waiting last = heap[--frontier->heap_count];
    size_t at = 0, below;
    while ((below = 2 * at + 1) < frontier->heap_count) {
        below += below + 1 < frontier->heap_count && goes_first(&heap[below + 1], &heap[below]);
        if (!goes_first(&heap[below], &last))
            break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = last;
    return top;
}

/* ---- growing ---- */

static bool sprout(struct frontier *frontier, struct pending pending)
{
    struct grower *grower = frontier->grower;
    if (!memory_reserve(&frontier->sprouts, &frontier->capacity, frontier->count + 1,
                        sizeof *frontier->sprouts))
        return false;
    struct sprout *new = &frontier->sprouts[frontier->count++];
    *new = (struct sprout){.pending = pending};
    new->pending.constants = 0;
    if (!grower_look(grower, frontier->members, &new->pending, &new->cut))
        return true;
    new->bounds[0] = grower->verdict.bounds[0];
    new->bounds[1] = grower->verdict.bounds[1];
    return heap_push(frontier,
                     (struct waiting){grower->verdict.gain, (uint32_t)frontier->count - 1});
}

static bool split(struct frontier *frontier, uint32_t index)
{
    struct sprout *parent = &frontier->sprouts[index];
    struct pending sides[2];
    parent->split = grower_part(frontier->grower, frontier->members, &parent->pending, &parent->cut,
                                parent->bounds, sides);
    parent->sides = (uint32_t)frontier->count;
    return sprout(frontier, sides[0]) && sprout(frontier, sides[1]);
}

/* ---- the tree ---- */

static bool put_node(struct frontier *frontier, const struct sprout *sprout)
{
    struct grower *grower = frontier->grower;
    if (sprout->sides)
        return grower_add_split(grower, sprout->cut.feature, sprout->split);
    const struct node node = grower_node(grower, frontier->members, &sprout->pending);
    tally_count(&grower->tally, &node);
    return grower_add_leaf(grower, &sprout->pending.bounds);
}

static bool wait_for(struct frontier *frontier, uint32_t sprout)
{
    if (!memory_reserve(&frontier->heap, &frontier->heap_capacity, frontier->heap_count + 1,
                        sizeof *frontier->heap))
        return false;
    frontier->heap[frontier->heap_count++] = (struct waiting){.sprout = sprout};
    return true;
}

/* Writes the nodes in preorder. Those that are to come stand where the heap was, the next one last.
 */
static bool put_nodes(struct frontier *frontier)
{
    frontier->heap_count = 0;
    bool good = wait_for(frontier, 0);
    while (good && frontier->heap_count) {
        const struct sprout *next =
            &frontier->sprouts[frontier->heap[--frontier->heap_count].sprout];
        good = put_node(frontier, next) && (!next->sides || (wait_for(frontier, next->sides + 1) &&
                                                             wait_for(frontier, next->sides)));
    }
    return good;
}

bool grow_best_first(struct grower *grower, const struct members *members, struct pending root)
{
    struct frontier frontier = {.grower = grower, .members = members};
    bool good = sprout(&frontier, root);
    for (uint32_t leaves = 1; good && leaves < grower->growth->max_leaves && frontier.heap_count;
         leaves++)
        good = split(&frontier, heap_pop(&frontier));
    good = good && put_nodes(&frontier);
    free(frontier.sprouts);
    free(frontier.heap);
    return good;
}
