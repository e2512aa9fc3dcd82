#include "forest/grow.h"

#include "base/memory.h"
#include "forest/bag.h"
#include "forest/cut.h"
#include "forest/draw.h"
#include "forest/kernels.h"
#include "forest/rows.h"
#include "forest/subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows that nodes part, in place: every node's are next to each other, and so are their codes. */
struct ground {
    const struct table *table;
    uint32_t *rows;
    uint16_t *codes; /* NULL: they do not fit */
};

/* A node that waits to be grown: rows[begin .. end) of its ground. */
struct part {
    uint32_t begin, end;
    uint32_t depth;
    uint32_t constants; /* features known to be constant, at the front of the draw */
};

/* Each subset is taken from one of at least 16 times its rows. */
enum { MOST_SUBSETS = 7 };

struct grower {
    const struct matrix *matrix;
    const struct ranks *ranks;
    const struct growth *growth;
    const struct row_kernels *kernels;
    struct cutter *cutter;
    struct random random;
    struct draw draw;
    struct tally tally;
    uint32_t *weight; /* rows */
    struct table bag; /* all of it */
    uint32_t *rows;   /* of the bag */
    uint16_t *codes;
    struct subset subsets[MOST_SUBSETS];
    unsigned subset_count; /* in use */
    uint32_t *spare_rows;
    uint16_t *spare_codes;
    struct neighbours *neighbours; /* of each split, in node order */
    size_t neighbour_capacity;
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
        grower->kernels = row_kernels_of(level);
        grower->cutter = cutter_new(matrix->rows, matrix->classes, growth->criterion, level);
        grower->weight = memory_array(matrix->rows, sizeof *grower->weight);
        grower->rows = memory_array(matrix->rows, sizeof *grower->rows);
        grower->codes = memory_array(matrix->rows, sizeof *grower->codes);
        grower->spare_rows = memory_array(matrix->rows, sizeof *grower->spare_rows);
        grower->spare_codes = memory_array(matrix->rows, sizeof *grower->spare_codes);
        if (grower->cutter && grower->weight && grower->rows && grower->codes &&
            grower->spare_rows && grower->spare_codes &&
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
    free(grower->codes);
    free(grower->spare_rows);
    free(grower->spare_codes);
    for (unsigned i = 0; i < MOST_SUBSETS; i++)
        subset_free(&grower->subsets[i]);
    free(grower->neighbours);
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

/* The threshold is for later, see set_thresholds. */
static bool add_split(struct grower *grower, uint32_t feature, struct neighbours neighbours)
{
    struct tree *tree = grower->tree;
    if (!tree_reserve_nodes(tree, tree->nodes + 1) ||
        !memory_reserve(&grower->neighbours, &grower->neighbour_capacity, tree->splits + 1,
                        sizeof neighbours))
        return false;
    tree->feature[tree->nodes++] = feature;
    grower->neighbours[tree->splits++] = neighbours;
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

/*
 * The values lie anywhere in the matrix, and fetching one takes as long as splitting a small
 * node. Done for all splits of a tree at the end, many are on their way at once.
 */
static void set_thresholds(struct grower *grower)
{
    struct tree *tree = grower->tree;
    for (uint32_t node = 0, split = 0; node < tree->nodes; node++) {
        uint32_t feature = tree->feature[node];
        if (feature == TREE_NONE)
            continue;
        const struct neighbours *rows = &grower->neighbours[split];
        tree->threshold[split++] =
            threshold_between(matrix_value(grower->matrix, rows->below, feature),
                              matrix_value(grower->matrix, rows->above, feature));
    }
}

/* ---- splitting a node ---- */

static bool push_part(struct grower *grower, struct part part)
{
    if (!memory_reserve(&grower->parts, &grower->part_capacity, grower->part_count + 1,
                        sizeof part))
        return false;
    grower->parts[grower->part_count++] = part;
    return true;
}

static bool split_part(struct grower *grower, const struct ground *ground, struct part part,
                       const struct cut *cut)
{
    const struct table *table = ground->table;
    struct ranking ranking = ranks_of(table->ranks, cut->feature);
    const struct parting parting = {.rows = ground->rows + part.begin,
                                    .spare_rows = grower->spare_rows,
                                    .codes = ground->codes ? ground->codes + part.begin : NULL,
                                    .spare_codes = grower->spare_codes,
                                    .count = part.end - part.begin};
    struct neighbours rows_of;
    uint32_t left_count = grower->kernels->part(&parting, &ranking, cut, &rows_of);
    rows_of.below = table_matrix_row(table, rows_of.below);
    rows_of.above = table_matrix_row(table, rows_of.above);
    uint32_t middle = part.begin + left_count;
    struct part left = {part.begin, middle, part.depth + 1, part.constants};
    struct part right = {middle, part.end, part.depth + 1, part.constants};
    return add_split(grower, cut->feature, rows_of) && push_part(grower, right) &&
           push_part(grower, left);
}

static bool grow_part(struct grower *grower, const struct ground *ground, struct part part)
{
    const struct growth *growth = grower->growth;
    struct node node = {
        .table = ground->table,
        .growth = growth,
        .tally = &grower->tally,
        .rows = ground->rows + part.begin,
        .codes = ground->codes ? ground->codes + part.begin : NULL,
        .count = part.end - part.begin,
    };
    if (part.depth > grower->depth)
        grower->depth = part.depth;
    tally_count(&grower->tally, &node, grower->kernels->tally);
    struct cut cut;
    bool leaf = grower->tally.present_count == 1 || node.count < growth->min_samples_split ||
                part.depth >= growth->max_depth ||
                !draw_best_cut(&grower->draw, &grower->random, grower->cutter, &node,
                               &part.constants, &cut);
    return leaf ? add_leaf(grower) : split_part(grower, ground, part, &cut);
}

/* Grows a part and all that comes of it. Small parts of large tables get one of their own. */
static bool grow_below(struct grower *grower, const struct ground *ground, struct part part)
{
    size_t waiting = grower->part_count;
    bool good = push_part(grower, part);
    while (good && grower->part_count > waiting) {
        struct part next = grower->parts[--grower->part_count];
        uint32_t count = next.end - next.begin;
        if (!subset_pays(ground->table, grower->growth, count)) {
            good = grow_part(grower, ground, next);
            continue;
        }
        struct subset *subset = &grower->subsets[grower->subset_count++];
        const uint16_t *codes = ground->codes ? ground->codes + next.begin : NULL;
        good = subset_make(subset, ground->table, ground->rows + next.begin, codes, count,
                           grower->kernels->renumber);
        struct ground below = {&subset->table, subset->rows, codes ? subset->codes : NULL};
        next.begin = 0;
        next.end = count;
        good = good && grow_below(grower, &below, next);
        grower->subset_count--;
    }
    return good;
}

/* ---- the bag ---- */

/* Codes the bag's rows. False: they do not fit. */
static bool code_rows(struct grower *grower, uint32_t count)
{
    const struct matrix *matrix = grower->matrix;
    if (matrix->classes > CODE_MAX_CLASSES || matrix->rows > CODE_MAX_TOTAL)
        return false;
    uint32_t heaviest = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = grower->rows[i], weight = grower->weight[row];
        heaviest = weight > heaviest ? weight : heaviest;
        grower->codes[i] = code_of(matrix->class_of[row], weight);
    }
    return heaviest <= CODE_MAX_WEIGHT;
}

/* Draws the bag; returns how many rows are in it. */
static uint32_t fill_bag(struct grower *grower)
{
    const struct matrix *matrix = grower->matrix;
    grower->bag = (struct table){
        .matrix = matrix,
        .ranks = grower->ranks,
        .class_of = matrix->class_of,
        .weight = grower->weight,
    };
    return bag_draw(&grower->random, grower->growth->bootstrap, matrix->rows, grower->weight,
                    grower->rows);
}

bool grower_grow(struct grower *grower, uint64_t index, struct tree *tree, struct error *error)
{
    tree->nodes = tree->splits = tree->mixed = 0;
    grower->tree = tree;
    grower->depth = 0;
    grower->random = random_keyed(grower->growth->seed, index);
    draw_reset(&grower->draw);
    struct part root = {.end = fill_bag(grower)};
    bool coded = code_rows(grower, root.end);
    struct ground ground = {&grower->bag, grower->rows, coded ? grower->codes : NULL};
    grower->part_count = grower->subset_count = 0;
    if (!grow_below(grower, &ground, root))
        return error_memory(error, "growing a tree");
    set_thresholds(grower);
    return true;
}

uint32_t grower_depth(const struct grower *grower)
{
    return grower->depth;
}
