/*
 * Samples are passed through one tree after the other, as they were grown: packed trees share
 * leaves that say the same (vote/packed.h), and do not tell which is which.
 */
#include "run/similar.h"

#include "base/memory.h"
#include "base/report.h"
#include "stream/forest.h"

#include <stdlib.h>
#include <string.h>

/* A tree, and the training samples in the order of its leaves; ends[l]: where leaf l's end. */
struct similar_tree {
    struct tree tree;
    uint32_t *rows, *ends;
};

static void set_columns(float *columns, const float *x, size_t rows, uint32_t dim)
{
    for (size_t row = 0; row < rows; row++)
        for (size_t f = 0; f < dim; f++)
            columns[f * rows + row] = x[row * dim + f];
}

static void count_up(uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)i;
}

/* ---- loading ---- */

static bool sort_rows(struct similar *similar, struct similar_tree *tree, const float *columns,
                      struct leaves *leaves)
{
    size_t leaf_count = (size_t)tree->tree.splits + 1;
    tree->rows = memory_array(similar->rows, sizeof *tree->rows);
    tree->ends = memory_array(leaf_count, sizeof *tree->ends);
    if (!tree->rows || !tree->ends)
        return false;
    count_up(tree->rows, similar->rows);
    if (!leaves_find(leaves, &tree->tree, columns, similar->rows, tree->rows,
                     (uint32_t)similar->rows))
        return false;
    memcpy(tree->ends, leaves->ends, leaf_count * sizeof *tree->ends);
    return true;
}

static bool add_tree(struct similar *similar, const struct stream_header *header,
                     const struct stream_record *record, const float *columns,
                     struct leaves *leaves, struct error *error)
{
    if (!memory_reserve(&similar->trees, &similar->tree_capacity, similar->tree_count + 1,
                        sizeof *similar->trees))
        return error_memory(error, "looking for similar texts");
    struct similar_tree *tree = &similar->trees[similar->tree_count++];
    *tree = (struct similar_tree){0};
    return forest_decode(header, record, &tree->tree, error) &&
           (sort_rows(similar, tree, columns, leaves) ||
            error_memory(error, "looking for similar texts"));
}

static bool add_trees(struct similar *similar, struct stream_reader *reader,
                      const struct stream_header *header, const float *columns, struct error *error)
{
    struct stream_record record = {0};
    struct leaves leaves = {0};
    enum stream_next next;
    while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        if (!add_tree(similar, header, &record, columns, &leaves, error))
            break;
    stream_record_free(&record);
    leaves_free(&leaves);
    return next == STREAM_END;
}

/* What the forest was trained on, its end record says. */
static bool check_samples(struct stream_reader *reader, const struct samples *samples,
                          struct error *error)
{
    struct digest read = stream_read_digest(reader);
    if (read.size == samples->digest.size && read.crc32 == samples->digest.crc32)
        return true;
    return error_set(error, STATUS_INPUT,
                     "%s: was not trained on these samples (%llu bytes, CRC-32 %08x; these: %llu "
                     "bytes, %08x): name those that it was trained on",
                     stream_name(reader), (unsigned long long)read.size, (unsigned)read.crc32,
                     (unsigned long long)samples->digest.size, (unsigned)samples->digest.crc32);
}

static bool load_from(struct similar *similar, struct stream_reader *reader,
                      const struct samples *samples, struct error *error)
{
    struct stream_header header = {0};
    float *columns = memory_array(samples->rows, samples->dim * sizeof *columns);
    bool done = columns || error_memory(error, "looking for similar texts");
    if (done)
        set_columns(columns, samples->x, samples->rows, samples->dim);
    done = done && stream_read_header(reader, STREAM_FOREST, &header, error);
    if (done && header.dim != samples->dim)
        done = error_set(error, STATUS_INPUT, "%s: has %u %s, and the samples have %u",
                         stream_name(reader), (unsigned)header.dim,
                         report_noun(header.dim, "feature", "features"), (unsigned)samples->dim);
    done = done && add_trees(similar, reader, &header, columns, error) &&
           check_samples(reader, samples, error);
    free(columns);
    stream_header_free(&header);
    return done;
}

