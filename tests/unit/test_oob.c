/* Out-of-bag votes: by hand, and the same however they come. */
#include "run/oob.h"

#include "base/random.h"
#include "helpers.h"

/* x <= 1.5 ? class 0 : x <= 3.5 ? 1 of class 0 and 2 of class 2 : class 1. */
static const struct tree tree_a = {
    .nodes = 5,
    .splits = 2,
    .mixed = 1,
    .feature = (uint32_t[]){0, TREE_NONE, 0, TREE_NONE, TREE_NONE},
    .threshold = (float[]){1.5f, 3.5f},
    .leaf_class = (uint32_t[]){0, TREE_NONE, 1},
    .weight = (uint32_t[]){2, 3, 1},
    .counts = (uint32_t[]){1, 0, 2},
};

/* 1 of each of the first two classes. */
static const struct tree tree_b = {
    .nodes = 1,
    .mixed = 1,
    .feature = (uint32_t[]){TREE_NONE},
    .leaf_class = (uint32_t[]){TREE_NONE},
    .weight = (uint32_t[]){2},
    .counts = (uint32_t[]){1, 1, 0},
};

static void again(void *context, uint64_t task, const char *cause)
{
    (void)context, (void)task, (void)cause;
    fail();
}

static const struct opinion none; /* evidence has no opinion */

static const struct oob_jobs alone = {1, again, NULL};

static void add(struct oob *oob, const struct tree *tree, const uint32_t *weight)
{
    struct workers_result ballot = {0};
    assert_true(oob_ballot(oob, tree, weight, &ballot));
    assert_true(oob_add(oob, ballot.bytes, ballot.size));
    assert_false(oob_add(oob, ballot.bytes, ballot.size - 1));
    assert_false(oob_add(oob, ballot.bytes, 8));
    free(ballot.bytes);
}

/*
 * Samples of x = 1, 3, 4, 2, 1 and classes 0, 2, 1, 2, 1. The first four are not in the bag of a,
 * nor samples 1 and 3 in that of b; sample 4 is in both.
 */
static void test_by_hand(void **state)
{
    (void)state;
    const struct samples samples = {.rows = 5,
                                    .dim = 1,
                                    .x = (float[]){1, 3, 4, 2, 1},
                                    .class_count = 3,
                                    .class_of = (uint32_t[]){0, 2, 1, 2, 1}};
    const float third = (float)(1.0 / 3);
    const float wanted[] = {1,
                            0,
                            0, /* of a */
                            (float)((1.0 / 3 + 0.5) / 2),
                            0.25f,
                            third, /* of both */
                            0,
                            1,
                            0, /* of a */
                            (float)((1.0 / 3 + 0.5) / 2),
                            0.25f,
                            third, /* of both */
                            0.2f,
                            0.4f,
                            0.4f}; /* of none */
    const int32_t answers[] = {0, 0, 1, 0, 1};
    struct error error = {0};
    for (size_t most = 0; most < 2; most++) { /* at once, and tree by tree */
        struct oob oob;
        assert_true(oob_start(&oob, &samples, &(struct growth){0}, &none, cpu_level(), &error));
        oob.most = most ? oob.most : 0;
        add(&oob, &tree_a, (uint32_t[]){0, 0, 0, 0, 1});
        add(&oob, &tree_b, (uint32_t[]){2, 0, 1, 0, 1});
        assert_true(oob_vote(&oob, &alone, NULL, NULL, &error));
        assert_memory_equal(oob.said.floats, wanted, sizeof wanted);
        assert_memory_equal(oob.said.floats + 15, answers, sizeof answers);
        assert_int_equal(oob.totals.unvoted, 1);
        oob_free(&oob);
    }
}

/*
 * Two samples, of which evidence that has half of the vote says (3/4, 1/4) and (1/4, 3/4); the
 * first is seen by no tree but one that is for class 1, the second by all.
 */
