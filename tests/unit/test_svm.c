/* Linear models and held-out scores: by hand, as scikit-learn's, and the same from every kernel. */
#include "linear/svm.h"

#include "base/random.h"
#include "linear/svm_pass.h"

#include <math.h>

#include "helpers.h"

#define TIGHT 1e-6

/* What a problem brings; freed by result_free. */
struct result {
    float *weights, *duals, *scores;
    size_t weight_count, dual_count, score_count;
    struct svm_effort effort, fold_effort;
};

static void result_free(struct result *result)
{
    free(result->weights);
    free(result->duals);
    free(result->scores);
}

/* Numbers that are NaN until they are filled. */
static float *unfilled(size_t count)
{
    float *numbers = malloc(count * sizeof *numbers);
    assert_non_null(numbers);
    memset(numbers, 0xff, count * sizeof *numbers);
    return numbers;
}

/* All blocks of a problem, the last first where `backwards`. */
static void solve(struct result *result, const struct svm_problem *problem, enum cpu_level level,
                  bool backwards)
{
    struct svm_effort effort = {0}, fold_effort = {0};
    struct svm_room room = {0};
    struct svm *svm = svm_new(problem, level);
    assert_non_null(svm);
    svm_measure(svm, 0, problem->x->rows);
    uint32_t blocks = svm_blocks(svm), fold_blocks = svm_fold_blocks(svm);
    size_t weights = ((size_t)problem->x->features + 1) * problem->classes;
    size_t block_duals = (size_t)SVM_BLOCK * problem->x->rows, duals = blocks * block_duals;
    size_t scores = (size_t)problem->x->rows * problem->classes;
    *result = (struct result){
        unfilled(weights), unfilled(duals), unfilled(scores), weights, duals, scores, {0}, {0}};
    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t block = backwards ? blocks - 1 - i : i;
        assert_true(svm_train(svm, &room, block, result->weights,
                              result->duals + block * block_duals, &effort));
    }
    for (uint32_t i = 0; i < fold_blocks; i++) {
        uint32_t block = backwards ? fold_blocks - 1 - i : i;
        const float *start = result->duals + block / problem->folds * block_duals;
        assert_true(svm_hold_out(svm, &room, block, start, result->scores, &fold_effort));
    }
    svm_room_free(&room);
    svm_free(svm);
    result->effort = effort;
    result->fold_effort = fold_effort;
}

static void assert_near(const float *got, const float *wanted, size_t count, double error)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)got[i] - (double)wanted[i]) <= error))
            fail_msg("number %zu is %.7f, not %.7f", i, (double)got[i], (double)wanted[i]);
}

/* ---- by hand ---- */

/*
 * Two texts of one word each, 1 and -1, with labels of their own: b = 0, and
 * w^2 / 2 + 2 C (1 - w)^2 is least where w = 4 C / (1 + 4 C); a = 2 C (1 - w).
 */
static void test_two_texts(void **state)
{
    (void)state;
    const struct sparse x = {2, 1, (uint64_t[]){0, 1, 2}, (uint32_t[]){0, 0}, (float[]){1, -1}, 0};
    struct svm_problem problem = {.x = &x,
                                  .class_of = (uint32_t[]){0, 1},
                                  .classes = 2,
                                  .c = 1,
                                  .tolerance = TIGHT,
                                  .passes = SVM_PASSES};
    struct result result;
    solve(&result, &problem, cpu_level(), false);
    assert_near(result.weights, (float[]){0.8f, -0.8f, 0, 0}, 4, 1e-6);
    assert_near(result.duals, (float[]){0.4f, 0.4f, 0.4f, 0.4f}, 4, 1e-6);
    result_free(&result);
    problem.c = 0.25;
    solve(&result, &problem, cpu_level(), false);
    assert_near(result.weights, (float[]){0.5f, -0.5f, 0, 0}, 4, 1e-6);
    result_free(&result);
}

/*
 * Two texts with a word each that the other has not, and labels of their own: b = 0, and
 * w^2 + 2 C (1 - w)^2 is least where w = 2 C / (1 + 2 C) = a. The same whether it is known or not
 * that the words are lone.
 */