bool similar_load(struct similar *similar, const char *path, const struct samples *samples,
                  struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    similar->rows = samples->rows;
    similar->dim = samples->dim;
    bool done = reader && load_from(similar, reader, samples, error);
    stream_close(reader);
    return done;
}

void similar_free(struct similar *similar)
{
    for (size_t i = 0; i < similar->tree_count; i++) {
        tree_free(&similar->trees[i].tree);
        free(similar->trees[i].rows);
        free(similar->trees[i].ends);
    }
    free(similar->trees);
    *similar = (struct similar){0};
}

/* ---- finding ---- */

static bool reserve(const struct similar *similar, struct kinsfolk *kinsfolk, size_t count,
                    size_t most)
{
    return memory_reserve(&kinsfolk->columns, &kinsfolk->columns_capacity, count * similar->dim,
                          sizeof(float)) &&
           memory_reserve(&kinsfolk->rows, &kinsfolk->rows_capacity, count, sizeof(uint32_t)) &&
           memory_reserve(&kinsfolk->leaf_of, &kinsfolk->leaf_capacity, count * similar->tree_count,
                          sizeof(uint32_t)) &&
           memory_reserve(&kinsfolk->trees, &kinsfolk->trees_capacity, similar->rows,
                          sizeof(uint32_t)) &&
           memory_reserve(&kinsfolk->found, &kinsfolk->found_capacity, count * most,
                          sizeof(struct kin));
}

/* Notes the leaf of each of the samples in one tree. */
static bool note_leaves(const struct similar *similar, struct kinsfolk *kinsfolk, size_t number,
                        size_t count)
{
    const struct tree *tree = &similar->trees[number].tree;
    count_up(kinsfolk->rows, count);
    if (!leaves_find(&kinsfolk->leaves, tree, kinsfolk->columns, count, kinsfolk->rows,
                     (uint32_t)count))
        return false;
    for (uint32_t leaf = 0, i = 0; leaf <= tree->splits; leaf++)
        for (; i < kinsfolk->leaves.ends[leaf]; i++)
            kinsfolk->leaf_of[kinsfolk->rows[i] * similar->tree_count + number] = leaf;
    return true;
}

static void count_trees(const struct similar *similar, struct kinsfolk *kinsfolk,
                        const uint32_t *leaf_of)
{
    memset(kinsfolk->trees, 0, similar->rows * sizeof *kinsfolk->trees);
    for (size_t i = 0; i < similar->tree_count; i++) {
        const struct similar_tree *tree = &similar->trees[i];
        uint32_t leaf = leaf_of[i];
        for (uint32_t at = leaf ? tree->ends[leaf - 1] : 0; at < tree->ends[leaf]; at++)
            kinsfolk->trees[tree->rows[at]]++;
    }
}

/* Keeps the best in order: most are worse than the last of those, and cost one comparison. */
static void pick(const struct similar *similar, const uint32_t *trees, struct kin *found,
                 size_t most)
{
    memset(found, 0, most * sizeof *found);
    for (uint32_t row = 0; row < similar->rows; row++) {
        if (trees[row] <= found[most - 1].trees)
            continue;
        size_t at = most - 1;
        for (; at && found[at - 1].trees < trees[row]; at--)
            found[at] = found[at - 1];
        found[at] = (struct kin){row, trees[row]};
    }
}

bool similar_find(const struct similar *similar, struct kinsfolk *kinsfolk, const float *x,
                  size_t count, size_t most)
{
    if (!reserve(similar, kinsfolk, count, most))
        return false;
    set_columns(kinsfolk->columns, x, count, similar->dim);
    for (size_t i = 0; i < similar->tree_count; i++)
        if (!note_leaves(similar, kinsfolk, i, count))
            return false;
    for (size_t i = 0; i < count; i++) {
        count_trees(similar, kinsfolk, kinsfolk->leaf_of + i * similar->tree_count);
        pick(similar, kinsfolk->trees, kinsfolk->found + i * most, most);
    }
    return true;
}

void kinsfolk_free(struct kinsfolk *kinsfolk)
{
    leaves_free(&kinsfolk->leaves);
    free(kinsfolk->columns);
    free(kinsfolk->rows);
    free(kinsfolk->leaf_of);
    free(kinsfolk->trees);
    free(kinsfolk->found);
    *kinsfolk = (struct kinsfolk){0};
}
