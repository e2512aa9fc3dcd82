/*
 * Walking in plain C, which is the definition, and the one place of the folder where a kernel is
 * chosen.
 */
#include "base/unroll.h"
#include "vote/walk_lanes.h"

enum {
    LATER = 2,           /* the first round is this many times as long as each later one */
    LEAST_TOGETHER = 256 /* of fewer, too few are left for later rounds */
};

/* Where a sample of these keys goes from `node`. */
static inline uint32_t step_from(const struct walk *walk, const struct packed_node *node,
                                 const uint32_t *keys)
{
    uint32_t key = keys[node->where & walk->feature_mask];
    return (node->where >> walk->feature_bits) - (key <= node->key);
}

static inline uint32_t step(const struct walk *walk, uint32_t place, const uint32_t *keys)
{
    return step_from(walk, &walk->nodes[place], keys);
}

const struct walk_kernel walk_portable = {
    .name = "portable", .round = round_lanes, .key_bytes = KEY_BYTES};

const struct walk_kernel *walk_kernel_of(enum cpu_level level, bool gathers_well)
{
    const struct walk_kernel *const twins[CPU_LEVELS] = {
        [CPU_PORTABLE] = &walk_portable,
        [CPU_AVX2] = CPU_X86(&walk_avx2),
        [CPU_AVX512] = gathers_well ? CPU_X86(&walk_avx512) : NULL};
    return CPU_BEST(twins, level);
}

void walk_account_add(struct walk_account *sum, const struct walk_account *more)
{
    sum->rounds += more->rounds;
    sum->topped += more->topped;
    sum->fetched += more->fetched;
    sum->alone += more->alone;
    sum->settled += more->settled;
}

struct walk walk_of_tree(const struct packed_form *form, const struct packed_tree *tree, bool gaps)
{
    return (struct walk){.nodes = tree->nodes + tree->parts->first_node,
                         .feature_mask = (UINT32_C(1) << (form->feature_bits + gaps)) - 1,
                         .feature_bits = form->feature_bits + 1};
}

/* How many are left falls off the slower the longer the paths are. */
static void walk_together(const struct walk_kernel *kernel, const struct walk *walk, size_t count,
                          uint32_t steps)
{
    size_t left = kernel->round(walk, count, steps, true);
    while (left)
        left = kernel->round(walk, left, steps / LATER + 1, false);
}

static size_t most_together(const struct walk_kernel *kernel, const struct walk *walk)
{
    const size_t most = kernel->key_bytes / (walk->dim * sizeof *walk->keys);
    if (!kernel->key_bytes)
        return SIZE_MAX;
    return most > LEAST_TOGETHER ? most : LEAST_TOGETHER;
}

void walk_all(const struct walk_kernel *kernel, const struct walk *walk, size_t count,
              uint32_t steps)
{
    const size_t most = most_together(kernel, walk);
    struct walk some = *walk;
    for (size_t left = count, now; left; left -= now) {
        now = left < most ? left : most;
        walk_together(kernel, &some, now, steps);
        some.fresh += now;
    }
}

static uint32_t leaf_below(const struct walk *walk, const struct packed_node *nodes,
                           const uint32_t *keys)
{
    uint32_t place = 0, next;
    while ((next = step_from(walk, &nodes[place], keys)) != place)
        place = next;
    return nodes[place].key & ~PACKED_LEAF;
}

uint32_t walk_one(const struct walk *walk, const uint32_t *keys)
{
    return leaf_below(walk, walk->nodes, keys);
}

const struct packed_exit *walk_on(const struct walk *walk, const struct packed_tree *tree,
                                  const struct packed_exit *exit, uint32_t classes, size_t row,
                                  uint32_t *code)
{
    while (!exit->count) {
        const struct packed_part *part = &tree->parts[exit->first];
        *code = leaf_below(walk, tree->nodes + part->first_node, walk->keys + row * walk->dim);
        if (*code < classes)
            return NULL;
        exit = &tree->exits[part->first_exit + *code - classes];
    }
    return exit;
}

/* Whoever is in a leaf rests there, so it is enough to ask now and then whether all do. */
enum { STEPS = 4 };

void walk_trees(const struct walk *walk, const struct packed_node *const *trees, size_t count,
                const uint32_t *keys, uint32_t *codes)
{
    const struct packed_node *nodes[WALK_TREES];
    uint32_t place[WALK_TREES] = {0}, moved;
    for (size_t i = 0; i < WALK_TREES; i++)
        nodes[i] = trees[i < count ? i : 0];
    do {
        moved = 0;
        for (int i = 0; i < STEPS; i++) {
            UNROLL(16)
            for (int tree = 0; tree < WALK_TREES; tree++) {
                uint32_t next = step_from(walk, &nodes[tree][place[tree]], keys);
                moved |= i == STEPS - 1 ? next ^ place[tree] : 0;
                place[tree] = next;
            }
        }
    } while (moved);
    for (size_t i = 0; i < count; i++)
        codes[i] = nodes[i][place[i]].key & ~PACKED_LEAF;
}
