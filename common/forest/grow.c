#include "forest/grow.h"

#include "base/memory.h"
#include "forest/bag.h"
#include "forest/cut.h"
#include "forest/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A node that waits to be grown: rows[begin .. end) of the grower. */
struct part {
    uint32_t begin, end;
    uint32_t depth;
    uint32_t constants; /* features known to be constant, at the front of the draw */
};

struct grower {
    const struct matrix *matrix;
    const struct ranks *ranks;
    const struct growth *growth;
    struct cutter *cutter;
    struct random random;
    struct draw draw;
    struct tally tally;
    uint32_t *weight;   /* rows */
    uint32_t *rows;     /* of the bag; every node's are next to each other */
    uint32_t *spare;    /* as large as rows */
    struct part *parts; /* those that wait, the next one last */
    size_t part_count, part_capacity;
    struct tree *tree;
    uint32_t depth; /* of its deepest node so far */
};

struct grower *grower_new(const struct matrix *matrix, const struct ranks *ranks,
                          const struct growth *growth, enum cpu_level level, struct error *error)
{
    struct grower *grower = calloc(1, sizeof *grower);
    if (grower) {
        grower->matrix = matrix;
        grower->ranks = ranks;
        grower->growth = growth;
        grower->cutter = cutter_new(matrix->rows, matrix->classes, growth->criterion, level);
        grower->weight = memory_array(matrix->rows, sizeof *grower->weight);
        grower->rows = memory_array(matrix->rows, sizeof *grower->rows);
        grower->spare = memory_array(matrix->rows, sizeof *grower->spare);
        if (grower->cutter && grower->weight && grower->rows && grower->spare &&
            draw_begin(&grower->draw, matrix->features) &&
            tally_begin(&grower->tally, matrix->classes))
            return grower;
    }
    grower_free(grower);
    error_memory(error, "growing trees");
    return NULL;
}

void grower_free(struct grower *grower)
{
    if (!grower)
        return;
    cutter_free(grower->cutter);
    draw_free(&grower->draw);
    tally_free(&grower->tally);
    free(grower->weight);
    free(grower->rows);
    free(grower->spare);
    free(grower->parts);
    free(grower);
}

/* ---- the tree ---- */

static bool add_leaf(struct grower *grower)
{
    struct tree *tree = grower->tree;
    const struct tally *tally = &grower->tally;
    uint32_t classes = grower->matrix->classes, leaf = tree->nodes - tree->splits;
    bool pure = tally->present_count == 1;
    if (!tree_reserve_nodes(tree, tree->nodes + 1) ||
        (!pure && !tree_reserve_counts(tree, ((size_t)tree->mixed + 1) * classes)))
        return false;
    tree->feature[tree->nodes++] = TREE_NONE;
    tree->leaf_class[leaf] = pure ? tally->present[0] : TREE_NONE;
    tree->weight[leaf] = tally->weight;
    if (!pure)
        memcpy(tree->counts + (size_t)tree->mixed++ * classes, tally->total,
               classes * sizeof *tree->counts);
    return true;
}

static bool add_split(struct grower *grower, uint32_t feature, float threshold)
{
    struct tree *tree = grower->tree;
    if (!tree_reserve_nodes(tree, tree->nodes + 1))
        return false;
    tree->feature[tree->nodes++] = feature;
    tree->threshold[tree->splits++] = threshold;
    return true;
}

/*
 * Where scikit-learn splits between two values: in their middle, in double. The largest float
 * that is not above it decides the same for every float, and lies in [below, above) as well.
 */
static float threshold_between(float below, float above)
{
    double middle = below / 2.0 + above / 2.0;
    float threshold = (float)middle;
    return threshold > middle ? nextafterf(threshold, -INFINITY) : threshold;
}

/* ---- splitting a node ---- */

static float value_at_rank(const struct node *node, const struct ranking *ranking, uint32_t feature,
                           uint32_t rank)
{
    uint32_t i = 0;
    while (ranking_rank(ranking, node->rows[i]) != rank)
        i++;
    return matrix_value(node->table->matrix, node->rows[i], feature);
}

/* Moves the rows of the left side to the front, both sides in order; returns how many. */
static uint32_t part_rows(const struct ranking *ranking, uint32_t last_left, uint32_t *rows,
                          uint32_t count, uint32_t *spare)
{
    uint32_t left = 0, right = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        bool goes_left = ranking_rank(ranking, row) <= last_left;
        rows[left] = row;
        spare[right] = row;
        left += goes_left;
        right += !goes_left;
    }
    memcpy(rows + left, spare, right * sizeof *rows);
    return left;
}

static bool push_part(struct grower *grower, struct part part)
{
    if (!memory_reserve(&grower->parts, &grower->part_capacity, grower->part_count + 1,
                        sizeof part))
        return false;
    grower->parts[grower->part_count++] = part;
    return true;
}

static bool split_part(struct grower *grower, const struct node *node, struct part part,
                       const struct cut *cut)
{
    struct ranking ranking = ranks_of(grower->ranks, cut->feature);
    float below = value_at_rank(node, &ranking, cut->feature, cut->below);
    float above = value_at_rank(node, &ranking, cut->feature, cut->above);
    uint32_t middle = part.begin + part_rows(&ranking, cut->below, grower->rows + part.begin,
                                             node->count, grower->spare);
    struct part left = {part.begin, middle, part.depth + 1, part.constants};
    struct part right = {middle, part.end, part.depth + 1, part.constants};
    return add_split(grower, cut->feature, threshold_between(below, above)) &&
           push_part(grower, right) && push_part(grower, left);
}

static bool grow_part(struct grower *grower, struct part part)
{
    const struct growth *growth = grower->growth;
    struct table table = {grower->matrix, grower->ranks, grower->weight};
    struct node node = {
        .table = &table,
        .growth = growth,
        .tally = &grower->tally,
        .rows = grower->rows + part.begin,
        .count = part.end - part.begin,
    };
    tally_count(&grower->tally, &table, node.rows, node.count);
    if (part.depth > grower->depth)
        grower->depth = part.depth;
    struct cut cut;
    bool leaf = grower->tally.present_count == 1 || node.count < growth->min_samples_split ||
                part.depth >= growth->max_depth ||
                !draw_best_cut(&grower->draw, &grower->random, grower->cutter, &node,
                               &part.constants, &cut);
    return leaf ? add_leaf(grower) : split_part(grower, &node, part, &cut);
}

bool grower_grow(struct grower *grower, uint64_t index, struct tree *tree, struct error *error)
{
    tree->nodes = tree->splits = tree->mixed = 0;
    grower->tree = tree;
    grower->depth = 0;
    grower->random = random_keyed(grower->growth->seed, index);
    draw_reset(&grower->draw);
    uint32_t count = bag_draw(&grower->random, grower->growth->bootstrap, grower->matrix->rows,
                              grower->weight, grower->rows);
    grower->part_count = 0;
    bool good = push_part(grower, (struct part){.end = count});
    while (good && grower->part_count)
        good = grow_part(grower, grower->parts[--grower->part_count]);
    return good || error_memory(error, "growing a tree");
}

uint32_t grower_depth(const struct grower *grower)
{
    return grower->depth;
}
