/*
 * What a mixed leaf says is worked out once, for many samples ask the same: the classes that it has
 * and their shares. What is zero is passed over, which adds nothing to a sum.
 *
 * A tile has as many samples as leave room in a second cache for their values and sums, up
 * to as many as gain by company, and down to a word of them.
 *
 * A tree is chained where its ways are much longer than those of a bushy tree of as many nodes:
 * where split after split parts some few samples from all others. These others are parted as crowds
 * then. So are those of trees that have no more than some nodes. In all others a sample is soon by
 * itself, and what counts is that it finds few lines of memory on its way.
 */
#include "vote/unseen.h"

#include "base/memory.h"
#include "vote/keys.h"

#include <stdlib.h>
#include <string.h>

enum {
    TILE_BYTES = 1 << 20,
    FEWEST = CROWD_WORD, /* samples of a tile, */
    MOST = 4096,         /* and at most */
    LINE = 64,           /* bytes that a cache brings near at a time */
    FETCH = 2,           /* of these worth fetching for each sample of a tile */
    BLOCK = 16,          /* rows and columns that are turned together */
    CHAIN = 3,          /* a chained tree's ways are half so many times as long as a bushy one's, */
    CHAIN_NODES = 4096, /* and it has so many nodes at most; */
    FEW_NODES = 256,    /* or so many */
    LATER = 3           /* the first round of walking is so many times as long as a later one */
};

/* One of a leaf's shares, which stand one behind the other; beside the class of the last one is
   LAST. */
struct unseen_share {
    uint32_t class;
    double share;
};
#define LAST (UINT32_C(1) << 31)

/* How many samples a tile has. */
static size_t tile_rows(const struct unseen_form *form)
{
    const size_t row = form->dim * sizeof(float) + form->classes * sizeof(double);
    const size_t rows = TILE_BYTES / row / CROWD_WORD * CROWD_WORD;
    return rows < FEWEST ? FEWEST : rows > MOST ? MOST : rows;
}

/* ---- chained trees ---- */

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

static bool is_chained(const struct tree *tree, uint32_t steps)
{
    uint32_t levels = 0;
    while (tree->nodes >> levels > 1)
        levels++;
    return tree->nodes <= FEW_NODES || 2 * steps > CHAIN * levels;
}

/* ---- trees ---- */

/* Arrays that a tree is made of, and the size of their elements: of one that is walked, and of a
   chained one. All sizes are such that the next array is aligned. */
enum { NODES, SHARES, EXITS, PARTS, ARRAYS };
static const size_t sizes[2][ARRAYS] = {{sizeof(struct packed_node), sizeof(struct packed_share),
                                         sizeof(struct packed_exit), sizeof(struct packed_part)},
                                        {REACH_NODE_BYTES, sizeof(struct unseen_share)}};

/* What stands before the arrays. Nodes come first, and pairs of them stay in a line of the cache.
 */
struct head {
    uint64_t counts[ARRAYS];
    uint32_t steps, chained, sided, padding;
};

_Static_assert(sizeof(struct head) % 16 == 0, "where the nodes begin");

static bool put_tree(const struct unseen_form *form, const struct head *head,
                     const void *const arrays[ARRAYS], const uint64_t *unseen,
                     bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    bool good = put(context, head, sizeof *head);
    for (int i = 0; i < ARRAYS; i++)
        good = good && put(context, arrays[i], head->counts[i] * sizes[head->chained][i]);
    return good && put(context, unseen, form->words * sizeof *unseen);
}

static bool pack_walked(const struct unseen_form *form, const struct tree *tree,
                        const uint64_t *unseen,
                        bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    const struct packed_form packed_form = packed_start(form->dim, form->classes).form;
    struct packed_tree made;
    if (!packed_tree_make(&made, &packed_form, tree))
        return false;
    const struct head head = {
        .counts = {made.node_count, made.share_count, made.exit_count, made.part_count},
        .steps = made.steps};
    const void *const arrays[] = {made.nodes, made.shares, made.exits, made.parts};
    const bool done = put_tree(form, &head, arrays, unseen, put, context);
    packed_tree_free(&made);
    return done;
}

