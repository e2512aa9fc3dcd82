/*
 * Walking trees.
 *
 * One step of one sample is a chain of dependent loads, so LANES samples walk the same tree side
 * by side and hide each other's latency. (Asadi, Lin and de Vries, "Runtime optimizations for
 * tree-based machine learning models", IEEE TKDE 26(9), 2014, call the interleaving VPred.) They
 * walk a fixed number of steps, for a branch that asked at each step whether the leaf is reached
 * could not be foreseen; who reaches it early rests there. Then those that have not are moved
 * together, and walk on in rounds: the first takes as many steps as most samples need, so few
 * rest long, and few are left for another.
 *
 * The samples of a tile stay in the cache while tree after tree passes over them. A tree that is
 * larger than the first cache is fetched in ascending order before it is walked, which the
 * machine does many times faster than in the order of the walks.
 */
#include "forest/vote.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    LANES = 16,
    LATER_STEPS = 4,     /* of each round but the first */
    X_BYTES = 1 << 20,   /* of a tile's samples */
    SUM_BYTES = 1 << 22, /* of a tile's sums */
    NEAR_NODES = 4096,   /* 32 KiB: no need to fetch these ahead */
    FETCH_PER_ROW = 64,  /* nodes worth fetching for each sample that will walk */
    LINE_NODES = 8       /* nodes in a cache line */
};

/* A sample on its way to a leaf. */
struct vote_walker {
    uint32_t place;
    uint32_t row;
};

/* ---- voters ---- */

static size_t tile_rows(const struct packed_forest *forest)
{
    size_t by_x = X_BYTES / (forest->form.dim * sizeof(float));
    size_t by_sums = SUM_BYTES / (forest->form.class_count * sizeof(double));
    size_t rows = by_x < by_sums ? by_x : by_sums;
    return rows / LANES * LANES + LANES;
}

bool vote_start(struct voter *voter, const struct packed_forest *forest)
{
    *voter = (struct voter){.forest = forest, .rows = tile_rows(forest)};
    voter->x = memory_array(voter->rows, forest->form.dim * sizeof *voter->x);
    voter->classes = memory_array(voter->rows, sizeof *voter->classes);
    voter->proba = memory_array(voter->rows, forest->form.class_count * sizeof *voter->proba);
    voter->codes = memory_array(voter->rows, sizeof *voter->codes);
    voter->walkers = memory_array(voter->rows + LANES, sizeof *voter->walkers);
    voter->keys = (void *)voter->x; /* each key takes the place of its float */
    if (voter->x && voter->classes && voter->proba && voter->codes && voter->walkers)
        return true;
    vote_end(voter);
    return false;
}

void vote_end(struct voter *voter)
{
    free(voter->x);
    free(voter->classes);
    free(voter->proba);
    free(voter->codes);
    free(voter->walkers);
    *voter = (struct voter){0};
}

/* ---- keys ---- */

/* What is infinite or no number has its key at either end. */
static uint32_t beyond_finite(uint32_t key)
{
    return key - PACKED_LOWEST >= PACKED_LEAF - PACKED_LOWEST;
}

/* Puts keys in the place of floats. Returns whether any is not finite. */
static inline uint32_t take_keys(uint32_t *keys, const float *x, size_t count)
{
    uint32_t beyond = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t key = packed_key(x[i]);
        keys[i] = key;
        beyond |= beyond_finite(key);
    }
    return beyond;
}

/* Of a number that it knows, a compiler makes vector code without being asked to. */
static bool take_all_keys(struct voter *voter, size_t count)
{
    enum { STEP = 16 };
    size_t values = count * voter->forest->form.dim, i = 0;
    uint32_t beyond = 0;
    for (; i + STEP <= values; i += STEP)
        beyond |= take_keys(voter->keys + i, voter->x + i, STEP);
    beyond |= take_keys(voter->keys + i, voter->x + i, values - i);
    return !beyond;
}

/* ---- walking ---- */

struct walk {
    const struct packed_node *nodes;
    uint32_t feature_mask;
    unsigned feature_bits;
};

static struct walk walk_of(const struct packed_form *form, const struct packed_tree *tree,
                           const struct packed_part *part)
{
    return (struct walk){.nodes = tree->nodes + part->first_node,
                         .feature_mask = (UINT32_C(1) << form->feature_bits) - 1,
                         .feature_bits = form->feature_bits};
}

/* Where a sample of these keys goes from `place`. */
static inline uint32_t step(const struct walk *walk, uint32_t place, const uint32_t *keys)
{
    const struct packed_node *node = &walk->nodes[place];
    uint32_t key = keys[node->lower & walk->feature_mask];
    return (node->lower >> walk->feature_bits) - (key <= node->key);
}

static inline uint32_t code_of(const struct walk *walk, uint32_t place)
{
    return walk->nodes[place].key & ~PACKED_LEAF;
}

