/*
 * Growing a tree, depth first.
 *
 * The rows of the bag lie in one array, and a node is a range of it. Splitting a node parts its
 * range in place, the left side's rows first, both sides in ascending order; so no node has an
 * array of its own, and a stack of ranges that wait, the right one below the left one, takes them
 * in preorder, which is the order of the tree's columns and of the random numbers.
 *
 * Where the node is small beside the view that its ranks belong to, it becomes a view of its own
 * (subset.h): its rows are copied, numbered anew, and all that comes of it is grown from these,
 * before anything else that waits. Views nest, so there are as many memories for them as levels,
 * and each is reused.
 *
 * A worker grows tree after tree with one grower, which keeps its memory.
 */
#include "forest/grower.h"

#include "base/memory.h"
#include "forest/abreast.h"
#include "forest/bag.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The classes of rows as the ranks have them. */
static void copy_classes(struct grower *grower)
{
    for (uint32_t row = 0; row < grower->matrix->rows; row++)
        grower->row_class[row] = grower->matrix->class_of[ranks_row(grower->ranks, row)];
}

struct grower *grower_new(const struct matrix *matrix, const struct ranks *ranks,
                          const struct growth *growth, enum cpu_level level, struct error *error)
{
    struct grower *grower = calloc(1, sizeof *grower);
    if (grower) {
        grower->matrix = matrix;
        grower->ranks = ranks;
        grower->growth = growth;
        grower->kernels = kernels_of(level);
        const struct search_task task = {matrix, growth, grower->kernels, &grower->account};
        grower->cutter = cutter_new(&task);
        grower->weight = memory_array(matrix->rows, sizeof *grower->weight);
        grower->row_weight = memory_array(matrix->rows, sizeof *grower->row_weight);
        grower->row_class = memory_array(matrix->rows, sizeof *grower->row_class);
        grower->share = memory_array(matrix->classes, sizeof *grower->share);
        grower->rows = memory_array(matrix->rows, sizeof *grower->rows);
        grower->codes = memory_array(matrix->rows, sizeof *grower->codes);
        grower->spare_rows = memory_array(matrix->rows, sizeof *grower->spare_rows);
        grower->spare_codes = memory_array(matrix->rows, sizeof *grower->spare_codes);
        if (grower->cutter && grower->weight && grower->row_weight && grower->row_class &&
            grower->share && grower->rows && grower->codes && grower->spare_rows &&
            grower->spare_codes && draw_begin(&grower->draw, matrix->features) &&
            verdict_begin(&grower->verdict, growth, matrix->classes) &&
            tally_begin(&grower->tally, matrix->classes, &grower->account)) {
            copy_classes(grower);
            return grower;
        }
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
    verdict_free(&grower->verdict);
    prune_free(&grower->prune);
    free(grower->weight);
    free(grower->row_weight);
    free(grower->row_class);
    free(grower->share);
    free(grower->rows);
    free(grower->codes);
    free(grower->spare_rows);
    free(grower->spare_codes);
    for (unsigned i = 0; i < MOST_SUBSETS; i++)
        subset_free(&grower->subsets[i]);
    free(grower->splits);
    free(grower->pending);
    free(grower);
}

/* ---- the tree ---- */

static bool reserve_counts(struct tree *tree, uint32_t classes)
{
    size_t count;
    return !__builtin_mul_overflow((size_t)tree->mixed + 1, classes, &count) &&
           tree_reserve_counts(tree, count);
}

/* Of two classes. */
static void keep_bounds(struct tally *tally, const struct bounds *bounds)
{
    limits_keep(bounds, tally->total);
    tally->weight = tally->total[0] + tally->total[1];
    tally->present_count = 0;
    for (uint32_t class = 0; class < 2; class ++)
        if (tally->total[class])
            tally->present[tally->present_count++] = class;
}

bool grower_add_leaf(struct grower *grower, const struct bounds *bounds)
{
    if (grower->growth->directions)
        keep_bounds(&grower->tally, bounds);
    struct tree *tree = grower->tree;
    const struct tally *tally = &grower->tally;
    uint32_t classes = grower->matrix->classes, leaf = tree->nodes - tree->splits;
    bool pure = tally->present_count == 1;
    if (!tree_reserve_nodes(tree, (size_t)tree->nodes + 1) ||
        (!pure && !reserve_counts(tree, classes)))
        return false;
    tree->feature[tree->nodes++] = TREE_NONE;
    tree->leaf_class[leaf] = pure ? tally->present[0] : TREE_NONE;
    tree->weight[leaf] = tally->weight;
    if (!pure)
        memcpy(tree->counts + (size_t)tree->mixed++ * classes, tally->total,
               classes * sizeof *tree->counts);
    return true;
}

bool grower_add_split(struct grower *grower, uint32_t feature, struct split split)
{
    struct tree *tree = grower->tree;
    if (!tree_reserve_nodes(tree, (size_t)tree->nodes + 1) ||
        !memory_reserve(&grower->splits, &grower->split_capacity, (size_t)tree->splits + 1,
                        sizeof split))
        return false;
    tree->feature[tree->nodes++] = feature;
    grower->splits[tree->splits++] = split;
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
    const struct matrix *matrix = grower->matrix;
    const struct split *split = grower->splits;
    for (uint32_t node = 0, count = 0; node < tree->nodes; node++) {
        uint32_t feature = tree->feature[node];
        if (feature == TREE_NONE)
            continue;
        float threshold = split->threshold;
        if (isnan(threshold)) /* CUT_MIDWAY */
            threshold = threshold_between(matrix_value(matrix, split->rows.below, feature),
                                          matrix_value(matrix, split->rows.above, feature));
        tree->missing[count] = split->missing_left;
        tree->threshold[count++] = threshold;
        split++;
    }
}

/* ---- splitting a node ---- */

static bool push(struct grower *grower, struct pending pending)
{
    if (!memory_reserve(&grower->pending, &grower->pending_capacity, grower->pending_count + 1,
                        sizeof pending))
        return false;
    grower->pending[grower->pending_count++] = pending;
    return true;
}

/* Parts the rows of a node at its cut; returns how many are on the left. */
static uint32_t part_rows(struct grower *grower, const struct members *members, struct pending node,
                          const struct cut *cut, struct neighbours *rows)
{
    const struct view *view = members->view;
    const struct parting parting = {.rows = members->rows + node.begin,
                                    .spare_rows = grower->spare_rows,
                                    .codes = members->codes ? members->codes + node.begin : NULL,
                                    .spare_codes = grower->spare_codes,
                                    .count = node.end - node.begin};
    if (cut->by_value)
        return rows_part_by_value(&parting, view, cut);
    struct rank_column column = ranks_column(view->ranks, cut->feature);
    bool by_kernel = grower->kernels->part && parting.codes && !cut->missing_left && !cut->by_row;
    rows_parter *part = by_kernel ? grower->kernels->part : rows_part;
    grower->account.paths[PATH_PARTED] += by_kernel;
    uint32_t left = cut->by_row ? rows_part_by_row(&parting, view, cut, rows)
                                : part(&parting, &column, cut, rows);
    rows->below = view_matrix_row(view, rows->below);
    rows->above = view_matrix_row(view, rows->above);
    return left;
}

struct split grower_part(struct grower *grower, const struct members *members,
                         const struct pending *node, const struct cut *cut,
                         const struct bounds bounds[2], struct pending sides[2])
{
    struct split split = {.threshold = cut->threshold, .missing_left = cut->missing_left};
    const uint32_t middle = node->begin + part_rows(grower, members, *node, cut, &split.rows);
    /* Of a feature that no sample here misses, missing values go where most samples went. */
    if (!cut->missing)
        split.missing_left = middle - node->begin > node->end - middle;
    sides[0] = (struct pending){node->begin, middle, node->depth + 1, node->constants, bounds[0]};
    sides[1] = (struct pending){middle, node->end, node->depth + 1, node->constants, bounds[1]};
    return split;
}

struct node grower_node(const struct grower *grower, const struct members *members,
                        const struct pending *pending)
{
    return (struct node){
        .view = members->view,
        .growth = grower->growth,
        .tally = &grower->tally,
        .rows = members->rows + pending->begin,
        .codes = members->codes ? members->codes + pending->begin : NULL,
        .count = pending->end - pending->begin,
        .limits = &grower->limits,
    };
}

bool grower_look(struct grower *grower, const struct members *members, struct pending *pending,
                 struct cut *cut)
{
    const struct growth *growth = grower->growth;
    struct verdict *verdict = &grower->verdict;
    const struct node node = grower_node(grower, members, pending);
    if (pending->depth > grower->account.depth)
        grower->account.depth = pending->depth;
    tally_count(&grower->tally, &node);
    if (pending->depth == 0)
        verdict->bag_weight = grower->tally.weight;
    if (limits_wanted(growth))
        grower->limits = (struct limits){growth->min_weight_fraction * verdict->bag_weight,
                                         growth->directions, pending->bounds};
    return grower->tally.present_count > 1 && node.count >= growth->min_samples_split &&
           pending->depth < growth->max_depth &&
           draw_best_cut(&grower->draw, &grower->random, grower->cutter, &node, &pending->constants,
                         cut) &&
           (!verdict->wanted || verdict_on(verdict, &node, cut));
}

static bool grow_node(struct grower *grower, const struct members *members, struct pending pending)
{
    struct cut cut;
    struct pending sides[2];
    if (!grower_look(grower, members, &pending, &cut))
        return grower_add_leaf(grower, &pending.bounds);
    const struct split split =
        grower_part(grower, members, &pending, &cut, grower->verdict.bounds, sides);
    return grower_add_split(grower, cut.feature, split) && push(grower, sides[1]) &&
           push(grower, sides[0]);
}

static bool grow_below(struct grower *grower, const struct members *members,
                       struct pending pending);

/* Grows a node, and all that comes of it, from a view of its own. */
static bool grow_subset(struct grower *grower, const struct members *members,
                        struct pending pending)
{
    struct subset *subset = &grower->subsets[grower->subset_count++];
    const uint16_t *codes = members->codes ? members->codes + pending.begin : NULL;
    const uint32_t count = pending.end - pending.begin;
    bool good = subset_make(subset, members->view, members->rows + pending.begin, codes, count,
                            grower->kernels->renumber);
    const struct members below = {&subset->view, subset->rows, codes ? subset->codes : NULL};
    grower->account.paths[PATH_SUBSET]++;
    pending.begin = 0;
    pending.end = count;
    good = good && grow_below(grower, &below, pending);
    grower->subset_count--;
    return good;
}

/* Grows a node and all that comes of it. */
static bool grow_below(struct grower *grower, const struct members *members, struct pending pending)
{
    size_t waiting = grower->pending_count;
    bool good = push(grower, pending);
    while (good && grower->pending_count > waiting) {
        struct pending next = grower->pending[--grower->pending_count];
        bool anew = subset_pays(members->view, grower->growth, next.end - next.begin);
        good = anew ? grow_subset(grower, members, next) : grow_node(grower, members, next);
    }
    return good;
}

/* ---- the bag ---- */

/* Lists the bag's rows as the ranks have them, ascending, with their codes, if these fit. Returns
   how many there are. */
static uint32_t list_rows(struct grower *grower, bool *coded)
{
    const struct matrix *matrix = grower->matrix;
    const uint32_t *weight_of = grower->weight, *class_of = grower->row_class;
    uint32_t *rows = grower->rows, *row_weight = grower->row_weight;
    uint16_t *codes = grower->codes;
    uint32_t listed = 0, heaviest = 0;
    for (uint32_t row = 0; row < matrix->rows; row++) {
        const uint32_t weight = weight_of[ranks_row(grower->ranks, row)];
        row_weight[row] = weight;
        rows[listed] = row;
        codes[listed] = code_of(class_of[row], weight);
        listed += weight != 0;
        heaviest = weight > heaviest ? weight : heaviest;
    }
    *coded = heaviest <= CODE_MAX_WEIGHT && matrix->classes <= CODE_MAX_CLASSES &&
             matrix->rows <= CODE_MAX_TOTAL && !bag_weighs(grower->growth);
    grower->account.paths[PATH_CODED] += *coded;
    return listed;
}

/* Draws the bag; returns how many rows are in it. */
static uint32_t fill_bag(struct grower *grower, bool *coded)
{
    const struct matrix *matrix = grower->matrix;
    const bool weighs = bag_weighs(grower->growth);
    grower->bag = (struct view){
        .matrix = matrix,
        .ranks = grower->ranks,
        .whole = grower->ranks->by_row ? grower->ranks : NULL,
        .class_of = grower->row_class,
        .weight = grower->row_weight,
        .matrix_row = grower->ranks->row,
    };
    const uint32_t drawn = bag_draw(&grower->random, grower->growth, matrix->rows, grower->weight,
                                    weighs ? grower->rows : NULL);
    if (weighs)
        bag_weigh(grower->growth, matrix->class_of, matrix->classes, grower->share, grower->weight,
                  grower->rows, drawn);
    return list_rows(grower, coded);
}

bool grower_grow(struct grower *grower, uint64_t index, struct tree *tree, struct error *error)
{
    tree->nodes = tree->splits = tree->mixed = 0;
    tree->sided = grower->matrix->missing;
    grower->tree = tree;
    grower->account = (struct grow_account){.trees = 1};
    grower->random = random_keyed(grower->growth->seed, index);
    draw_reset(&grower->draw);
    bool coded;
    struct pending root = {.end = fill_bag(grower, &coded), .bounds = BOUNDS_NONE};
    const struct members members = {&grower->bag, grower->rows, coded ? grower->codes : NULL};
    if (coded && abreast_fits(grower->matrix, grower->growth)) {
        grower->bag.x = grower->matrix->x;
        grower->bag.x_row = grower->ranks->row;
        grower->bag.x_rows = grower->matrix->rows;
    }
    grower->pending_count = grower->subset_count = 0;
    const struct growth *growth = grower->growth;
    bool grown = growth->max_leaves ? grow_best_first(grower, &members, root)
                                    : grow_below(grower, &members, root);
    if (grown)
        set_thresholds(grower);
    if (grown && growth->prune > 0)
        grown = prune_tree(&grower->prune, tree, grower->matrix->classes, growth->criterion,
                           growth->prune, &grower->account.depth);
    return grown || error_memory(error, "growing a tree");
}

bool grow_counts(const struct matrix *matrix, const struct growth *growth)
{
    return growth->splitter != SPLITTER_RANDOM && codes_tell_all(matrix, growth);
}

const uint32_t *grower_bag(const struct grower *grower)
{
    return grower->weight;
}

const struct grow_account *grower_account(const struct grower *grower)
{
    return &grower->account;
}