bool unseen_pack(const struct unseen_form *form, const struct tree *tree, const uint64_t *unseen,
                 bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    if (tree->nodes > CHAIN_NODES)
        return pack_walked(form, tree, unseen, put, context);
    const size_t count = count_shares(tree, form->classes);
    struct unseen_share *shares = memory_array(count, sizeof *shares);
    uint32_t *codes = memory_array((size_t)tree->splits + 1, sizeof *codes);
    struct reach_tree made = {0};
    bool good = codes && shares;
    if (good) {
        find_shares(shares, codes, tree, form->classes);
        good = reach_tree_make(&made, tree, codes, tile_rows(form));
    }
    if (good && is_chained(tree, made.steps)) {
        const struct head head = {.counts = {made.node_count, count},
                                  .steps = made.steps,
                                  .chained = true,
                                  .sided = made.sided};
        const void *const arrays[ARRAYS] = {made.nodes, shares};
        good = put_tree(form, &head, arrays, unseen, put, context);
    } else {
        good = good && pack_walked(form, tree, unseen, put, context);
    }
    free(shares);
    free(codes);
    reach_tree_free(&made);
    return good;
}

/* Sets the addresses of the arrays that stand behind the head. */
static void find_arrays(struct unseen_tree *tree, const struct head *head)
{
    void *at[ARRAYS + 1] = {(struct head *)tree->memory + 1};
    for (int i = 0; i < ARRAYS; i++)
        at[i + 1] = (char *)at[i] + head->counts[i] * sizes[head->chained][i];
    tree->unseen = at[ARRAYS];
    if (head->chained) {
        tree->reach =
            (struct reach_tree){at[NODES], (uint32_t)head->counts[NODES], head->steps, head->sided};
        tree->shares = at[SHARES];
        tree->share_count = head->counts[SHARES];
        return;
    }
    tree->packed = (struct packed_tree){.nodes = at[NODES],
                                        .node_count = head->counts[NODES],
                                        .shares = at[SHARES],
                                        .share_count = head->counts[SHARES],
                                        .exits = at[EXITS],
                                        .exit_count = head->counts[EXITS],
                                        .parts = at[PARTS],
                                        .part_count = head->counts[PARTS],
                                        .steps = head->steps};
}

bool unseen_tree_take(struct unseen_tree *taken, const struct unseen_form *form, const void *bytes,
                      size_t size)
{
    struct head head = {0};
    size_t due = sizeof head + form->words * sizeof *taken->unseen;
    if (size >= due)
        memcpy(&head, bytes, sizeof head);
    for (int i = 0; i < ARRAYS; i++)
        due += head.counts[i] * sizes[head.chained][i];
    if (size != due)
        return false;
    *taken = (struct unseen_tree){
        .chained = head.chained, .memory = memory_array(size, 1), .bytes = sizeof *taken + size};
    if (!taken->memory)
        return false;
    memcpy(taken->memory, bytes, size);
    find_arrays(taken, &head);
    return true;
}

void unseen_tree_free(struct unseen_tree *tree)
{
    free(tree->memory);
    *tree = (struct unseen_tree){0};
}

/* ---- tiles ---- */

bool unseen_start(struct unseen *unseen, const struct unseen_form *form, enum cpu_level level)
{
    *unseen = (struct unseen){.form = *form,
                              .packed = packed_start(form->dim, form->classes).form,
                              .rows = tile_rows(form),
                              .kernel = walk_kernel_of(level, cpu_gathers_well())};
    const size_t rows = unseen->rows;
    unseen->asked = memory_array(rows + WALK_ROOM, sizeof *unseen->asked);
    unseen->codes = memory_array(rows, sizeof *unseen->codes);
    unseen->places = memory_array(rows + WALK_ROOM, sizeof *unseen->places);
    unseen->walkers = memory_array(rows + WALK_ROOM, sizeof *unseen->walkers);
    unseen->sums = memory_array(rows, form->classes * sizeof *unseen->sums);
    unseen->votes = memory_array(rows, sizeof *unseen->votes);
    if (unseen->asked && unseen->codes && unseen->places && unseen->walkers && unseen->sums &&
        unseen->votes && reach_start(&unseen->reach, rows, level))
        return true;
    unseen_end(unseen);
    return false;
}

void unseen_end(struct unseen *unseen)
{
    reach_end(&unseen->reach);
    free(unseen->columns);
    free(unseen->keys);
    free(unseen->both);
    free(unseen->asked);
    free(unseen->codes);
    free(unseen->places);
    free(unseen->walkers);
    free(unseen->sums);
    free(unseen->votes);
    *unseen = (struct unseen){0};
}

/* Makes columns of rows, block by block. False when memory is out. */
static bool take_columns(struct unseen *unseen, const float *x, const uint32_t *order, size_t count)
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
                    unseen->columns[i * room + r] = x[order[r] * dim + i];
    return true;
}

