/* Votes of trees of every shape on the samples that they have not seen, against one at a time. */
#include "vote/unseen.h"

#include "base/random.h"
#include "helpers.h"

#include <math.h>

enum {
    SAMPLES = 700,
    WORDS = (SAMPLES + CROWD_WORD - 1) / CROWD_WORD,
    DIM = 3,
    CLASSES = 5,
    SPLITS = 20000, /* of the largest tree */
    LARGE = 3000,
    WIDE = 40000, /* features of trees of so many places that it is packed in parts */
    TREES = 8,
    TILE = 320 /* samples at a time */
};

/* A tree that is drawn: each split at random among those that are left, or as a chain. */
struct drawn {
    uint32_t feature[2 * SPLITS + 1], leaf_class[SPLITS + 1], weight[SPLITS + 1];
    uint32_t counts[(SPLITS + 1) * CLASSES];
    float threshold[SPLITS];
    uint8_t missing[SPLITS];
    uint64_t unseen[WORDS];
    struct tree tree;
};

static void draw_leaf(struct tree *tree, struct random *random, bool mixed)
{
    const uint32_t leaf = tree->nodes - tree->splits;
    uint32_t *counts = tree->counts + tree->mixed * CLASSES, weight = 0;
    tree->feature[tree->nodes++] = TREE_NONE;
    tree->leaf_class[leaf] = random_below(random, CLASSES);
    tree->weight[leaf] = 1 + random_below(random, 9);
    if (!mixed || random_below(random, 2) == 0)
        return;
    for (int c = 0; c < CLASSES; c++)
        weight += counts[c] = random_below(random, 3) + (c == 1);
    tree->leaf_class[leaf] = TREE_NONE;
    tree->weight[leaf] = weight;
    tree->mixed++;
}

static void draw_below(struct tree *tree, struct random *random, uint32_t splits, bool chain,
                       bool mixed)
{
    if (!splits) {
        draw_leaf(tree, random, mixed);
        return;
    }
    const uint32_t left = chain ? 0 : (splits - 1) / 2;
    tree->missing[tree->splits] = random_below(random, 2) == 0;
    tree->threshold[tree->splits++] = (float)random_below(random, 2000) / 1000 - 1;
    tree->feature[tree->nodes++] = random_below(random, DIM);
    draw_below(tree, random, left, chain, mixed);
    draw_below(tree, random, splits - 1 - left, chain, mixed);
}

static void draw_tree(struct drawn *drawn, struct random *random, uint32_t splits, bool chain,
                      bool sided)
{
    drawn->tree = (struct tree){.feature = drawn->feature,
                                .threshold = drawn->threshold,
                                .leaf_class = drawn->leaf_class,
                                .weight = drawn->weight,
                                .missing = drawn->missing,
                                .counts = drawn->counts,
                                .sided = sided};
    draw_below(&drawn->tree, random, splits, chain, random_below(random, 2));
    for (int word = 0; word < WORDS; word++)
        drawn->unseen[word] =
            random_u64(random) & (word < WORDS - 1 ? -1ULL : (1ULL << SAMPLES % 64) - 1);
}

/* Adds a tree's vote on one sample, node after node: the left subtree is passed over where it goes
   right. */
static void vote_one(const struct tree *tree, const float *x, double *sums)
{
    uint32_t node = 0, split = 0, leaf = 0, mixed = 0;
    while (tree->feature[node] != TREE_NONE) {
        const float value = x[tree->feature[node++]], threshold = tree->threshold[split];
        const bool left = isnan(value) ? tree->missing[split] : value <= threshold;
        split++;
        for (uint32_t open = !left; open; node++) {
            const bool splits = tree->feature[node] != TREE_NONE;
            open += splits ? 1 : -1U;
            split += splits;
            if (splits)
                continue;
            mixed += tree->leaf_class[leaf++] == TREE_NONE;
        }
    }
    if (tree->leaf_class[leaf] != TREE_NONE) {
        sums[tree->leaf_class[leaf]] += 1;
        return;
    }
    for (int c = 0; c < CLASSES; c++)
        sums[c] += (double)tree->counts[mixed * CLASSES + c] / tree->weight[leaf];
}

static bool put(void *context, const void *bytes, size_t size)
{
    struct bytes {
        unsigned char *at;
        size_t size;
    } *all = context;
    all->at = realloc(all->at, all->size + size + 1);
    assert_non_null(all->at);
    memcpy(all->at + all->size, bytes, size);
    all->size += size;
    return true;
}

static bool put_nothing(void *context, const void *bytes, size_t size)
{
    (void)context, (void)bytes, (void)size;
    return false;
}

