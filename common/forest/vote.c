/*
 * Walking trees.
 *
 * One step of one sample is a chain of dependent loads, so LANES samples walk the same tree side
 * by side and hide each other's latency; all go on until none has moved, which costs those that
 * rest in a leaf already a few idle steps and spares every step a branch that can't be foreseen.
 * (Asadi, Lin and de Vries, "Runtime optimizations for tree-based machine learning models", IEEE
 * TKDE 26(9), 2014, call the interleaving VPred.)
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
    LANES = PACKED_LANES,
    STRIDE = 4,          /* steps between two looks at whether all lanes rest */
    X_BYTES = 1 << 20,   /* of a tile's samples */
    SUM_BYTES = 1 << 22, /* of a tile's sums */
    NEAR_NODES = 4096,   /* 32 KiB: no need to fetch these ahead */
    FETCH_PER_ROW = 64,  /* nodes worth fetching for each sample that will walk */
    LINE_NODES = 8       /* nodes in a cache line */
};

/* ---- voters ---- */

static size_t tile_rows(const struct packed_forest *forest)
{
    size_t by_x = X_BYTES / (forest->dim * sizeof(float));
    size_t by_sums = SUM_BYTES / (forest->class_count * sizeof(double));
    size_t rows = by_x < by_sums ? by_x : by_sums;
    return rows / LANES * LANES + LANES;
}

bool vote_start(struct voter *voter, const struct packed_forest *forest)
{
    *voter = (struct voter){.forest = forest, .rows = tile_rows(forest)};
    voter->x = memory_array(voter->rows, forest->dim * sizeof *voter->x);
    voter->classes = memory_array(voter->rows, sizeof *voter->classes);
    voter->proba = memory_array(voter->rows, forest->class_count * sizeof *voter->proba);
    voter->keys = memory_array(voter->rows, forest->dim * sizeof *voter->keys);
    voter->codes = memory_array(voter->rows, sizeof *voter->codes);
    if (voter->x && voter->classes && voter->proba && voter->keys && voter->codes)
        return true;
    vote_end(voter);
    return false;
}

void vote_end(struct voter *voter)
{
    free(voter->x);
    free(voter->classes);
    free(voter->proba);
    free(voter->keys);
    free(voter->codes);
    *voter = (struct voter){0};
}

/* ---- keys ---- */

/* The keys of what is infinite or no number lie at both ends. */
static uint32_t beyond_finite(uint32_t key)
{
    return key - UINT32_C(0x00800000) >= UINT32_C(0xff000000);
}

/*
 * The keys of `lanes` samples, feature by feature: the lanes' keys of one feature lie side by
 * side, so that a lane finds its own at a fixed distance. Lanes without a sample get zeros.
 */
static uint32_t take_keys(uint32_t *keys, const float *x, size_t lanes, size_t dim)
{
    uint32_t beyond = 0;
    memset(keys, 0, lanes < LANES ? LANES * dim * sizeof *keys : 0);
    for (size_t lane = 0; lane < lanes; lane++)
        for (size_t feature = 0; feature < dim; feature++) {
            uint32_t key = packed_key(x[lane * dim + feature]);
            keys[feature * LANES + lane] = key;
            beyond |= beyond_finite(key);
        }
    return beyond;
}

static bool take_all_keys(struct voter *voter, size_t count)
{
    size_t dim = voter->forest->dim;
    uint32_t beyond = 0;
    for (size_t row = 0; row < count; row += LANES) {
        size_t lanes = count - row < LANES ? count - row : LANES;
        beyond |= take_keys(voter->keys + row * dim, voter->x + row * dim, lanes, dim);
    }
    return !beyond;
}

/* ---- walking ---- */

struct walk {
    const struct packed_node *nodes;
    uint32_t feature_mask;
    unsigned feature_bits;
};

static struct walk walk_of(const struct packed_forest *forest, const struct packed_part *part)
{
    return (struct walk){.nodes = forest->nodes + part->first_node,
                         .feature_mask = (UINT32_C(1) << forest->feature_bits) - 1,
                         .feature_bits = forest->feature_bits};
}

/* Where a sample goes from `place`; `keys` are its lane's. */
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

/* Walks LANES samples to their leaves. */
static void walk_lanes(struct walk walk, const uint32_t *keys, uint32_t *codes)
{
    uint32_t place[LANES] = {0};
    uint32_t all; /* of the keys' bits */
    do {
        for (int i = 0; i < STRIDE; i++)
#pragma GCC unroll 8
            for (int lane = 0; lane < LANES; lane++)
                place[lane] = step(&walk, place[lane], keys + lane);
        all = UINT32_MAX;
#pragma GCC unroll 8
        for (int lane = 0; lane < LANES; lane++)
            all &= walk.nodes[place[lane]].key;
    } while (all < PACKED_LEAF);
    for (int lane = 0; lane < LANES; lane++)
        codes[lane] = code_of(&walk, place[lane]);
}

static uint32_t walk_one(struct walk walk, const uint32_t *keys)
{
    uint32_t place = 0, next;
    while ((next = step(&walk, place, keys)) != place)
        place = next;
    return code_of(&walk, place);
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

static void add_shares(const struct packed_forest *forest, const struct packed_exit *exit,
                       double *sums)
{
    const struct packed_share *shares = forest->shares + exit->first;
    for (uint32_t i = 0; i < exit->count; i++)
        sums[shares[i].class_number] += shares[i].share;
}

/* Adds what a leaf gives that is not of one class, or goes on where it leads to. */
static void add_exit(const struct packed_forest *forest, const struct packed_part *part,
                     uint32_t code, const uint32_t *keys, double *sums)
{
    while (code >= forest->class_count) {
        const struct packed_exit *exit =
            &forest->exits[part->first_exit + code - forest->class_count];
        if (exit->count) {
            add_shares(forest, exit, sums);
            return;
        }
        part = &forest->parts[exit->first];
        code = walk_one(walk_of(forest, part), keys);
    }
    sums[code] += 1.0;
}

/* The keys of one sample, LANES apart. */
static const uint32_t *keys_of(const struct voter *voter, size_t row)
{
    return voter->keys + row / LANES * LANES * voter->forest->dim + row % LANES;
}

static void add_votes(struct voter *voter, const struct packed_part *part, size_t count)
{
    const struct packed_forest *forest = voter->forest;
    for (size_t row = 0; row < count; row++) {
        double *sums = voter->proba + row * forest->class_count;
        uint32_t code = voter->codes[row];
        if (code < forest->class_count)
            sums[code] += 1.0;
        else
            add_exit(forest, part, code, keys_of(voter, row), sums);
    }
}

/* Sums become probabilities; the class of the first greatest is the predicted one. */
static void decide(struct voter *voter, size_t count)
{
    uint32_t class_count = voter->forest->class_count;
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
    const struct packed_forest *forest = voter->forest;
    if (!take_all_keys(voter, count))
        return false;
    memset(voter->proba, 0, count * forest->class_count * sizeof *voter->proba);
    for (size_t tree = 0; tree < forest->tree_count; tree++) {
        const struct packed_part *part = &forest->parts[forest->trees[tree]];
        struct walk walk = walk_of(forest, part);
        fetch(walk.nodes, part->node_count, count);
        for (size_t row = 0; row < count; row += LANES)
            walk_lanes(walk, voter->keys + row * forest->dim, voter->codes + row);
        add_votes(voter, part, count);
    }
    decide(voter, count);
    return true;
}