static void test_lone_words(void **state)
{
    (void)state;
    struct sparse x = {2, 2, (uint64_t[]){0, 1, 2}, (uint32_t[]){0, 1}, (float[]){1, 1}, 0};
    const struct svm_problem problem = {.x = &x,
                                        .class_of = (uint32_t[]){0, 1},
                                        .classes = 2,
                                        .c = 1,
                                        .tolerance = TIGHT,
                                        .passes = SVM_PASSES};
    for (x.lone = 0; x.lone <= 2; x.lone++) {
        struct result result;
        solve(&result, &problem, cpu_level(), false);
        const float two_thirds = 2 / 3.f;
        assert_near(result.weights,
                    (float[]){two_thirds, -two_thirds, -two_thirds, two_thirds, 0, 0}, 6, 1e-6);
        assert_near(result.duals, (float[]){two_thirds, two_thirds, two_thirds, two_thirds}, 4,
                    1e-6);
        result_free(&result);
    }
}

/* No words at all, two texts of one label and one of the other: the intercept alone, 2/7. */
static void test_texts_without_words(void **state)
{
    (void)state;
    const struct sparse x = {3, 0, (uint64_t[]){0, 0, 0, 0}, NULL, NULL, 0};
    const struct svm_problem problem = {.x = &x,
                                        .class_of = (uint32_t[]){0, 1, 0},
                                        .classes = 2,
                                        .c = 1,
                                        .tolerance = TIGHT,
                                        .passes = SVM_PASSES};
    struct result result;
    solve(&result, &problem, cpu_level(), false);
    assert_near(result.weights, (float[]){2 / 7.f, -2 / 7.f}, 2, 1e-6);
    result_free(&result);
}

/* The same text under two labels says nothing; a label without texts scores -1. */
static void test_equal_texts(void **state)
{
    (void)state;
    const struct sparse x = {2, 1, (uint64_t[]){0, 1, 2}, (uint32_t[]){0, 0}, (float[]){1, 1}, 0};
    const struct svm_problem problem = {.x = &x,
                                        .class_of = (uint32_t[]){0, 2},
                                        .fold_of = (uint32_t[]){1, 1},
                                        .classes = 3,
                                        .folds = 2,
                                        .c = 1,
                                        .tolerance = TIGHT,
                                        .passes = SVM_PASSES};
    struct result result;
    solve(&result, &problem, cpu_level(), false);
    assert_near(result.weights, (float[]){0, 0, 0, 0, -1, 0}, 6, 1e-6);
    assert_near(result.scores, (float[]){-1, -1, -1, -1, -1, -1}, 6, 0);
    result_free(&result);
}

/* ---- as scikit-learn's ---- */

enum { ROWS = 10, FEATURES = 4, CLASSES = 3 };

static const struct sparse small = {
    ROWS,
    FEATURES,
    (const uint64_t[]){0, 2, 4, 6, 8, 11, 13, 15, 17, 17, 19},
    (const uint32_t[]){0, 2, 0, 3, 1, 3, 1, 2, 0, 1, 3, 2, 3, 0, 1, 1, 2, 0, 3},
    (const float[]){0.5f, 0.25f, 1, 0.5f, 0.75f, 0.5f, 0.5f, 1, 0.25f, 0.25f, 1, 0.5f, 1, 1, 0.5f,
                    1, 0.25f, 0.5f, 0.75f},
    0,
};
/* The only texts of label 2 are in fold 2. */
static const uint32_t small_classes[ROWS] = {0, 0, 1, 1, 2, 2, 0, 1, 2, 1};
static const uint32_t small_folds[ROWS] = {0, 1, 2, 0, 2, 2, 2, 1, 2, 0};

/*
 * scikit-learn 1.2: LinearSVC(C=C, tol=1e-12, max_iter=10**7), coef_ and intercept_; then
 * decision_function of a fold fitted on the others, -1 for labels that these have not.
 */