/* There and back; of another size it is none. */
static void carry(struct unseen_tree *made, const struct unseen_form *form,
                  const struct drawn *drawn)
{
    struct {
        unsigned char *at;
        size_t size;
    } bytes = {0};
    struct unseen_tree none = {0};
    assert_false(unseen_pack(form, &drawn->tree, drawn->unseen, put_nothing, NULL));
    assert_true(unseen_pack(form, &drawn->tree, drawn->unseen, put, &bytes));
    assert_false(unseen_tree_take(&none, form, bytes.at, bytes.size - 1));
    assert_false(unseen_tree_take(&none, form, bytes.at, 3));
    assert_true(unseen_tree_take(made, form, bytes.at, bytes.size));
    assert_true(made->bytes >= bytes.size);
    free(bytes.at);
}

/* All samples, a tile at a time, against each by itself. */
static void check(const struct unseen_form *form, const struct unseen_tree trees[TREES],
                  const float *x, const double *sums, const uint32_t *votes)
{
    EACH_LEVEL (level) {
        struct unseen unseen;
        assert_true(unseen_start(&unseen, form, level));
        assert_true(unseen.rows >= TILE);
        for (size_t first = 0; first < SAMPLES; first += TILE) {
            const size_t left = SAMPLES - first, count = left < TILE ? left : TILE;
            memset(unseen.sums, 0, count * CLASSES * sizeof *sums);
            memset(unseen.votes, 0, count * sizeof *votes);
            assert_true(unseen_tile(&unseen, trees, TREES, x, first, count));
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(unseen.votes[i], votes[first + i]);
                assert_memory_equal(unseen.sums + i * CLASSES, sums + (first + i) * CLASSES,
                                    CLASSES * sizeof *sums);
            }
        }
        unseen_end(&unseen);
    }
}

/* Small and large trees, bushy ones and chains, with gaps and without. */
static void test_shapes(void **state)
{
    (void)state;
    static const struct {
        uint32_t splits;
        bool chain, chained; /* how it is drawn, and how it votes */
    } shapes[TREES] = {{0, false, true},   {60, false, true},    {300, false, false},
                       {300, true, true},  {LARGE, true, false}, {1000, false, false},
                       {1000, true, true}, {LARGE, false, false}};
    static struct drawn drawn[TREES];
    static float x[SAMPLES * DIM];
    for (int gaps = 0; gaps < 2; gaps++) {
        struct random random = random_keyed(11, 12);
        static double sums[SAMPLES * CLASSES];
        static uint32_t votes[SAMPLES];
        const struct unseen_form form = {DIM, CLASSES, gaps, WORDS};
        struct unseen_tree trees[TREES];
        memset(sums, 0, sizeof sums);
        memset(votes, 0, sizeof votes);
        for (int i = 0; i < SAMPLES * DIM; i++)
            x[i] = gaps && random_below(&random, 5) == 0
                       ? (float)NAN
                       : (float)random_below(&random, 2001) / 1000 - 1;
        for (int t = 0; t < TREES; t++) {
            draw_tree(&drawn[t], &random, shapes[t].splits, shapes[t].chain, gaps);
            carry(&trees[t], &form, &drawn[t]);
            assert_int_equal(trees[t].chained, shapes[t].chained);
            for (uint32_t i = 0; i < SAMPLES; i++) {
                if (!(drawn[t].unseen[i / 64] >> i % 64 & 1))
                    continue;
                votes[i]++;
                vote_one(&drawn[t].tree, x + i * DIM, sums + i * CLASSES);
            }
        }
        check(&form, trees, x, sums, votes);
        for (int t = 0; t < TREES; t++)
            unseen_tree_free(&trees[t]);
    }
}

/* A tree of more nodes than there are places beside so many features is walked part by part. */
static void test_parts(void **state)
{
    (void)state;
    static struct drawn drawn;
    struct random random = random_keyed(13, 14);
    const struct unseen_form form = {WIDE, CLASSES, false, WORDS};
    struct unseen_tree tree;
    struct unseen unseen;
    float *x = calloc(CROWD_WORD * WIDE, sizeof *x);
    assert_non_null(x);
    for (uint32_t i = 0; i < CROWD_WORD; i++)
        for (int f = 0; f < DIM; f++)
            x[i * WIDE + f] = (float)random_below(&random, 2001) / 1000 - 1;
    draw_tree(&drawn, &random, SPLITS, true, false);
    carry(&tree, &form, &drawn);
    assert_true(tree.packed.part_count > 1);
    EACH_LEVEL (level) {
        assert_true(unseen_start(&unseen, &form, level));
        memset(unseen.sums, 0, CROWD_WORD * CLASSES * sizeof *unseen.sums);
        memset(unseen.votes, 0, CROWD_WORD * sizeof *unseen.votes);
        assert_true(unseen_tile(&unseen, &tree, 1, x, 0, CROWD_WORD));
        for (size_t i = 0; i < CROWD_WORD; i++) {
            double sums[CLASSES] = {0};
            if (drawn.unseen[0] >> i & 1)
                vote_one(&drawn.tree, x + i * WIDE, sums);
            assert_memory_equal(unseen.sums + i * CLASSES, sums, sizeof sums);
        }
        unseen_end(&unseen);
    }
    unseen_tree_free(&tree);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shapes), cmocka_unit_test(test_parts)};
    return RUN_TESTS("unseen", tests);
}