/* Makes keys of rows. False when memory is out. */
static bool take_keys(struct unseen *unseen, const float *x, const uint32_t *order, size_t count)
{
    const size_t dim = unseen->form.dim, room = unseen->rows;
    const size_t both = unseen->form.gaps ? keys_for_both(&unseen->packed) : 0;
    if (!unseen->keys)
        unseen->keys = memory_array(room, dim * sizeof *unseen->keys);
    if (!unseen->both)
        unseen->both = memory_array(room, both * sizeof *unseen->both);
    if (!unseen->keys || !unseen->both)
        return false;
    for (size_t row = 0; row < count; row++)
        memcpy(unseen->keys + row * dim, x + order[row] * dim, dim * sizeof *x);
    keys_take(unseen->keys, unseen->keys, count * dim);
    for (size_t row = 0; both && row < count; row++)
        keys_take_both(&unseen->packed, unseen->keys + row * dim, unseen->both + row * both);
    return true;
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

static void vote_chained(struct unseen *unseen, const struct unseen_tree *tree,
                         const uint64_t *asked, size_t words)
{
    fetch_tree(tree, words * CROWD_WORD);
    reach_find(&unseen->reach, &tree->reach, unseen->columns, asked, words);
    for (size_t i = 0; i < unseen->reach.count; i++)
        add_place(unseen, tree, unseen->reach.arrived[i]);
}

/* ---- votes of the others ---- */

static struct walk walk_of(struct unseen *unseen, const struct packed_tree *tree,
                           const struct packed_part *part)
{
    const bool gaps = unseen->form.gaps;
    const struct packed_form *form = &unseen->packed;
    return (struct walk){.nodes = tree->nodes + part->first_node,
                         .feature_mask = (UINT32_C(1) << (form->feature_bits + gaps)) - 1,
                         .feature_bits = form->feature_bits + 1,
                         .dim = gaps ? keys_for_both(form) : form->dim,
                         .keys = gaps ? unseen->both : unseen->keys,
                         .codes = unseen->codes,
                         .places = unseen->places,
                         .rows = unseen->walkers,
                         .fresh = unseen->asked,
                         .account = &unseen->account};
}

/* Lists the samples whose bits are set; returns how many. */
static size_t list_asked(struct unseen *unseen, const uint64_t *asked, size_t words)
{
    size_t count = 0;
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = asked[word]; left; left &= left - 1)
            unseen->asked[count++] =
                (uint32_t)(word * CROWD_WORD) + (uint32_t)__builtin_ctzll(left);
    return count;
}

/* Adds what a leaf gives that is not of one class, or goes on where it leads to. */
static void add_exit(struct unseen *unseen, const struct packed_tree *tree, size_t row,
                     double *sums)
{
    const uint32_t classes = unseen->form.classes;
    const struct packed_part *part = tree->parts;
    uint32_t code = unseen->codes[row];
    while (code >= classes) {
        const struct packed_exit *exit = &tree->exits[part->first_exit + code - classes];
        const struct packed_share *shares = tree->shares + exit->first;
        for (uint32_t i = 0; i < exit->count; i++)
            sums[shares[i].class_number] += shares[i].share;
        if (exit->count)
            return;
        part = &tree->parts[exit->first];
        const struct walk walk = walk_of(unseen, tree, part);
        code = walk_one(&walk, walk.keys + row * walk.dim);
    }
    sums[code] += 1;
}

static void vote_walked(struct unseen *unseen, const struct packed_tree *tree,
                        const uint64_t *asked, size_t words)
{
    const uint32_t classes = unseen->form.classes;
    const struct walk walk = walk_of(unseen, tree, tree->parts);
    const size_t count = list_asked(unseen, asked, words);
    size_t left = count ? unseen->kernel->round(&walk, count, tree->steps, true) : 0;
    while (left)
        left = unseen->kernel->round(&walk, left, tree->steps / LATER + 1, false);
    for (size_t i = 0; i < count; i++) {
        const size_t row = unseen->asked[i];
        double *sums = unseen->sums + row * classes;
        unseen->votes[row]++;
        if (unseen->codes[row] < classes)
            sums[unseen->codes[row]] += 1;
        else
            add_exit(unseen, tree, row, sums);
    }
}

bool unseen_tile(struct unseen *unseen, const struct unseen_tree *trees, size_t tree_count,
                 const float *x, const uint32_t *order, size_t first, size_t count)
{
    const size_t words = (count + CROWD_WORD - 1) / CROWD_WORD;
    bool taken[2] = {false, false};
    for (size_t t = 0; t < tree_count; t++) {
        const bool chained = trees[t].chained;
        const uint64_t *asked = trees[t].unseen + first / CROWD_WORD;
        if (!taken[chained] && !(chained ? take_columns : take_keys)(unseen, x, order, count))
            return false;
        taken[chained] = true;
        if (chained)
            vote_chained(unseen, &trees[t], asked, words);
        else
            vote_walked(unseen, &trees[t].packed, asked, words);
    }
    return true;
}
