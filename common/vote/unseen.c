/*
 * What a mixed leaf says is worked out once, for many samples ask the same: the classes that it has
 * and their shares. What is zero is passed over, which adds nothing to a sum.
 *
 * A tile has as many samples as leave room in a second cache for their values and sums, up
 * to as many as gain by company, and down to a word of them.
 */
#include "vote/unseen.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    TILE_BYTES = 1 << 20,
    FEWEST = CROWD_WORD, /* samples of a tile, */
    MOST = 4096,         /* and at most */
    LINE = 64,           /* bytes that a cache brings near at a time */
    FETCH = 2,           /* of these worth fetching for each sample of a tile */
    BLOCK = 16           /* rows and columns that are turned together */
};

/* One of a leaf's shares, which stand one behind the other; beside the class of the last one is
   LAST. */
struct unseen_share {
    uint32_t class;
    double share;
};
#define LAST (UINT32_C(1) << 31)

/* ---- trees ---- */

/* How many samples a tile has. */
static size_t tile_rows(uint32_t dim, uint32_t classes)
{
    const size_t row = dim * sizeof(float) + classes * sizeof(double);
    const size_t rows = TILE_BYTES / row / CROWD_WORD * CROWD_WORD;
    return rows < FEWEST ? FEWEST : rows > MOST ? MOST : rows;
}

/* How many classes the mixed leaves of a tree have, together. */
static size_t count_shares(const struct tree *tree, uint32_t classes)
{
    const size_t all = (size_t)tree->mixed * classes;
    size_t shares = 0;
    for (size_t i = 0; i < all; i++)
        shares += tree->counts[i] != 0;
    return shares;
}

/* The codes by which what leaves say is found: the class of a leaf that has one; of a mixed one,
   the number of classes and of the shares before its own. */
static void find_shares(struct unseen_share *shares, uint32_t *codes, const struct tree *tree,
                        uint32_t classes)
{
    const uint32_t *counts = tree->counts;
    uint32_t at = 0;
    for (uint32_t leaf = 0; leaf <= tree->splits; leaf++) {
        codes[leaf] = tree->leaf_class[leaf];
        if (codes[leaf] != TREE_NONE)
            continue;
        codes[leaf] = classes + at;
        for (uint32_t c = 0; c < classes; c++)
            if (counts[c])
                shares[at++] =
                    (struct unseen_share){c, (double)counts[c] / (double)tree->weight[leaf]};
        shares[at - 1].class |= LAST;
        counts += classes;
    }
}

bool unseen_tree_make(struct unseen_tree *made, const struct tree *tree, uint32_t dim,
                      uint32_t classes, const void *unseen, size_t words)
{
    const size_t shares = count_shares(tree, classes);
    uint32_t *codes = memory_array((size_t)tree->splits + 1, sizeof *codes);
    *made =
        (struct unseen_tree){.shares = memory_array(shares, sizeof *made->shares),
                             .share_count = shares,
                             .unseen = memory_array(words, sizeof *made->unseen),
                             .bytes = sizeof *made + tree->nodes * REACH_NODE_BYTES +
                                      shares * sizeof *made->shares + words * sizeof *made->unseen};
    bool good = codes && made->shares && made->unseen;
    if (good) {
        memcpy(made->unseen, unseen, words * sizeof *made->unseen);
        find_shares(made->shares, codes, tree, classes);
        good = reach_tree_make(&made->reach, tree, codes, tile_rows(dim, classes));
    }
    free(codes);
    return good;
}

void unseen_tree_free(struct unseen_tree *tree)
{
    reach_tree_free(&tree->reach);
    free(tree->shares);
    free(tree->unseen);
    *tree = (struct unseen_tree){0};
}

/* ---- tiles ---- */

bool unseen_start(struct unseen *unseen, uint32_t dim, uint32_t classes, enum cpu_level level)
{
    const size_t rows = tile_rows(dim, classes);
    *unseen = (struct unseen){.dim = dim, .classes = classes, .rows = rows};
    unseen->columns = memory_array(rows, dim * sizeof *unseen->columns);
    unseen->sums = memory_array(rows, classes * sizeof *unseen->sums);
    unseen->votes = memory_array(rows, sizeof *unseen->votes);
    if (!unseen->columns || !unseen->sums || !unseen->votes ||
        !reach_start(&unseen->reach, rows, level)) {
        unseen_end(unseen);
        return false;
    }
    memset(unseen->columns, 0, rows * dim * sizeof *unseen->columns);
    return true;
}

void unseen_end(struct unseen *unseen)
{
    reach_end(&unseen->reach);
    free(unseen->columns);
    free(unseen->sums);
    free(unseen->votes);
    *unseen = (struct unseen){0};
}

/* Makes columns of rows, block by block. */
static void turn(const struct unseen *unseen, const float *x, size_t count)
{
    const size_t dim = unseen->dim, room = unseen->rows;
    for (size_t row = 0; row < count; row += BLOCK)
        for (size_t f = 0; f < dim; f += BLOCK)
            for (size_t i = f; i < dim && i < f + BLOCK; i++)
                for (size_t r = row; r < count && r < row + BLOCK; r++)
                    unseen->columns[i * room + r] = x[r * dim + i];
}

/* Shares of one sample, tree by tree: the order of samples does not matter. */
static inline void add_vote(struct unseen *unseen, const struct unseen_tree *tree,
                            struct reach_place place)
{
    double *sums = unseen->sums + (size_t)place.row * unseen->classes;
    unseen->votes[place.row]++;
    if (place.code < unseen->classes) {
        sums[place.code] += 1;
        return;
    }
    const struct unseen_share *share = &tree->shares[place.code - unseen->classes];
    for (; !(share->class & LAST); share++)
        sums[share->class] += share->share;
    sums[share->class & ~LAST] += share->share;
}

/* Brings what many samples will look at into the cache, in ascending order, which the machine does
   many times faster than in that of the samples. */
static void fetch(const void *array, size_t bytes)
{
    const volatile unsigned char *at = array;
    for (size_t i = 0; i < bytes; i += LINE)
        (void)at[i];
}

static void fetch_tree(const struct unseen_tree *tree, size_t samples)
{
    const size_t nodes = (size_t)tree->reach.node_count * REACH_NODE_BYTES;
    const size_t shares = tree->share_count * sizeof *tree->shares;
    if ((nodes + shares) / LINE > FETCH * samples)
        return;
    fetch(tree->reach.nodes, nodes);
    fetch(tree->shares, shares);
}

void unseen_tile(struct unseen *unseen, const struct unseen_tree *trees, size_t tree_count,
                 const float *x, size_t first, size_t count)
{
    struct reach *reach = &unseen->reach;
    const size_t words = (count + CROWD_WORD - 1) / CROWD_WORD;
    turn(unseen, x, count);
    for (size_t t = 0; t < tree_count; t++) {
        fetch_tree(&trees[t], count);
        reach_find(reach, &trees[t].reach, unseen->columns, trees[t].unseen + first / CROWD_WORD,
                   words);
        for (size_t i = 0; i < reach->count; i++)
            add_vote(unseen, &trees[t], reach->arrived[i]);
    }
}