static const struct {
    double c;
    float weights[(FEATURES + 1) * CLASSES], scores[ROWS * CLASSES];
} figures[] = {
    {1,
     {1.3977390f, -0.5420296f, -1.1460776f, -0.3475672f, 1.0266053f, -0.8916197f, -0.1398930f,
      0.2854055f, -0.2662014f, -0.7375096f, -0.0160165f, 0.6271938f, -0.4578105f, -0.3646637f,
      -0.0012474f},
     {0.0863831f,  -0.9215799f, -0.1608076f, 0.2743115f,  -0.8085637f, -0.6769266f,
      -0.9424951f, 0.9424951f,  -1,          -0.7840769f, 0.0572707f,  -0.1918973f,
      -0.7454352f, 0.7454352f,  -1,          -0.9665039f, 0.9665039f,  -1,
      0.5104888f,  -0.5104888f, -1,          -0.5726049f, 0.5157360f,  -0.9305512f,
      -0.1038325f, 0.1038325f,  -1,          -0.1693207f, -1.1175123f, 0.1959654f}},
    {4,
     {2.2095962f, -0.5198690f, -2.1993213f, -0.5205759f, 1.3872873f, -1.6452712f, 0.0632239f,
      0.4004440f, -0.4608813f, -1.4319006f, 0.1206503f, 0.7503856f, -0.6727919f, -0.5682365f,
      0.3627856f},
     {0.1017786f,  -1.3376165f, -0.2276694f, 0.5404058f,  -0.9969564f, -1.4613429f,
      -1.5300383f, 1.5300383f,  -1,          -0.9203165f, 0.1258206f,  -0.3926539f,
      -1.5783772f, 1.5783772f,  -1,          -1.9997586f, 1.9997586f,  -1,
      1.1990586f,  -1.1990586f, -1,          -1.1677975f, 0.8345133f,  -1.3977059f,
      -0.0864186f, 0.0864186f,  -1,          -0.2291781f, -1.4662317f, 0.3649541f}},
};

static void test_as_linear_svc(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(figures); i++) {
        const struct svm_problem problem = {.x = &small,
                                            .class_of = small_classes,
                                            .fold_of = small_folds,
                                            .classes = CLASSES,
                                            .folds = 3,
                                            .c = figures[i].c,
                                            .tolerance = TIGHT,
                                            .passes = SVM_PASSES};
        struct result result;
        solve(&result, &problem, cpu_level(), false);
        assert_near(result.weights, figures[i].weights, (FEATURES + 1) * CLASSES, 1e-5);
        assert_near(result.scores, figures[i].scores, ROWS * CLASSES, 1e-5);
        result_free(&result);
    }
}

/* ---- made-up texts ---- */

enum { MADE_ROWS = 600, MADE_FEATURES = 150, MADE_CLASSES = 21, MADE_FOLDS = 7, MADE_MOST = 12 };

/* Texts whose words lean to their label, one of which has a single text. */
struct made {
    uint64_t begin[MADE_ROWS + 1];
    uint32_t feature[MADE_ROWS * MADE_MOST];
    float value[MADE_ROWS * MADE_MOST];
    uint32_t class_of[MADE_ROWS], fold_of[MADE_ROWS];
    struct sparse x;
    struct svm_problem problem;
};

static void make_row(struct made *made, uint32_t row, struct random *random)
{
    bool has[MADE_FEATURES] = {false};
    uint32_t class_number = row ? random_below(random, MADE_CLASSES - 1) : MADE_CLASSES - 1;
    uint32_t words = random_below(random, MADE_MOST + 1);
    for (uint32_t i = 0; i < words; i++)
        has[random_below(random, 3) ? class_number * 7 + random_below(random, 7)
                                    : random_below(random, MADE_FEATURES)] = true;
    uint64_t end = made->begin[row];
    for (uint32_t f = 0; f < MADE_FEATURES; f++) {
        if (!has[f])
            continue;
        made->feature[end] = f;
        made->value[end++] = (float)(0.1 + random_unit(random));
    }
    made->begin[row + 1] = end;
    made->class_of[row] = class_number;
    made->fold_of[row] = random_below(random, MADE_FOLDS);
}

