/* A tree is checked as it is decoded, so that a walk over it needs no check of its own. */
#include "stream/forest.h"

#include "base/memory.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdlib.h>
#include <string.h>

/* ---- unsigned columns of the narrowest width ---- */

static size_t width_for(const uint32_t *values, size_t count)
{
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] != TREE_NONE && values[i] > most)
            most = values[i];
    return most < UINT8_MAX ? 1 : most < UINT16_MAX ? 2 : 4;
}

/* The mark of all ones is all ones in every width, so narrowing is cutting. */
static bool put_narrow(struct stream_writer *writer, const char *key, const uint32_t *values,
                       size_t count, struct error *error)
{
    size_t width = width_for(values, count);
    if (width == 4)
        return stream_put_numbers(writer, key, values, count, width, error);
    unsigned char *narrow = memory_array(count, width);
    if (!narrow)
        return error_memory(error, "writing a tree");
    for (size_t i = 0; i < count; i++) {
        uint16_t value = (uint16_t)values[i];
        if (width == 1)
            narrow[i] = (unsigned char)value;
        else
            memcpy(narrow + 2 * i, &value, sizeof value);
    }
    bool done = stream_put_numbers(writer, key, narrow, count, width, error);
    free(narrow);
    return done;
}

static void widen(uint32_t *values, const unsigned char *bytes, size_t count, size_t width)
{
    if (width == 4) {
        numbers_copy(values, bytes, count, width);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint16_t value = bytes[i];
        if (width == 2)
            numbers_copy(&value, bytes + 2 * i, 1, sizeof value);
        uint32_t mark = width == 1 ? UINT8_MAX : UINT16_MAX;
        values[i] = value == mark ? TREE_NONE : value;
    }
}

static bool get_narrow(const struct stream_record *record, const char *key, uint32_t *values,
                       size_t count, struct error *error)
{
    const msgpack_object *found = object_find_typed(record->map, key, MSGPACK_OBJECT_BIN);
    size_t size = found ? found->via.bin.size : 0;
    size_t width = size % count == 0 ? size / count : 0;
    if (width != 1 && width != 2 && width != 4)
        return stream_damaged(record, error, "column %s has %zu bytes for %zu rows", key, size,
                              count);
    widen(values, (const unsigned char *)found->via.bin.ptr, count, width);
    return true;
}

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

/* The counts of each mixed leaf add up to its weight. */
static bool check_counts(const struct stream_header *header, const struct stream_record *record,
                         const struct tree *tree, struct error *error)
{
    const uint32_t *counts = tree->counts;
    for (uint32_t i = 0; i <= tree->splits; i++) {
        if (tree->leaf_class[i] != TREE_NONE)
            continue;
        uint64_t sum = 0;
        for (uint32_t c = 0; c < header->class_count; c++)
            sum += counts[c];
        if (sum != tree->weight[i])
            return stream_damaged(record, error, "the counts of leaf %u do not add up", i);
        counts += header->class_count;
    }
    return true;
}

/* ---- blocks ---- */

static bool decode_splits(const struct stream_header *header, const struct stream_record *record,
                          struct tree *tree, struct error *error)
{
    struct column threshold;
    if (!get_narrow(record, "feature", tree->feature, tree->nodes, error) ||
        !check_shape(header, record, tree, error) ||
        !stream_column(record, "threshold", tree->splits, sizeof(float), &threshold, error))
        return false;
    numbers_copy(tree->threshold, threshold.bytes, tree->splits, sizeof(float));
    return check_thresholds(record, tree, error);
}

static bool decode_counts(const struct stream_header *header, const struct stream_record *record,
                          struct tree *tree, struct error *error)
{
    struct column counts;
    size_t count = (size_t)tree->mixed * header->class_count;
    if (!stream_column(record, "counts", count, sizeof(uint32_t), &counts, error))
        return false;
    if (!tree_reserve_counts(tree, count))
        return error_memory(error, "reading a tree");
    numbers_copy(tree->counts, counts.bytes, count, sizeof(uint32_t));
    return check_counts(header, record, tree, error);
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
           get_narrow(record, "class", tree->leaf_class, tree->splits + 1, error) &&
           get_narrow(record, "weight", tree->weight, tree->splits + 1, error) &&
           check_leaves(header, record, tree, error) &&
           decode_counts(header, record, tree, error) && decode_missing(record, tree, error);
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
    return put_narrow(writer, "feature", tree->feature, tree->nodes, error) &&
           stream_put_numbers(writer, "threshold", tree->threshold, tree->splits, sizeof(float),
                              error) &&
           put_narrow(writer, "class", tree->leaf_class, leaves, error) &&
           put_narrow(writer, "weight", tree->weight, leaves, error) &&
           stream_put_numbers(writer, "counts", tree->counts, (size_t)tree->mixed * class_count,
                              sizeof(uint32_t), error) &&
           put_missing(writer, tree, error);
}

bool forest_write(struct stream_writer *writer, uint32_t class_count, const struct tree *tree,
                  struct error *error)
{
    return stream_block(writer, tree->nodes, 5u + tree->sided, error) &&
           put_columns(writer, class_count, tree, error);
}

bool forest_write_summed(struct stream_writer *writer, uint32_t class_count,
                         const struct tree *tree, struct error *error)
{
    return stream_block(writer, tree->nodes, 6u + tree->sided, error) &&
           put_columns(writer, class_count, tree, error) && stream_put_sum(writer, error);
}
