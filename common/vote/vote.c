/*
 * Passing a forest over samples.
 *
 * The samples of a tile stay in the cache while tree after tree passes over them. A tree that is
 * larger than the first cache is fetched in ascending order before it is walked, which the
 * machine does many times faster than in the order of the walks.
 *
 * Where few samples come at a time, each of them has its way through all trees: what the kernels
 * gain by company would go into lanes without a sample.
 *
 * Where only the classes are wanted, samples are left out as theirs become certain: by their
 * ballots where each leaf is of one class (ballots.h), else by their sums (settled.h).
 *
 * Of many classes most get no vote from any tree. There a list is kept of the sums that are not 0,
 * and only these are looked at and cleared, so that the work goes by the votes that there are.
 */
#include "vote/vote.h"

#include "base/memory.h"
#include "base/prefetch.h"
#include "vote/keys.h"
#include "vote/settled.h"

#include <stdlib.h>
#include <string.h>

enum {
    X_BYTES = 1 << 20,   /* of a tile's samples */
    SUM_BYTES = 1 << 22, /* of a tile's sums */
    NEAR_NODES = 4096,   /* 32 KiB: no need to fetch these ahead */
    FETCH_PER_ROW = 64,  /* nodes worth fetching for each sample that will walk */
    FEW_ROWS = 8,        /* that many samples are sent through the trees one by one */
    MANY_CLASSES = 256,  /* from so many on, those with votes are listed */
    MOST_TOUCHED = 1 << 19
};

_Static_assert((int)MANY_CLASSES <= (int)BALLOTS_MAX_CLASSES, "the few classes have ballots");

struct touched {
    uint32_t row, class_number;
};

/* ---- voters ---- */

static size_t tile_rows(const struct packed_forest *forest)
{
    size_t by_x = X_BYTES / (forest->form.dim * sizeof(float));
    size_t by_sums = SUM_BYTES / (forest->form.class_count * sizeof(double));
    size_t rows = by_x < by_sums ? by_x : by_sums;
    return rows / WALK_ROOM * WALK_ROOM + WALK_ROOM;
}

static const struct walk_kernel *kernel_here(void)
{
    return walk_kernel_of(cpu_level(), cpu_gathers_well());
}

const char *vote_kernel_name(void)
{
    return kernel_here()->name;
}

/* Whether trees give whole votes, and few enough classes get them. */
static bool has_ballots(const struct packed_forest *forest)
{
    bool whole = forest->form.class_count < MANY_CLASSES &&
                 forest->tree_count <= BALLOTS_MAX_TREES && !forest->opinion.share;
    for (size_t i = 0; whole && i < forest->tree_count; i++)
        whole = !forest->trees[i].share_count;
    return whole;
}

uint64_t vote_bytes(const struct packed_forest *forest)
{
    const struct packed_form *form = &forest->form;
    return tile_rows(forest) *
           (form->dim * sizeof(float) + (uint64_t)form->class_count * sizeof(double) +
            (has_ballots(forest) ? ballots_bytes(form->class_count) : 0));
}

/* Evidence speaks of all classes. */
static bool lists_touched(const struct voter *voter)
{
    return voter->forest->form.class_count >= MANY_CLASSES && voter->opinion == 0;
}

bool vote_start(struct voter *voter, const struct packed_forest *forest)
{
    *voter = (struct voter){.forest = forest, .rows = tile_rows(forest), .kernel = kernel_here()};
    voter->x = memory_array(voter->rows, forest->form.dim * sizeof *voter->x);
    voter->classes = memory_array(voter->rows, sizeof *voter->classes);
    voter->proba = calloc(voter->rows, forest->form.class_count * sizeof *voter->proba);
    const bool ready = walkers_start(&voter->walkers, voter->rows) &&
                       (!has_ballots(forest) ||
                        ballots_start(&voter->ballots, voter->rows, forest->form.class_count));
    voter->opinion = opinion_votes(&forest->opinion, forest->tree_count);
    if (lists_touched(voter))
        voter->touched = memory_array(MOST_TOUCHED, sizeof *voter->touched);
    voter->walkers.keys = (void *)voter->x; /* each key takes the place of its float */
    if (voter->x && voter->classes && voter->proba && ready &&
        (voter->touched || !lists_touched(voter)))
        return true;
    vote_end(voter);
    return false;
}