static struct made *make(void)
{
    struct made *made = calloc(1, sizeof *made);
    assert_non_null(made);
    struct random random = random_keyed(8, 1);
    for (uint32_t row = 0; row < MADE_ROWS; row++)
        make_row(made, row, &random);
    made->x = (struct sparse){MADE_ROWS, MADE_FEATURES, made->begin, made->feature, made->value, 0};
    made->problem = (struct svm_problem){.x = &made->x,
                                         .class_of = made->class_of,
                                         .fold_of = made->fold_of,
                                         .classes = MADE_CLASSES,
                                         .folds = MADE_FOLDS,
                                         .c = SVM_C,
                                         .tolerance = SVM_TOLERANCE,
                                         .passes = SVM_PASSES};
    return made;
}

static void assert_same(const struct result *got, const struct result *wanted)
{
    assert_memory_equal(got->weights, wanted->weights, wanted->weight_count * sizeof(float));
    assert_memory_equal(got->duals, wanted->duals, wanted->dual_count * sizeof(float));
    assert_memory_equal(got->scores, wanted->scores, wanted->score_count * sizeof(float));
}

/* Every level and order of blocks has the same bits, and shrinking spares most of the steps. */
static void test_kernels_agree(void **state)
{
    (void)state;
    struct made *made = make();
    struct result wanted;
    solve(&wanted, &made->problem, CPU_PORTABLE, false);
    assert_true(wanted.fold_effort.steps < wanted.fold_effort.passes * MADE_ROWS);
    assert_int_equal(wanted.effort.unfinished + wanted.fold_effort.unfinished, 0);
    EACH_LEVEL (level) {
        struct result got;
        solve(&got, &made->problem, level, true);
        assert_same(&got, &wanted);
        result_free(&got);
    }
    result_free(&wanted);
    free(made);
}

/* A pass for the models of the first SVM_FEW labels, by kernels of more lanes or just as many. */
static void begin_pass(struct svm_pass *pass, const struct made *made, const struct svm_row *rows,
                       unsigned lanes)
{
    *pass = (struct svm_pass){.rows = rows,
                              .feature = made->feature,
                              .value = made->value,
                              .weights = calloc(MADE_FEATURES * lanes, sizeof(float)),
                              .duals = calloc(MADE_ROWS * lanes, sizeof(float))};
    assert_true(pass->weights && pass->duals);
    for (unsigned lane = 0; lane < SVM_LANES; lane++) {
        pass->labels[lane] = lane;
        pass->left_out[lane] = lane < 3 ? lane : SVM_NO_FOLD;
        pass->dead[lane] = lane < SVM_FEW ? 0 : UINT32_MAX;
        pass->idle[lane] = 0.02f;
    }
}

static void end_pass(struct svm_pass *pass)
{
    free(pass->weights);
    free(pass->duals);
}

static void assert_same_pass(const struct svm_pass *few, const struct svm_pass *all, uint32_t row)
{
    float few_scores[SVM_LANES], all_scores[SVM_LANES];
    size_t size = SVM_FEW * sizeof(float);
    svm_kernels_of(CPU_PORTABLE, SVM_FEW)->score(few, row, few_scores);
    svm_kernels_of(CPU_PORTABLE, SVM_LANES)->score(all, row, all_scores);
    assert_memory_equal(few_scores, all_scores, size);
    assert_memory_equal(few->duals + row * SVM_FEW, all->duals + row * SVM_LANES, size);
    assert_memory_equal(few->bias, all->bias, size);
    assert_memory_equal(few->high, all->high, size);
    assert_memory_equal(few->low, all->low, size);
}

