/*
 * walk: samples on their way through a packed tree.
 *
 * One step of one sample is a chain of dependent loads, so many samples walk the same tree side
 * by side and hide each other's latency. (Asadi, Lin and de Vries, "Runtime optimizations for
 * tree-based machine learning models", IEEE TKDE 26(9), 2014, call the interleaving VPred.) They
 * walk a fixed number of steps, for a branch that asked at each step whether the leaf is reached
 * could not be foreseen; who reaches it early rests there. Then those that have not are moved
 * together, and walk on in rounds: the first takes as many steps as most samples need, so few
 * rest long, and few are left for another.
 *
 * A sample that has no company in its tree walks several trees side by side instead.
 */
#ifndef VOTE_WALK_H
#define VOTE_WALK_H

#include "base/cpu.h"
#include "vote/packed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WALK_ROOM = 16 }; /* what arrays of walkers have beyond the last one */

/* How often what is faster than plain walking was taken; that it never is would show nowhere
   else, for it changes no vote. */
struct walk_account {
    uint64_t rounds;  /* rounds of walkers in the kernel */
    uint64_t topped;  /* of these: whose first steps were looked up in registers */
    uint64_t fetched; /* parts of trees that were brought into the cache beforehand */
    uint64_t alone;   /* samples that walked several trees side by side */
    uint64_t settled; /* samples that were left out of the last trees */
};

void walk_account_add(struct walk_account *sum, const struct walk_account *more);

/* A part of a tree, and those who walk it. All borrowed. */
struct walk {
    const struct packed_node *nodes;
    uint32_t feature_mask;
    unsigned feature_bits; /* below the place */
    uint32_t dim;
    const uint32_t *keys; /* of each sample, dim; fewer than 2^31 together */
    uint32_t *codes;      /* of each sample: that of where it is */

    /* Of each walker: where it is, and which sample. With WALK_ROOM. */
    uint32_t *places;
    uint32_t *rows;

    const uint32_t *fresh; /* the samples that begin, ascending */

    struct walk_account *account;
};

/*
 * The first `count` walkers, of whom there must be some, take `steps` steps, and the codes of
 * where they are then are noted. Those that are not in a leaf yet are moved to the front, in
 * order; returns their number. `fresh` walkers are the first `count` of walk->fresh, at
 * the root, whatever `places` and `rows` hold.
 */
typedef size_t walk_round(const struct walk *walk, size_t count, uint32_t steps, bool fresh);

struct walk_kernel {
    const char *name;
    walk_round *round;
    size_t key_bytes; /* of those who walk all rounds before the next begin; 0: of any number */
};

extern const struct walk_kernel walk_portable; /* the definition */
extern const struct walk_kernel walk_avx2, walk_avx512;

/* The fastest kernel for a machine of that level. That of AVX-512 gathers, and is only faster where
   that is (cpu_gathers_well). */
const struct walk_kernel *walk_kernel_of(enum cpu_level level, bool gathers_well);

/* What a walk takes of a tree's first part, for samples with `gaps` or without: its nodes, and how
   features and places are told from each other. The rest is the caller's to set. */
struct walk walk_of_tree(const struct packed_form *form, const struct packed_tree *tree, bool gaps);

/*
 * The first `count` of walk->fresh, some, walk to their leaves in rounds, of which the first has
 * `steps` steps; whose codes are noted. As many go together as the kernel says, so that their keys
 * are still near in later rounds.
 */
void walk_all(const struct walk_kernel *kernel, const struct walk *walk, size_t count,
              uint32_t steps);

/* The code of the leaf that a sample of these keys reaches from the root. */
uint32_t walk_one(const struct walk *walk, const uint32_t *keys);

/* Goes on from an exit of the first part to the root that it leads to, and so on: the exit of a
   mixed leaf, or NULL, and a class in `*code`. */
const struct packed_exit *walk_on(const struct walk *walk, const struct packed_tree *tree,
                                  const struct packed_exit *exit, uint32_t classes, size_t row,
                                  uint32_t *code);

/* What the leaf stands for whose code, no class, a sample has in the first part: likewise. */
static inline const struct packed_exit *walk_exit(const struct walk *walk,
                                                  const struct packed_tree *tree, uint32_t classes,
                                                  size_t row, uint32_t *code)
{
    const struct packed_exit *exit = &tree->exits[tree->parts->first_exit + *code - classes];
    return exit->count ? exit : walk_on(walk, tree, exit, classes, row, code);
}

enum { WALK_TREES = 16 };

/* The same in each of the trees with the roots `trees`, 1 to WALK_TREES of them; walk->nodes is not
   looked at. */
void walk_trees(const struct walk *walk, const struct packed_node *const *trees, size_t count,
                const uint32_t *keys, uint32_t *codes);

#endif