void vote_end(struct voter *voter)
{
    free(voter->x);
    free(voter->classes);
    free(voter->proba);
    walkers_end(&voter->walkers);
    ballots_end(&voter->ballots);
    free(voter->touched);
    *voter = (struct voter){0};
}

/* ---- walking ---- */

/* Brings a part into the cache, if so many samples will make use of it; says if so. */
static bool fetch(const struct packed_node *nodes, uint32_t node_count, size_t rows)
{
    if (node_count <= NEAR_NODES || node_count / FETCH_PER_ROW > rows)
        return false;
    prefetch_array(nodes, node_count * sizeof *nodes);
    return true;
}

/* ---- votes ---- */

static void add(struct voter *voter, size_t row, double *sums, uint32_t class_number, double share)
{
    if (voter->touched && sums[class_number] == 0) {
        if (voter->touched_count < MOST_TOUCHED)
            voter->touched[voter->touched_count++] = (struct touched){(uint32_t)row, class_number};
        else
            voter->all_touched = true;
    }
    sums[class_number] += share;
}

static void add_shares(struct voter *voter, const struct packed_tree *tree,
                       const struct packed_exit *exit, size_t row, double *sums)
{
    const struct packed_share *shares = tree->shares + exit->first;
    for (uint32_t i = 0; i < exit->count; i++)
        add(voter, row, sums, shares[i].class_number, shares[i].share);
}

/* Adds what a leaf gives that is not of one class, or where it leads to. */
static void add_exit(struct voter *voter, const struct walk *walk, const struct packed_tree *tree,
                     size_t row, double *sums)
{
    uint32_t code = voter->walkers.codes[row];
    const struct packed_exit *exit =
        walk_exit(walk, tree, voter->forest->form.class_count, row, &code);
    if (exit)
        add_shares(voter, tree, exit, row, sums);
    else
        add(voter, row, sums, code, 1);
}

static inline void add_vote(struct voter *voter, const struct walk *walk,
                            const struct packed_tree *tree, size_t row, double *sums)
{
    const uint32_t code = voter->walkers.codes[row];
    if (code >= voter->forest->form.class_count)
        add_exit(voter, walk, tree, row, sums);
    else if (voter->touched)
        add(voter, row, sums, code, 1);
    else
        sums[code] += 1;
}

/* Of the first `count` that are open. */
static void add_votes(struct voter *voter, const struct walk *walk, const struct packed_tree *tree,
                      size_t count)
{
    size_t class_count = voter->forest->form.class_count;
    for (size_t i = 0; i < count; i++) {
        size_t row = voter->walkers.fresh[i];
        add_vote(voter, walk, tree, row, voter->proba + row * class_count);
    }
}

/* Where trees give whole votes: the class that the leaf stands for in which a sample is. */
static inline uint32_t class_reached(const struct voter *voter, const struct walk *walk,
                                     const struct packed_tree *tree, size_t row)
{
    uint32_t code = voter->walkers.codes[row];
    if (code >= voter->forest->form.class_count)
        walk_exit(walk, tree, voter->forest->form.class_count, row, &code);
    return code;
}

/* No sample is certain yet, so all `count` are open. */
static void count_ballots(const struct voter *voter, const struct walk *walk,
                          const struct packed_tree *tree, size_t count)
{
    const struct ballots ballots = voter->ballots;
    for (size_t row = 0; row < count; row++)
        ballots_count(&ballots, row, class_reached(voter, walk, tree, row));
}