/* LANES walkers take `steps` steps. */
static inline void walk_lanes(const struct walk *walk, const struct voter *voter,
                              struct vote_walker *walkers, uint32_t steps)
{
    uint32_t place[LANES];
    const uint32_t *keys[LANES];
#pragma GCC unroll 16
    for (int lane = 0; lane < LANES; lane++) {
        place[lane] = walkers[lane].place;
        keys[lane] = voter->keys + (size_t)walkers[lane].row * voter->forest->form.dim;
    }
    for (uint32_t i = 0; i < steps; i++)
#pragma GCC unroll 16
        for (int lane = 0; lane < LANES; lane++)
            place[lane] = step(walk, place[lane], keys[lane]);
#pragma GCC unroll 16
    for (int lane = 0; lane < LANES; lane++)
        walkers[lane].place = place[lane];
}

/*
 * The first `count` walkers take `steps` steps, and the codes of where they are then are noted.
 * Those that are not in a leaf yet are moved to the front; returns their number.
 */
static size_t walk_round(const struct walk *walk, const struct voter *voter, size_t count,
                         uint32_t steps)
{
    struct vote_walker *walkers = voter->walkers;
    size_t left = 0;
    for (size_t lane = count; lane % LANES; lane++) /* company for the last ones */
        walkers[lane] = walkers[0];
    for (size_t i = 0; i < count; i += LANES) {
        size_t lanes = count - i < LANES ? count - i : LANES;
        walk_lanes(walk, voter, walkers + i, steps);
        for (size_t lane = 0; lane < lanes; lane++) {
            struct vote_walker walker = walkers[i + lane];
            voter->codes[walker.row] = code_of(walk, walker.place);
            walkers[left] = walker;
            left += walk->nodes[walker.place].key < PACKED_LEAF;
        }
    }
    return left;
}

static void walk_all(const struct walk *walk, const struct voter *voter, size_t count,
                     uint32_t steps)
{
    for (uint32_t row = 0; row < count; row++)
        voter->walkers[row] = (struct vote_walker){0, row};
    for (size_t left = count; left; steps = LATER_STEPS)
        left = walk_round(walk, voter, left, steps);
}

static uint32_t walk_one(const struct walk *walk, const uint32_t *keys)
{
    uint32_t place = 0, next;
    while ((next = step(walk, place, keys)) != place)
        place = next;
    return code_of(walk, place);
}

/*
 * Brings a part into the cache, if so many samples will make use of it. Loads do it, which the
 * machine runs ahead of; of prefetch instructions it was seen to drop most.
 */
static void fetch(const struct packed_node *nodes, uint32_t node_count, size_t rows)
{
    if (node_count <= NEAR_NODES || node_count / FETCH_PER_ROW > rows)
        return;
    for (uint32_t node = 0; node < node_count; node += LINE_NODES)
        (void)*(const volatile uint32_t *)&nodes[node].key;
}

/* ---- votes ---- */

static void add_shares(const struct packed_tree *tree, const struct packed_exit *exit, double *sums)
{
    const struct packed_share *shares = tree->shares + exit->first;
    for (uint32_t i = 0; i < exit->count; i++)
        sums[shares[i].class_number] += shares[i].share;
}

/* Adds what a leaf gives that is not of one class, or goes on where it leads to. */
static void add_exit(const struct packed_form *form, const struct packed_tree *tree, uint32_t code,
                     const uint32_t *keys, double *sums)
{
    const struct packed_part *part = tree->parts;
    while (code >= form->class_count) {
        const struct packed_exit *exit = &tree->exits[part->first_exit + code - form->class_count];
        if (exit->count) {
            add_shares(tree, exit, sums);
            return;
        }
        part = &tree->parts[exit->first];
        struct walk walk = walk_of(form, tree, part);
        code = walk_one(&walk, keys);
    }
    sums[code] += 1.0;
}

static void add_votes(const struct voter *voter, const struct packed_tree *tree, size_t count)
{
    const struct packed_form *form = &voter->forest->form;
    for (size_t row = 0; row < count; row++) {
        double *sums = voter->proba + row * form->class_count;
        uint32_t code = voter->codes[row];
        if (code < form->class_count)
            sums[code] += 1.0;
        else
            add_exit(form, tree, code, voter->keys + row * form->dim, sums);
    }
}

/* Sums become probabilities; the class of the first greatest is the predicted one. */
static void decide(struct voter *voter, size_t count)
{
    uint32_t class_count = voter->forest->form.class_count;
    double trees = (double)voter->forest->tree_count;
    for (size_t row = 0; row < count; row++) {
        double *proba = voter->proba + row * class_count;
        uint32_t best = 0;
        for (uint32_t c = 0; c < class_count; c++) {
            proba[c] /= trees;
            if (proba[c] > proba[best])
                best = c;
        }
        voter->classes[row] = best;
    }
}

bool vote_tile(struct voter *voter, size_t count)
{
    const struct packed_form *form = &voter->forest->form;
    if (!take_all_keys(voter, count))
        return false;
    memset(voter->proba, 0, count * form->class_count * sizeof *voter->proba);
    for (size_t i = 0; i < voter->forest->tree_count; i++) {
        const struct packed_tree *tree = &voter->forest->trees[i];
        struct walk walk = walk_of(form, tree, tree->parts);
        fetch(walk.nodes, tree->parts->node_count, count);
        walk_all(&walk, voter, count, tree->steps);
        add_votes(voter, tree, count);
    }
    decide(voter, count);
    return true;
}
