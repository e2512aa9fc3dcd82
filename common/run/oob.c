/*
 * A ballot is the numbers of the samples that are not in a tree's bag, and then those of the leaves
 * that they reach; what a leaf says stands in the tree.
 */
#include "run/oob.h"

#include "base/memory.h"
#include "forest/bag.h"
#include "stream/predictions.h"

#include <stdlib.h>
#include <string.h>

bool oob_start(struct oob *oob, const struct samples *samples, const struct growth *growth,
               struct error *error)
{
    const size_t rows = samples->rows, classes = samples->class_count;
    *oob = (struct oob){.samples = samples, .growth = growth};
    oob->sums = memory_array(rows, classes * sizeof *oob->sums);
    oob->votes = memory_array(rows, sizeof *oob->votes);
    oob->weight = memory_array(rows, sizeof *oob->weight);
    oob->rows = memory_array(rows, sizeof *oob->rows);
    if (!oob->sums || !oob->votes || !oob->weight || !oob->rows)
        return error_memory(error, "voting out of bag");
    memset(oob->sums, 0, rows * classes * sizeof *oob->sums);
    memset(oob->votes, 0, rows * sizeof *oob->votes);
    return true;
}

void oob_free(struct oob *oob)
{
    free(oob->sums);
    free(oob->votes);
    free(oob->weight);
    free(oob->rows);
    free(oob->first);
    free(oob->shares);
    reach_free(&oob->reach);
    *oob = (struct oob){0};
}

/* ---- ballots ---- */

/* Lists the rows that are not in a bag; returns how many. */
static uint32_t rows_out(const struct oob *oob, const uint32_t *weight)
{
    uint32_t count = 0;
    for (uint32_t row = 0; row < oob->samples->rows; row++) {
        oob->rows[count] = row;
        count += weight[row] == 0;
    }
    return count;
}

const uint32_t *oob_draw(struct oob *oob, uint64_t index)
{
    struct random random = random_keyed(oob->growth->seed, index);
    bag_draw(&random, oob->growth, (uint32_t)oob->samples->rows, oob->weight, oob->rows);
    return oob->weight;
}

bool oob_ballot(struct oob *oob, const uint32_t *weight, const struct tree *tree,
                struct workers_result *ballot, struct error *error)
{
    const struct samples *samples = oob->samples;
    const uint32_t rows = rows_out(oob, weight);
    return (reach_find(&oob->reach, tree, samples->x, samples->dim, oob->rows, rows) &&
            workers_append(ballot, oob->rows, rows * sizeof *oob->rows) &&
            workers_append(ballot, oob->reach.leaf, rows * sizeof *oob->reach.leaf)) ||
           error_memory(error, "voting out of bag");
}

/* ---- sums ---- */

/* A class that a leaf says, and its share. */
struct oob_share {
    uint32_t class;
    double share;
};

/* How many classes the leaves of a tree say, together. */
static size_t count_shares(const struct tree *tree, uint32_t classes)
{
    const size_t all = (size_t)tree->mixed * classes;
    size_t shares = (size_t)tree->splits + 1 - tree->mixed;
    for (size_t i = 0; i < all; i++)
        shares += tree->counts[i] != 0;
    return shares;
}

/* What each leaf says: many samples ask the same. A leaf of one class says that it is that; one of
   several, their shares, and nothing of those that it has none of. */
static bool find_shares(struct oob *oob, const struct tree *tree)
{
    const uint32_t classes = oob->samples->class_count, *counts = tree->counts;
    size_t at = 0;
    if (!memory_reserve(&oob->first, &oob->first_capacity, (size_t)tree->splits + 2,
                        sizeof *oob->first) ||
        !memory_reserve(&oob->shares, &oob->share_capacity, count_shares(tree, classes),
                        sizeof *oob->shares))
        return false;
    for (uint32_t leaf = 0; leaf <= tree->splits; leaf++) {
        const uint32_t class = tree->leaf_class[leaf];
        oob->first[leaf] = at;
        if (class != TREE_NONE) {
            oob->shares[at++] = (struct oob_share){class, 1.0};
            continue;
        }
        for (uint32_t c = 0; c < classes; c++)
            if (counts[c])
                oob->shares[at++] =
                    (struct oob_share){c, (double)counts[c] / (double)tree->weight[leaf]};
        counts += classes;
    }
    oob->first[tree->splits + 1] = at;
    return true;
}