/* Of the first `count` that are open, those that then are stay, in order. Returns their number. */
static size_t cast_ballots(const struct voter *voter, const struct walk *walk,
                           const struct packed_tree *tree, size_t to_come, size_t count)
{
    const struct ballots ballots = voter->ballots;
    uint32_t *fresh = voter->walkers.fresh;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t row = fresh[i];
        fresh[left] = row;
        left += ballots_cast(&ballots, row, class_reached(voter, walk, tree, row), to_come);
    }
    return left;
}

/* All sums of `count` samples become 0. */
static void clear(struct voter *voter, size_t count)
{
    size_t class_count = voter->forest->form.class_count;
    if (voter->balloting)
        ballots_clear(&voter->ballots, count);
    else if (!voter->touched)
        memset(voter->proba, 0, count * class_count * sizeof *voter->proba);
    else if (voter->all_touched)
        memset(voter->proba, 0, voter->rows * class_count * sizeof *voter->proba);
    else
        for (size_t i = 0; i < voter->touched_count; i++)
            voter->proba[voter->touched[i].row * class_count + voter->touched[i].class_number] = 0;
    voter->touched_count = 0;
    voter->all_touched = false;
}

/* What evidence says for itself comes first: before the samples make place for their keys. */
static void cast_opinions(struct voter *voter, const unsigned char *x, size_t count)
{
    const struct packed_form *form = &voter->forest->form;
    for (size_t row = 0; voter->opinion > 0 && row < count; row++) {
        double *sums = voter->proba + row * form->class_count;
        opinion_of(&voter->forest->opinion, x + row * form->dim * sizeof(float), sums);
        for (uint32_t c = 0; c < form->class_count; c++)
            sums[c] *= voter->opinion;
    }
}

/* Sums become probabilities; the class of the first greatest is the predicted one. */
static void decide(struct voter *voter, size_t count)
{
    uint32_t class_count = voter->forest->form.class_count;
    double votes = (double)voter->forest->tree_count + voter->opinion;
    for (size_t row = 0; row < count; row++) {
        double *proba = voter->proba + row * class_count;
        uint32_t best = 0;
        for (uint32_t c = 0; c < class_count; c++) {
            proba[c] /= votes;
            if (proba[c] > proba[best])
                best = c;
        }
        voter->classes[row] = best;
    }
}

/* The same by the list; each sample has a sum in it, and so a class that is not beyond all. */
static void decide_touched(struct voter *voter, size_t count)
{
    size_t class_count = voter->forest->form.class_count;
    double trees = (double)voter->forest->tree_count;
    for (size_t row = 0; row < count; row++)
        voter->classes[row] = UINT32_MAX;
    for (size_t i = 0; i < voter->touched_count; i++) {
        const struct touched *touched = &voter->touched[i];
        double *proba = voter->proba + touched->row * class_count;
        uint32_t *best = &voter->classes[touched->row], c = touched->class_number;
        proba[c] /= trees;
        if (*best == UINT32_MAX || proba[c] > proba[*best] ||
            (c < *best && proba[c] == proba[*best]))
            *best = c;
    }
}

static void decide_ballots(const struct voter *voter, size_t count)
{
    for (size_t row = 0; row < count; row++)
        voter->classes[row] = ballots_class(&voter->ballots, row);
}

/* ---- tiles ---- */

/* Leaves out those of `count` open ones whose class is certain, if it is time to look for them. */
static size_t leave_out(struct voter *voter, size_t voted, size_t count)
{
    const size_t trees = voter->forest->tree_count;
    const uint32_t class_count = voter->forest->form.class_count;
    const size_t again = settled_again(trees, class_count);
    if (!voter->classes_only || voted < voter->next_look || trees - voted < again)
        return count;
    voter->next_look = voted + again;
    size_t left =
        settled_leave_out(voter->proba, class_count, trees - voted, voter->walkers.fresh, count);
    voter->walkers.account.settled += count - left;
    return left;
}

/* The same by ballots, of tree `number`. No class is ahead by more than there are trees to come
   before half of them have voted. */