/* Lanes without a model change nothing: half of them have the same bits. */
static void test_few_lanes_agree(void **state)
{
    (void)state;
    struct made *made = make();
    static struct svm_row rows[MADE_ROWS];
    static uint32_t few_list[MADE_ROWS], all_list[MADE_ROWS];
    for (uint32_t row = 0; row < MADE_ROWS; row++) {
        rows[row] = (struct svm_row){.begin = made->begin[row],
                                     .count = (uint32_t)(made->begin[row + 1] - made->begin[row]),
                                     .class_number = made->class_of[row],
                                     .fold = made->fold_of[row],
                                     .diagonal = 0.5f,
                                     .inverse = 0.25f};
        few_list[row] = all_list[row] = row;
    }
    struct svm_pass few, all;
    begin_pass(&few, made, rows, SVM_FEW);
    begin_pass(&all, made, rows, SVM_LANES);
    uint32_t left = MADE_ROWS;
    for (int pass = 0; pass < 3; pass++) {
        uint32_t kept = svm_kernels_of(cpu_level(), SVM_FEW)->pass(&few, few_list, left);
        left = svm_kernels_of(cpu_level(), SVM_LANES)->pass(&all, all_list, left);
        assert_int_equal(kept, left);
        assert_memory_equal(few_list, all_list, left * sizeof *few_list);
    }
    for (uint32_t row = 0; row < MADE_ROWS; row++)
        assert_same_pass(&few, &all, row);
    end_pass(&few);
    end_pass(&all);
    free(made);
}

/* The texts of all folds but one. */
static void leave_out(struct made *rest, const struct made *made, uint32_t fold)
{
    *rest = *made;
    uint32_t rows = 0;
    for (uint32_t row = 0; row < MADE_ROWS; row++) {
        if (made->fold_of[row] == fold)
            continue;
        size_t count = made->begin[row + 1] - made->begin[row];
        uint64_t begin = rest->begin[rows];
        memcpy(rest->feature + begin, made->feature + made->begin[row], count * sizeof(uint32_t));
        memcpy(rest->value + begin, made->value + made->begin[row], count * sizeof(float));
        rest->class_of[rows] = made->class_of[row];
        rest->begin[++rows] = begin + count;
    }
    rest->x = (struct sparse){rows, MADE_FEATURES, rest->begin, rest->feature, rest->value, 0};
    rest->problem.x = &rest->x;
    rest->problem.class_of = rest->class_of;
    rest->problem.folds = 0;
}

static float score(const struct made *made, uint32_t row, const float *weights, uint32_t label)
{
    float sum = weights[MADE_FEATURES * MADE_CLASSES + label];
    for (uint64_t i = made->begin[row]; i < made->begin[row + 1]; i++)
        sum += made->value[i] * weights[made->feature[i] * MADE_CLASSES + label];
    return sum;
}

/* Held-out scores are those of a model trained on the other folds' texts alone. */
static void test_held_out_is_unseen(void **state)
{
    (void)state;
    struct made *made = make(), *rest = make();
    made->problem.tolerance = TIGHT;
    struct result all;
    solve(&all, &made->problem, cpu_level(), false);
    for (uint32_t fold = 0; fold < MADE_FOLDS; fold++) {
        leave_out(rest, made, fold);
        struct result others;
        solve(&others, &rest->problem, cpu_level(), false);
        for (uint32_t row = 0; row < MADE_ROWS; row++)
            for (uint32_t label = 0; made->fold_of[row] == fold && label < MADE_CLASSES; label++) {
                float wanted = score(made, row, others.weights, label);
                assert_near(&all.scores[row * MADE_CLASSES + label], &wanted, 1, 1e-4);
            }
        result_free(&others);
    }
    /* The one text of its label. */
    assert_true(all.scores[MADE_CLASSES - 1] == -1);
    result_free(&all);
    free(made);
    free(rest);
}

static void test_passes_are_limited(void **state)
{
    (void)state;
    struct made *made = make();
    made->problem.tolerance = 0;
    made->problem.passes = 3;
    struct result result;
    solve(&result, &made->problem, cpu_level(), false);
    assert_int_equal(result.effort.passes, 2 * 3);       /* 21 models in 2 blocks */
    assert_int_equal(result.fold_effort.passes, 10 * 3); /* 147 in 10 */
    assert_int_equal(result.effort.unfinished, 2);
    assert_int_equal(result.fold_effort.unfinished, 10);
    result_free(&result);
    free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_texts),           cmocka_unit_test(test_lone_words),
        cmocka_unit_test(test_texts_without_words), cmocka_unit_test(test_equal_texts),
        cmocka_unit_test(test_as_linear_svc),       cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_few_lanes_agree),     cmocka_unit_test(test_held_out_is_unseen),
        cmocka_unit_test(test_passes_are_limited),
    };
    return RUN_TESTS("svm", tests);
}