static void add_vote(struct oob *oob, uint32_t leaf, uint32_t row)
{
    double *sums = oob->sums + (size_t)row * oob->samples->class_count;
    oob->votes[row]++;
    for (size_t i = oob->first[leaf]; i < oob->first[leaf + 1]; i++)
        sums[oob->shares[i].class] += oob->shares[i].share;
}

bool oob_add(struct oob *oob, const struct tree *tree, const unsigned char *ballot, size_t size)
{
    const size_t rows = size / (2 * sizeof(uint32_t));
    const uint32_t *row = (const void *)ballot, *leaf = row + rows;
    if (size % (2 * sizeof *row) || !find_shares(oob, tree))
        return false;
    for (size_t i = 0; i < rows; i++)
        if (leaf[i] > tree->splits || row[i] >= oob->samples->rows)
            return false;
        else
            add_vote(oob, leaf[i], row[i]);
    return true;
}

/* ---- predictions ---- */

/* What is said of samples that no tree voted on: the classes' shares among all. */
static double *make_prior(const struct samples *samples, struct error *error)
{
    double *prior = calloc(samples->class_count, sizeof *prior);
    if (!prior) {
        error_memory(error, "writing out-of-bag predictions");
        return NULL;
    }
    for (size_t row = 0; row < samples->rows; row++)
        prior[samples->class_of[row]] += 1.0;
    for (uint32_t c = 0; c < samples->class_count; c++)
        prior[c] /= (double)samples->rows;
    return prior;
}

/* A block of predictions in the making; all arrays have room for `room` rows. */
struct block {
    size_t room;
    int32_t *predicted;
    struct text *labels;
    float *proba;
    double *prior;
};

static void fill_row(const struct oob *oob, struct block *block, size_t row, size_t at,
                     struct oob_totals *totals)
{
    const struct samples *samples = oob->samples;
    const uint32_t classes = samples->class_count, votes = oob->votes[row];
    const double *sums = votes ? oob->sums + row * classes : block->prior;
    const double divisor = votes ? (double)votes : 1.0;
    uint32_t best = 0;
    for (uint32_t c = 0; c < classes; c++) {
        block->proba[at * classes + c] = (float)(sums[c] / divisor);
        if (sums[c] / divisor > sums[best] / divisor)
            best = c;
    }
    block->predicted[at] = (int32_t)best;
    block->labels[at] = samples->classes[samples->class_of[row]];
    totals->unvoted += votes == 0;
    totals->right += best == samples->class_of[row];
}

static bool write_blocks(const struct oob *oob, struct block *block, struct stream_writer *writer,
                         const struct stream_header *header, struct oob_totals *totals,
                         struct error *error)
{
    const struct samples *samples = oob->samples;
    for (size_t first = 0, count; first < samples->rows; first += count) {
        count = samples->rows - first < block->room ? samples->rows - first : block->room;
        for (size_t i = 0; i < count; i++)
            fill_row(oob, block, first + i, i, totals);
        const struct predictions_rows rows = {.rows = (uint32_t)count,
                                              .predicted = block->predicted,
                                              .labels = block->labels,
                                              .proba = block->proba};
        if (!predictions_write(writer, header, &rows, error))
            return false;
    }
    return true;
}

static bool make_block(struct block *block, const struct samples *samples, struct error *error)
{
    block->room = stream_block_rows(samples->class_count);
    block->predicted = memory_array(block->room, sizeof *block->predicted);
    block->labels = memory_array(block->room, sizeof *block->labels);
    block->proba = memory_array(block->room, samples->class_count * sizeof *block->proba);
    block->prior = make_prior(samples, error);
    return (block->predicted && block->labels && block->proba && block->prior) ||
           error_memory(error, "writing out-of-bag predictions");
}

bool oob_write(const struct oob *oob, const struct lineage *lineage, struct output *output,
               struct oob_totals *totals, struct error *error)
{
    const struct samples *samples = oob->samples;
    const struct stream_header header = {.kind = STREAM_PREDICTIONS,
                                         .labelled = true,
                                         .class_count = samples->class_count,
                                         .classes = samples->classes,
                                         .proba = true,
                                         .lineage = *lineage};
    struct block block = {0};
    *totals = (struct oob_totals){0};
    struct stream_writer *writer = stream_begin(output, &header, error);
    bool done = writer && make_block(&block, samples, error) &&
                write_blocks(oob, &block, writer, &header, totals, error);
    free(block.predicted);
    free(block.labels);
    free(block.proba);
    free(block.prior);
    if (done)
        return stream_end(writer, samples->digest, error);
    stream_abandon(writer);
    return false;
}