static void test_opinion(void **state)
{
    (void)state;
    const float log3 = 1.09861228866811f;
    const struct samples samples = {.rows = 2,
                                    .dim = 2,
                                    .x = (float[]){log3, 0, 0, log3},
                                    .class_count = 2,
                                    .class_of = (uint32_t[]){0, 1}};
    const struct opinion opinion = {0.5, 1, 1, 2, (double[]){1}, (uint32_t[]){0, 1}};
    const struct tree leaf = {.nodes = 1,
                              .feature = (uint32_t[]){TREE_NONE},
                              .leaf_class = (uint32_t[]){1},
                              .weight = (uint32_t[]){1}};
    struct error error = {0};
    struct oob oob;
    assert_true(oob_start(&oob, &samples, &(struct growth){0}, &opinion, cpu_level(), &error));
    add(&oob, &leaf, (uint32_t[]){0, 1});
    assert_true(oob_vote(&oob, &alone, NULL, NULL, &error));
    /* (0 + 3/4) / 2 and (1 + 1/4) / 2; (1/2 + 1/4) / 2 and (1/2 + 3/4) / 2 */
    const float wanted[] = {0.375f, 0.625f, 0.375f, 0.625f};
    for (int i = 0; i < 4; i++)
        assert_float_equal(oob.said.floats[i], wanted[i], 1e-6);
    assert_memory_equal(oob.said.floats + 4, ((int32_t[]){1, 1}), 2 * sizeof(int32_t));
    assert_int_equal(oob.totals.unvoted, 1);
    oob_free(&oob);
}

enum { ROWS = 5000, DIM = 20, CLASSES = 7, TREES = 300 };

/* A tree that looks at any feature, three levels deep, whose leaves have any classes. */
struct drawn {
    uint32_t feature[15], leaf_class[8], weight[8], counts[8 * CLASSES];
    float threshold[7];
};

static struct tree draw_tree(struct drawn *drawn, struct random *random)
{
    static const bool leaf[15] = {
        [3] = 1, [4] = 1, [6] = 1, [7] = 1, [10] = 1, [11] = 1, [13] = 1, [14] = 1};
    struct tree tree = {.nodes = 15,
                        .splits = 7,
                        .feature = drawn->feature,
                        .threshold = drawn->threshold,
                        .leaf_class = drawn->leaf_class,
                        .weight = drawn->weight,
                        .counts = drawn->counts};
    for (int i = 0; i < 15; i++)
        drawn->feature[i] = leaf[i] ? TREE_NONE : random_below(random, DIM);
    for (int i = 0; i < 7; i++)
        drawn->threshold[i] = (float)random_unit(random);
    for (int i = 0; i < 8; i++) {
        const uint32_t class = random_below(random, 2 * CLASSES);
        drawn->leaf_class[i] = class < CLASSES ? class : TREE_NONE;
        drawn->weight[i] = 1;
        if (class < CLASSES)
            continue;
        drawn->weight[i] = 0;
        for (int c = 0; c < CLASSES; c++)
            drawn->weight[i] += drawn->counts[tree.mixed * CLASSES + c] =
                random_below(random, 4) + (c == 0);
        tree.mixed++;
    }
    return tree;
}

static void vote(const struct samples *samples, enum cpu_level level, unsigned jobs, size_t most,
                 float *said)
{
    static uint32_t weight[ROWS];
    struct random random = random_keyed(8, 9);
    struct error error = {0};
    struct oob oob;
    assert_true(oob_start(&oob, samples, &(struct growth){0}, &none, level, &error));
    oob.most = most;
    oob.few = 0; /* with more than one job, by workers */
    for (int t = 0; t < TREES; t++) {
        struct drawn drawn = {.feature = {0}};
        const struct tree tree = draw_tree(&drawn, &random);
        for (int i = 0; i < ROWS; i++)
            weight[i] = random_below(&random, 2);
        add(&oob, &tree, weight);
    }
    const struct oob_jobs by = {jobs, again, NULL};
    assert_true(oob_vote(&oob, &by, NULL, NULL, &error));
    assert_true(oob.totals.crowds > TREES);
    assert_int_equal(oob.totals.unvoted, 0);
    memcpy(said, oob.said.floats, ROWS * (CLASSES + 1) * sizeof *said);
    oob_free(&oob);
}

/* By one process or by workers, at the end, or some before, or each as it comes. */
static void test_same_however(void **state)
{
    (void)state;
    static float x[ROWS * DIM], one[ROWS * (CLASSES + 1)], other[ROWS * (CLASSES + 1)];
    static uint32_t class_of[ROWS];
    const struct samples samples = {
        .rows = ROWS, .dim = DIM, .x = x, .class_count = CLASSES, .class_of = class_of};
    struct random random = random_keyed(1, 2);
    for (int i = 0; i < ROWS * DIM; i++)
        x[i] = (float)random_unit(&random);
    vote(&samples, CPU_PORTABLE, 1, OOB_BYTES, one);
    static const size_t most[] = {0, 100000, OOB_BYTES};
    EACH_LEVEL (level)
        for (unsigned jobs = 1; jobs <= 3; jobs++)
            for (int i = 0; i < 3; i++) {
                vote(&samples, level, jobs, most[i], other);
                assert_memory_equal(one, other, sizeof one);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_opinion),
        cmocka_unit_test(test_same_however),
    };
    return RUN_TESTS("oob", tests);
}
