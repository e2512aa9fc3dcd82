/*
 * A tile has as many samples as leave room in a second cache for their values and sums, up
 * to as many as gain by company, and down to a word of them.
 */
#include "vote/unseen.h"

#include "base/memory.h"
#include "base/prefetch.h"
#include "vote/keys.h"

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

size_t unseen_rows(const struct unseen_form *form)
{
    const size_t row = form->dim * sizeof(float) + form->classes * sizeof(double);
    const size_t rows = TILE_BYTES / row / CROWD_WORD * CROWD_WORD;
    return rows < FEWEST ? FEWEST : rows > MOST ? MOST : rows;
}

/* ---- tiles ---- */

bool unseen_start(struct unseen *unseen, const struct unseen_form *form, enum cpu_level level)
{
    *unseen = (struct unseen){.form = *form,
                              .packed = packed_start(form->dim, form->classes).form,
                              .rows = unseen_rows(form),
                              .kernel = walk_kernel_of(level, cpu_gathers_well())};
    const size_t rows = unseen->rows;
    const bool walking = walkers_start(&unseen->walkers, rows);
    unseen->walkers.gaps = form->gaps;
    unseen->sums = memory_array(rows, form->classes * sizeof *unseen->sums);
    unseen->votes = memory_array(rows, sizeof *unseen->votes);
    if (walking && unseen->sums && unseen->votes && reach_start(&unseen->reach, rows, level))
        return true;
    unseen_end(unseen);
    return false;
}

void unseen_end(struct unseen *unseen)
{
    reach_end(&unseen->reach);
    free(unseen->columns);
    free(unseen->keys);
    walkers_end(&unseen->walkers);
    free(unseen->sums);
    free(unseen->votes);
    *unseen = (struct unseen){0};
}

/* Makes columns of rows, block by block. False when memory is out. */
static bool take_columns(struct unseen *unseen, const float *x, size_t count)
{
    const size_t dim = unseen->form.dim, room = unseen->rows;
    if (!unseen->columns) { /* what is behind the last row is looked at as well */
        unseen->columns = memory_array(room, dim * sizeof *unseen->columns);
        if (!unseen->columns)
            return false;
        memset(unseen->columns, 0, room * dim * sizeof *unseen->columns);
    }
    for (size_t row = 0; row < count; row += BLOCK)
        for (size_t f = 0; f < dim; f += BLOCK)
            for (size_t i = f; i < dim && i < f + BLOCK; i++)
                for (size_t r = row; r < count && r < row + BLOCK; r++)
                    unseen->columns[i * room + r] = x[r * dim + i];
    return true;
}

/* Makes keys of rows. False when memory is out; or where a value is infinite, which none of samples
   is. */
static bool take_keys(struct unseen *unseen, const float *x, size_t count)
{
    const size_t dim = unseen->form.dim;
    struct walkers *walkers = &unseen->walkers;
    if (!unseen->keys)
        unseen->keys = memory_array(unseen->rows, dim * sizeof *unseen->keys);
    if (!unseen->keys)
        return false;
    walkers->keys = unseen->keys;
    keys_take(unseen->keys, x, count * dim);
    return !walkers->gaps || walkers_take_both(walkers, &unseen->packed, unseen->rows, count);
}

/* ---- votes of chained trees ---- */

/* Shares of one sample, tree by tree: the order of samples does not matter. */
static inline void add_place(struct unseen *unseen, const struct unseen_tree *tree,
                             struct reach_place place)
{
    const uint32_t classes = unseen->form.classes;
    double *sums = unseen->sums + (size_t)place.row * classes;
    unseen->votes[place.row]++;
    if (place.code < classes) {
        sums[place.code] += 1;
        return;
    }
    const struct unseen_share *share = &tree->shares[place.code - classes];
    for (; !(share->class & UNSEEN_LAST); share++)
        sums[share->class] += share->share;
    sums[share->class & ~UNSEEN_LAST] += share->share;
}

/* Brings nodes and shares of a tree near, if so many samples come to it. */
static void fetch_tree(const void *nodes, size_t node_bytes, const void *shares, size_t share_bytes,
                       size_t samples)
{
    if ((node_bytes + share_bytes) / LINE > FETCH * samples)
        return;
    prefetch_array(nodes, node_bytes);
    prefetch_array(shares, share_bytes);
}

static void vote_chained(struct unseen *unseen, const struct unseen_tree *tree,
                         const uint64_t *asked, size_t words)
{
    fetch_tree(tree->reach.nodes, (size_t)tree->reach.node_count * REACH_NODE_BYTES, tree->shares,
               tree->share_count * sizeof *tree->shares, words * CROWD_WORD);
    reach_find(&unseen->reach, &tree->reach, unseen->columns, asked, words);
    for (size_t i = 0; i < unseen->reach.count; i++)
        add_place(unseen, tree, unseen->reach.arrived[i]);
}

/* ---- votes of the others ---- */

/* Lists the samples whose bits are set; returns how many. */
static size_t list_asked(struct unseen *unseen, const uint64_t *asked, size_t words)
{
    size_t count = 0;
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = asked[word]; left; left &= left - 1)
            unseen->walkers.fresh[count++] =
                (uint32_t)(word * CROWD_WORD) + (uint32_t)__builtin_ctzll(left);
    return count;
}

/* Adds what a leaf gives that is not of one class, or where it leads to. */
static void add_exit(struct unseen *unseen, const struct walk *walk, const struct packed_tree *tree,
                     size_t row, double *sums)
{
    uint32_t code = unseen->walkers.codes[row];
    const struct packed_exit *exit = walk_exit(walk, tree, unseen->form.classes, row, &code);
    const struct packed_share *shares = exit ? tree->shares + exit->first : NULL;
    for (uint32_t i = 0; exit && i < exit->count; i++)
        sums[shares[i].class_number] += shares[i].share;
    if (!exit)
        sums[code] += 1;
}

static void vote_walked(struct unseen *unseen, const struct packed_tree *tree,
                        const uint64_t *asked, size_t words)
{
    const uint32_t classes = unseen->form.classes;
    const struct walk walk = walkers_walk(&unseen->walkers, &unseen->packed, tree);
    const size_t count = list_asked(unseen, asked, words);
    if (count) {
        fetch_tree(walk.nodes, tree->parts->node_count * sizeof *walk.nodes, tree->shares,
                   tree->share_count * sizeof *tree->shares, words * CROWD_WORD);
        walk_all(unseen->kernel, &walk, count, tree->steps);
    }
    for (size_t i = 0; i < count; i++) {
        const size_t row = unseen->walkers.fresh[i];
        double *sums = unseen->sums + row * classes;
        unseen->votes[row]++;
        if (unseen->walkers.codes[row] < classes)
            sums[unseen->walkers.codes[row]] += 1;
        else
            add_exit(unseen, &walk, tree, row, sums);
    }
}

bool unseen_tile(struct unseen *unseen, const struct unseen_tree *trees, size_t tree_count,
                 const float *x, size_t first, size_t count)
{
    const size_t words = (count + CROWD_WORD - 1) / CROWD_WORD;
    const float *own = x + first * unseen->form.dim;
    bool taken[2] = {false, false};
    for (size_t t = 0; t < tree_count; t++) {
        const bool chained = trees[t].chained;
        const uint64_t *asked = trees[t].unseen + first / CROWD_WORD;
        if (!taken[chained] && !(chained ? take_columns : take_keys)(unseen, own, count))
            return false;
        taken[chained] = true;
        if (chained)
            vote_chained(unseen, &trees[t], asked, words);
        else
            vote_walked(unseen, &trees[t].packed, asked, words);
    }
    return true;
}
