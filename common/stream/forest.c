/* A tree is checked as it is decoded, so that a walk over it needs no check of its own. */
#include "stream/forest.h"

#include "stream/forest_counts.h"
#include "stream/narrow.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdlib.h>

/* ---- checks ---- */

/* Counts the splits; every feature must be one of dim, and preorder must close at the end. */
static bool check_shape(const struct stream_header *header, const struct stream_record *record,
                        struct tree *tree, struct error *error)
{
    uint64_t open = 1; /* subtrees that are still awaited */
    uint32_t splits = 0;
    for (uint32_t i = 0; i < tree->nodes; i++) {
        const uint32_t feature = tree->feature[i];
        const bool is_split = feature != TREE_NONE;
        if (open == 0)
            return stream_damaged(record, error, "the tree ends before its last node");
        /* Of a leaf the sum is 0: one comparison for both, that never holds of a good tree. */
        if (feature + 1 > header->dim)
            return stream_damaged(record, error, "node %u looks at feature %u of %u", i, feature,
                                  header->dim);
        splits += is_split;
        open = open - 1 + 2 * is_split;
    }
    tree->splits = splits;
    return open == 0 || stream_damaged(record, error, "the tree does not end at its last node");
}

static bool check_thresholds(const struct stream_record *record, const struct tree *tree,
                             struct error *error)
{
    for (uint32_t i = 0; i < tree->splits; i++)
        if (tree->threshold[i] - tree->threshold[i] != 0)
            return stream_damaged(record, error, "threshold %u is not finite", i);
    return true;
}

static bool check_leaves(const struct stream_header *header, const struct stream_record *record,
                         struct tree *tree, struct error *error)
{
    tree->mixed = 0;
    for (uint32_t i = 0; i <= tree->splits; i++) {
        bool mixed = tree->leaf_class[i] == TREE_NONE;
        tree->mixed += mixed;
        if (!mixed && tree->leaf_class[i] >= header->class_count)
            return stream_damaged(record, error, "leaf %u is of class %u of %u", i,
                                  tree->leaf_class[i], header->class_count);
        if (tree->weight[i] == 0 || tree->weight[i] == TREE_NONE)
            return stream_damaged(record, error, "leaf %u has no weight", i);
    }
    return true;
}

/* ---- blocks ---- */

static bool decode_splits(const struct stream_header *header, const struct stream_record *record,
                          struct tree *tree, struct error *error)
{
    struct column threshold;
    if (!narrow_get(record, "feature", tree->feature, tree->nodes, error) ||
        !check_shape(header, record, tree, error) ||
        !stream_column(record, "threshold", tree->splits, sizeof(float), &threshold, error))
        return false;
    numbers_copy(tree->threshold, threshold.bytes, tree->splits, sizeof(float));
    return check_thresholds(record, tree, error);
}

/* Where missing values go. */
static bool decode_missing(const struct stream_record *record, struct tree *tree,
                           struct error *error)
{
    struct column missing;
    const size_t size = ((size_t)tree->splits + 7) / 8;
    tree->sided = object_find(record->map, "missing");
    if (!tree->sided)
        return true;
    if (!stream_column(record, "missing", size, 1, &missing, error))
        return false;
    for (uint32_t i = 0; i < tree->splits; i++)
        tree->missing[i] = missing.bytes[i / 8] >> i % 8 & 1;
    return true;
}

bool forest_decode(const struct stream_header *header, const struct stream_record *record,
                   struct tree *tree, struct error *error)
{
    tree->nodes = (uint32_t)record->rows;
    /* A node takes at least a byte of `feature`, so a number of them beyond the record's size
       is refused before memory is taken for it. */
    if (tree->nodes > record->size)
        return stream_damaged(record, error, "the block is too short for %u nodes", tree->nodes);
    if (!tree_reserve_nodes(tree, tree->nodes))
        return error_memory(error, "reading a tree");
    return decode_splits(header, record, tree, error) &&
           narrow_get(record, "class", tree->leaf_class, tree->splits + 1, error) &&
           narrow_get(record, "weight", tree->weight, tree->splits + 1, error) &&
           check_leaves(header, record, tree, error) &&
           forest_counts_decode(header, record, tree, error) && decode_missing(record, tree, error);
}

static bool put_missing(struct stream_writer *writer, const struct tree *tree, struct error *error)
{
    const size_t size = ((size_t)tree->splits + 7) / 8;
    if (!tree->sided)
        return true;
    unsigned char *bits = calloc(size ? size : 1, 1);
    if (!bits)
        return error_memory(error, "writing a tree");
    for (uint32_t i = 0; i < tree->splits; i++)
        bits[i / 8] |= (unsigned char)(tree->missing[i] << i % 8);
    bool done = stream_put_numbers(writer, "missing", bits, size, 1, error);
    free(bits);
    return done;
}

static bool put_columns(struct stream_writer *writer, uint32_t class_count, const struct tree *tree,
                        struct error *error)
{
    size_t leaves = (size_t)tree->splits + 1;
    return narrow_put(writer, "feature", tree->feature, tree->nodes, error) &&
           stream_put_numbers(writer, "threshold", tree->threshold, tree->splits, sizeof(float),
                              error) &&
           narrow_put(writer, "class", tree->leaf_class, leaves, error) &&
           narrow_put(writer, "weight", tree->weight, leaves, error) &&
           forest_counts_put(writer, class_count, tree, error) && put_missing(writer, tree, error);
}

/* Without `n`. */
static uint32_t columns_of(const struct tree *tree)
{
    return 4u + (tree->mixed ? FOREST_COUNTS : 0) + tree->sided;
}

bool forest_write(struct stream_writer *writer, uint32_t class_count, const struct tree *tree,
                  struct error *error)
{
    return stream_block(writer, tree->nodes, columns_of(tree), error) &&
           put_columns(writer, class_count, tree, error);
}

bool forest_write_summed(struct stream_writer *writer, uint32_t class_count,
                         const struct tree *tree, struct error *error)
{
    return stream_block(writer, tree->nodes, columns_of(tree) + 1, error) &&
           put_columns(writer, class_count, tree, error) && stream_put_sum(writer, error);
}
