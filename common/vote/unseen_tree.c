/*
 * What a mixed leaf says is worked out once, for many samples ask the same: the classes that it has
 * and their shares. What is zero is passed over, which adds nothing to a sum.
 *
 * A tree is chained where its ways are much longer than those of a bushy tree of as many nodes:
 * split after split parts some few samples from all others, which stay together and are parted as a
 * crowd. So are those of a tree of few nodes. In all others a sample is soon by itself, and what
 * counts is how many lines of memory it finds on its way.
 */
#include "base/memory.h"
#include "vote/unseen.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHAIN = 3,          /* a chained tree's ways are half so many times as long as a bushy one's, */
    CHAIN_NODES = 4096, /* and it has so many nodes at most; */
    FEW_NODES = 256     /* or so many, however long its ways are */
};

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
        shares[at - 1].class |= UNSEEN_LAST;
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

/*
 * Arrays that a tree is made of, and the size of their elements: of one that is walked, and of a
 * chained one. The bits of samples stand behind the nodes, whose size is a multiple of 8
 * everywhere, for that of parts is not, where addresses have 4 bytes; all others leave the next
 * array aligned.
 */
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
_Static_assert(sizeof(struct packed_node) % 8 == 0 && REACH_NODE_BYTES % 8 == 0,
               "where the bits begin");

/* An array without elements may have no address. */
static bool put_array(const void *array, size_t size,
                      bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    return size == 0 || put(context, array, size);
}

static bool put_tree(const struct unseen_form *form, const struct head *head,
                     const void *const arrays[ARRAYS], const uint64_t *unseen,
                     bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    bool good = put(context, head, sizeof *head);
    for (int i = 0; i < ARRAYS; i++)
        good = good &&
               put_array(arrays[i], head->counts[i] * sizes[head->chained][i], put, context) &&
               (i != NODES || put(context, unseen, form->words * sizeof *unseen));
    return good;
}

static bool pack_walked(const struct unseen_form *form, const struct tree *tree,
                        const uint64_t *unseen,
                        bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    const struct packed_form packed_form = packed_start(form->dim, form->classes).form;
    struct packed_room room = {0};
    struct packed_tree made;
    const bool packed = packed_tree_make(&made, &packed_form, tree, &room);
    packed_room_free(&room);
    if (!packed)
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
        good = reach_tree_make(&made, tree, codes, unseen_rows(form));
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
static void find_arrays(struct unseen_tree *tree, const struct unseen_form *form,
                        const struct head *head)
{
    void *at[ARRAYS] = {(struct head *)tree->memory + 1};
    tree->unseen = (void *)((char *)at[NODES] + head->counts[NODES] * sizes[head->chained][NODES]);
    at[SHARES] = (char *)tree->unseen + form->words * sizeof *tree->unseen;
    for (int i = EXITS; i < ARRAYS; i++)
        at[i] = (char *)at[i - 1] + head->counts[i - 1] * sizes[head->chained][i - 1];
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
    find_arrays(taken, form, &head);
    return true;
}

void unseen_tree_free(struct unseen_tree *tree)
{
    free(tree->memory);
    *tree = (struct unseen_tree){0};
}
