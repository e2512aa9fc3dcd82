/* In memory a mixed leaf has a number for each class, which is checked to be no more than a record
   may have, before memory is taken for it. */
#include "stream/forest_counts.h"

#include "base/memory.h"
#include "stream/narrow.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdlib.h>
#include <string.h>

/* The three columns. */
struct listed {
    uint32_t *kinds, *among, *counts;
};

static void listed_free(struct listed *listed)
{
    free(listed->kinds);
    free(listed->among);
    free(listed->counts);
}

static bool list_classes(struct listed *listed, size_t classes)
{
    listed->among = memory_array(classes, sizeof *listed->among);
    listed->counts = memory_array(classes, sizeof *listed->counts);
    return listed->among && listed->counts;
}

/* In memory. What readers refuse is not written. */
static bool fits(const struct tree *tree, uint32_t class_count)
{
    return (uint64_t)tree->mixed * class_count <= STREAM_MAX_RECORD / sizeof *tree->counts;
}

/* ---- writing ---- */

/* How many classes the leaves have together; fills in how many each has. */
static size_t count_kinds(const struct tree *tree, uint32_t class_count, uint32_t *kinds)
{
    const uint32_t *counts = tree->counts;
    size_t all = 0;
    for (uint32_t leaf = 0; leaf < tree->mixed; leaf++, counts += class_count) {
        kinds[leaf] = 0;
        for (uint32_t c = 0; c < class_count; c++)
            kinds[leaf] += counts[c] != 0;
        all += kinds[leaf];
    }
    return all;
}

static void fill(struct listed *listed, const struct tree *tree, uint32_t class_count)
{
    size_t at = 0;
    for (size_t i = 0; i < (size_t)tree->mixed * class_count; i++)
        if (tree->counts[i]) {
            listed->among[at] = (uint32_t)(i % class_count);
            listed->counts[at++] = tree->counts[i];
        }
}

bool forest_counts_put(struct stream_writer *writer, uint32_t class_count, const struct tree *tree,
                       struct error *error)
{
    if (!tree->mixed)
        return true;
    if (!fits(tree, class_count))
        return error_set(error, STATUS_INPUT,
                         "a tree has %u leaves that mix %u classes, which take more than 1 GiB: "
                         "let leaves have more samples, or classes be fewer",
                         tree->mixed, class_count);
    struct listed listed = {.kinds = memory_array(tree->mixed, sizeof *listed.kinds)};
    const size_t all = listed.kinds ? count_kinds(tree, class_count, listed.kinds) : 0;
    bool done = listed.kinds && list_classes(&listed, all);
    if (done)
        fill(&listed, tree, class_count);
    done = done ? narrow_put(writer, "kinds", listed.kinds, tree->mixed, error) &&
                      narrow_put(writer, "among", listed.among, all, error) &&
                      narrow_put(writer, "counts", listed.counts, all, error)
                : error_memory(error, "writing a tree");
    listed_free(&listed);
    return done;
}

/* ---- reading ---- */

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

/* As it was: a number for each class. */
static bool decode_all(const struct stream_record *record, size_t count, struct tree *tree,
                       struct error *error)
{
    struct column counts;
    if (!stream_column(record, "counts", count, sizeof(uint32_t), &counts, error))
        return false;
    if (!tree_reserve_counts(tree, count))
        return error_memory(error, "reading a tree");
    numbers_copy(tree->counts, counts.bytes, count, sizeof(uint32_t));
    return true;
}

/* Adds up the leaves' classes; each takes a byte, so that there are no more than the record has. */
static bool add_kinds(const struct stream_record *record, const struct tree *tree,
                      uint32_t class_count, const uint32_t *kinds, size_t *all, struct error *error)
{
    uint64_t sum = 0;
    *all = 0;
    for (uint32_t leaf = 0; leaf < tree->mixed; leaf++) {
        if (kinds[leaf] == 0 || kinds[leaf] > class_count)
            return stream_damaged(record, error, "mixed leaf %u has %u classes of %u", leaf,
                                  kinds[leaf], class_count);
        sum += kinds[leaf];
    }
    *all = (size_t)sum;
    return sum <= record->size ||
           stream_damaged(record, error, "the block is too short for its mixed leaves");
}

static bool spread(const struct stream_record *record, const struct listed *listed,
                   uint32_t class_count, struct tree *tree, struct error *error)
{
    uint32_t *counts = tree->counts;
    size_t at = 0;
    for (uint32_t leaf = 0; leaf < tree->mixed; leaf++, counts += class_count)
        for (uint32_t kind = 0; kind < listed->kinds[leaf]; kind++, at++) {
            const uint32_t c = listed->among[at];
            if (c >= class_count || (kind && c <= listed->among[at - 1]))
                return stream_damaged(record, error,
                                      "the classes of mixed leaf %u are out of order", leaf);
            counts[c] = listed->counts[at];
        }
    return true;
}

static bool read_listed(const struct stream_record *record, uint32_t class_count, struct tree *tree,
                        struct listed *listed, struct error *error)
{
    const size_t numbers = (size_t)tree->mixed * class_count;
    size_t all;
    listed->kinds = memory_array(tree->mixed, sizeof *listed->kinds);
    if (!listed->kinds)
        return error_memory(error, "reading a tree");
    if (!narrow_get(record, "kinds", listed->kinds, tree->mixed, error) ||
        !add_kinds(record, tree, class_count, listed->kinds, &all, error))
        return false;
    if (!list_classes(listed, all) || !tree_reserve_counts(tree, numbers))
        return error_memory(error, "reading a tree");
    memset(tree->counts, 0, numbers * sizeof *tree->counts);
    return narrow_get(record, "among", listed->among, all, error) &&
           narrow_get(record, "counts", listed->counts, all, error) &&
           spread(record, listed, class_count, tree, error);
}

bool forest_counts_decode(const struct stream_header *header, const struct stream_record *record,
                          struct tree *tree, struct error *error)
{
    const uint64_t numbers = (uint64_t)tree->mixed * header->class_count;
    struct listed listed = {NULL};
    if (!tree->mixed)
        return true;
    if (!fits(tree, header->class_count))
        return stream_damaged(record, error, "%u mixed leaves of %u classes are too many",
                              tree->mixed, header->class_count);
    bool done = object_find(record->map, "kinds")
                    ? read_listed(record, header->class_count, tree, &listed, error)
                    : decode_all(record, (size_t)numbers, tree, error);
    listed_free(&listed);
    return done && check_counts(header, record, tree, error);
}