static size_t ballot(struct voter *voter, const struct walk *walk, size_t number, size_t count)
{
    const struct packed_forest *forest = voter->forest;
    const size_t to_come = forest->tree_count - 1 - number, first = (forest->tree_count - 1) / 2;
    if (number < first) {
        count_ballots(voter, walk, &forest->trees[number], count);
        return count;
    }
    if (number == first)
        ballots_take_stock(&voter->ballots, count);
    const size_t left = cast_ballots(voter, walk, &forest->trees[number], to_come, count);
    voter->walkers.account.settled += to_come ? count - left : 0;
    return left;
}

/* Adds what tree `number` says of the first `count` open ones, and leaves out those whose class is
   certain then; returns how many are open. */
static size_t hear_tree(struct voter *voter, const struct walk *walk, size_t number, size_t count)
{
    if (voter->balloting)
        return ballot(voter, walk, number, count);
    add_votes(voter, walk, &voter->forest->trees[number], count);
    return leave_out(voter, number + 1, count);
}

/* Tree by tree, all samples at a time. */
static void pass_trees(struct voter *voter, size_t count)
{
    for (size_t row = 0; row < count; row++)
        voter->walkers.fresh[row] = (uint32_t)row;
    voter->next_look = settled_first(voter->forest->tree_count, voter->opinion);
    for (size_t i = 0; i < voter->forest->tree_count && count; i++) {
        const struct packed_tree *tree = &voter->forest->trees[i];
        const struct walk walk = walkers_walk(&voter->walkers, &voter->forest->form, tree);
        voter->walkers.account.fetched += fetch(walk.nodes, tree->parts->node_count, count);
        walk_all(voter->kernel, &walk, count, tree->steps);
        count = hear_tree(voter, &walk, i, count);
    }
}

/* One sample through some trees, whose votes are added in their order. */
static void pass_row(struct voter *voter, size_t row, const struct packed_tree *trees, size_t count)
{
    const struct packed_node *roots[WALK_TREES];
    uint32_t codes[WALK_TREES];
    const struct walk walk = walkers_walk(&voter->walkers, &voter->forest->form, trees);
    for (size_t i = 0; i < count; i++)
        roots[i] = trees[i].nodes + trees[i].parts->first_node;
    walk_trees(&walk, roots, count, walk.keys + row * walk.dim, codes);
    for (size_t i = 0; i < count; i++) {
        voter->walkers.codes[row] = codes[i];
        add_vote(voter, &walk, &trees[i], row,
                 voter->proba + row * voter->forest->form.class_count);
    }
}

/* Sample by sample, several trees at a time. */
static void pass_rows(struct voter *voter, size_t count)
{
    const struct packed_forest *forest = voter->forest;
    for (size_t row = 0; row < count; row++) {
        voter->walkers.fresh[0] = (uint32_t)row;
        voter->next_look = settled_first(forest->tree_count, voter->opinion);
        for (size_t first = 0, trees; first < forest->tree_count; first += trees) {
            size_t left = forest->tree_count - first;
            trees = left < WALK_TREES ? left : WALK_TREES;
            pass_row(voter, row, forest->trees + first, trees);
            if (!leave_out(voter, first + trees, 1))
                break;
        }
    }
    voter->walkers.account.alone += count;
}

bool vote_tile(struct voter *voter, const void *x, size_t count)
{
    voter->balloting = voter->classes_only && voter->ballots.votes && count > FEW_ROWS;
    clear(voter, count);
    cast_opinions(voter, x, count);
    const struct packed_form *form = &voter->forest->form;
    struct walkers *walkers = &voter->walkers;
    walkers->gaps = !keys_take(walkers->keys, x, count * form->dim);
    if (walkers->gaps && !walkers_take_both(walkers, form, voter->rows, count))
        return false;
    if (count <= FEW_ROWS)
        pass_rows(voter, count);
    else
        pass_trees(voter, count);
    if (voter->balloting)
        decide_ballots(voter, count);
    else if (voter->touched && !voter->all_touched)
        decide_touched(voter, count);
    else
        decide(voter, count);
    return true;
}
