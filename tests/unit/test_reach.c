/* Samples sent through a tree together, by hand, and against one at a time. */
#include "vote/reach.h"

#include "base/random.h"
#include "helpers.h"

#include <math.h>

enum { ROOM = 1024, WORDS = ROOM / CROWD_WORD, UNASKED = 0xffff };

/* The code that each sample was found to have; UNASKED where it is in no answer. */
static void find(enum cpu_level level, const struct tree *tree, const uint32_t *codes,
                 const float *columns, const uint64_t *asked, uint32_t found[ROOM])
{
    struct reach reach;
    struct reach_tree made;
    assert_true(reach_start(&reach, ROOM, level));
    assert_true(reach_tree_make(&made, tree, codes, ROOM));
    reach_find(&reach, &made, columns, asked, WORDS);
    for (uint32_t i = 0; i < ROOM; i++)
        found[i] = UNASKED;
    for (size_t i = 0; i < reach.count; i++) {
        assert_int_equal(found[reach.arrived[i].row], UNASKED);
        found[reach.arrived[i].row] = reach.arrived[i].code;
    }
    reach_tree_free(&made);
    reach_end(&reach);
}

/* x[1] <= 0.25 ? leaf 0 : x[0] <= -2 ? leaf 1 : leaf 2; of the samples 0 to 5, all but 3. */
static void test_by_hand(void **state)
{
    (void)state;
    static float columns[2 * ROOM];
    const float x[] = {0, 1, -2, 2, -3, 0.25f, 9, 9, 5, 0.3f, -2.5f, 0.2f};
    const struct tree tree = {
        .nodes = 5,
        .splits = 2,
        .feature = (uint32_t[]){1, TREE_NONE, 0, TREE_NONE, TREE_NONE},
        .threshold = (float[]){0.25f, -2},
        .weight = (uint32_t[]){7, 1, 2},
    };
    const struct tree leaf = {
        .nodes = 1, .feature = (uint32_t[]){TREE_NONE}, .weight = (uint32_t[]){1}};
    const uint64_t asked[WORDS] = {0x37}, none[WORDS] = {0};
    const uint32_t codes[] = {20, 30, 40};
    uint32_t found[ROOM];
    for (int i = 0; i < 12; i++)
        columns[i % 2 * ROOM + i / 2] = x[i];
    EACH_LEVEL (level) {
        find(level, &tree, codes, columns, asked, found);
        assert_memory_equal(found, ((uint32_t[]){40, 30, 20, UNASKED, 40, 20, UNASKED}), 28);
        find(level, &tree, codes, columns, none, found);
        assert_int_equal(found[0], UNASKED);
        find(level, &leaf, codes, columns, asked, found);
        assert_memory_equal(found, ((uint32_t[]){20, 20, 20, UNASKED, 20, 20, UNASKED}), 28);
    }
}

enum { SPLITS = 300, DIM = 3 };

/* A tree that is drawn: each split at random among the ranges of a line that are not split yet, as
   a chain where `chain`. All thresholds are different, so that a sample's leaf can be told from
   the root down. */
struct drawn {
    uint32_t feature[2 * SPLITS + 1], weight[SPLITS + 1], codes[SPLITS + 1];
    float threshold[SPLITS];
    uint8_t missing[SPLITS];
    struct tree tree;
};

static void draw_below(struct drawn *drawn, struct random *random, uint32_t splits, bool chain)
{
    struct tree *tree = &drawn->tree;
    if (!splits) {
        tree->feature[tree->nodes++] = TREE_NONE;
        return;
    }
    const uint32_t left = chain ? 0 : random_below(random, splits);
    tree->missing[tree->splits] = random_below(random, 2) == 0;
    tree->threshold[tree->splits++] = (float)random_below(random, 2000) / 1000 - 1;
    tree->feature[tree->nodes++] = random_below(random, DIM);
    draw_below(drawn, random, left, chain);
    draw_below(drawn, random, splits - 1 - left, chain);
}

static void draw_tree(struct drawn *drawn, struct random *random, bool chain, bool sided)
{
    drawn->tree = (struct tree){.feature = drawn->feature,
                                .threshold = drawn->threshold,
                                .weight = drawn->weight,
                                .missing = drawn->missing,
                                .sided = sided};
    for (uint32_t leaf = 0; leaf <= SPLITS; leaf++) {
        drawn->weight[leaf] = 1 + random_below(random, 9);
        drawn->codes[leaf] = 1000 + leaf;
    }
    draw_below(drawn, random, SPLITS, chain);
}

/* Passes over the left subtree where a sample goes right. */
static uint32_t leaf_of(const struct tree *tree, const float *columns, uint32_t row)
{
    uint32_t node = 0, split = 0, leaf = 0;
    while (tree->feature[node] != TREE_NONE) {
        const float x = columns[tree->feature[node++] * ROOM + row];
        const bool left = tree->sided && tree->missing[split] ? !(x > tree->threshold[split])
                                                              : x <= tree->threshold[split];
        split++;
        for (uint32_t open = !left; open; node++) {
            const bool splits = tree->feature[node] != TREE_NONE;
            open += splits ? 1 : -1U;
            split += splits;
            leaf += !splits;
        }
    }
    return leaf;
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    static float columns[DIM * ROOM];
    static struct drawn drawn;
    struct random random = random_keyed(5, 6);
    for (int round = 0; round < 40; round++) {
        uint64_t asked[WORDS];
        const bool sided = round % 4 > 1;
        for (int i = 0; i < DIM * ROOM; i++)
            columns[i] = sided && random_below(&random, 5) == 0
                             ? (float)NAN
                             : (float)random_below(&random, 2001) / 1000 - 1;
        for (int word = 0; word < WORDS; word++) /* from few to all */
            asked[word] = round % 5 == 0 ? -1ULL : random_u64(&random) >> (round % 5 - 1) * 20;
        draw_tree(&drawn, &random, round % 2, sided);
        EACH_LEVEL (level) {
            uint32_t found[ROOM];
            find(level, &drawn.tree, drawn.codes, columns, asked, found);
            for (uint32_t i = 0; i < ROOM; i++)
                assert_int_equal(found[i], asked[i / CROWD_WORD] >> i % CROWD_WORD & 1
                                               ? 1000 + leaf_of(&drawn.tree, columns, i)
                                               : UNASKED);
        }
    }
}

/* Of 192 samples at the root 96 and more go one way, and so on: there are crowds. */
static void test_crowds(void **state)
{
    (void)state;
    static float columns[ROOM];
    const uint64_t asked[WORDS] = {-1ULL, -1ULL, -1ULL};
    const struct tree tree = {
        .nodes = 5,
        .splits = 2,
        .feature = (uint32_t[]){0, 0, TREE_NONE, TREE_NONE, TREE_NONE},
        .threshold = (float[]){149, 100},
        .weight = (uint32_t[]){1, 1, 1},
    };
    for (int i = 0; i < ROOM; i++)
        columns[i] = (float)i;
    EACH_LEVEL (level) {
        struct reach reach;
        struct reach_tree made;
        assert_true(reach_start(&reach, ROOM, level));
        assert_true(reach_tree_make(&made, &tree, (uint32_t[]){0, 1, 2}, ROOM));
        reach_find(&reach, &made, columns, asked, WORDS);
        assert_int_equal(reach.count, 3 * CROWD_WORD);
        assert_int_equal(reach.parted, 2); /* 192 samples, and 150 */
        reach_tree_free(&made);
        reach_end(&reach);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_one_at_a_time),
        cmocka_unit_test(test_crowds),
    };
    return RUN_TESTS("reach", tests);
}
