/* Evidence of scores and of counts, against figures of numpy. */
#include "linear/bayes.h"
#include "linear/margins.h"
#include "linear/scorer.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "helpers.h"

/*
 * crude: "oil price of oil", "price of gold"; earn: "net oil net", "net of tax".
 * Terms: net oil price of tax gold.
 */
static const uint64_t begin[] = {0, 2, 5, 8, 11};
static const uint32_t feature[] = {0, 1, 1, 2, 3, 0, 3, 4, 2, 3, 5};
static const float value[] = {2, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1};
static const struct sparse rows = {4, 6, begin, feature, value, 0};
static const uint32_t label_of[] = {1, 0, 1, 0};

static void assert_evidence(const struct bayes *bayes, const uint32_t *terms, const float *times,
                            size_t count, const struct bayes_own *own, size_t own_count,
                            double crude, double earn)
{
    double sums[4];
    float evidence[2];
    bayes_evidence(bayes, terms, times, count, own, own_count, sums, evidence);
    assert_true(fabs(evidence[0] - crude) < 1e-6);
    assert_true(fabs(evidence[1] - earn) < 1e-6);
}

static void test_bayes_counts(void **state)
{
    (void)state;
    struct bayes bayes = {0};
    assert_true(bayes_count(&bayes, &rows, label_of, 2));
    static const uint64_t begins[] = {0, 1, 3, 4, 6, 7, 8};
    static const uint32_t labels[] = {1, 0, 1, 0, 0, 1, 1, 0}, counts[] = {3, 2, 1, 2, 2, 1, 1, 1};
    assert_int_equal(bayes.terms, 6);
    assert_memory_equal(bayes.begin, begins, sizeof begins);
    assert_memory_equal(bayes.label, labels, sizeof labels);
    assert_memory_equal(bayes.count, counts, sizeof counts);
    bayes_free(&bayes);
}

static void test_bayes_evidence(void **state)
{
    (void)state;
    struct bayes bayes = {0};
    assert_true(bayes_count(&bayes, &rows, label_of, 2) && bayes_settle(&bayes));
    static const double own[][2] = {{-1.0364299, -0.57281105},
                                    {-0.67766275, -0.79205802},
                                    {-1.0335095, -0.66578473},
                                    {-0.47722125, -1.0061164}};
    static const double leaked[][2] = {{-1.2971895, -0.42810553},
                                       {-0.48478693, -0.9834961},
                                       {-1.1234238, -0.48538893},
                                       {-0.4282603, -1.0806258}};
    for (size_t i = 0; i < 4; i++) {
        struct bayes_own copy = {label_of[i], 1};
        size_t count = begin[i + 1] - begin[i];
        const uint32_t *terms = feature + begin[i];
        const float *times = value + begin[i];
        assert_evidence(&bayes, terms, times, count, &copy, 1, own[i][0], own[i][1]);
        assert_evidence(&bayes, terms, times, count, NULL, 0, leaked[i][0], leaked[i][1]);
    }
    assert_evidence(&bayes, (uint32_t[]){0, 2}, (float[]){1, 1}, 2, NULL, 0, -0.9911389,
                    -0.7672551);
    assert_evidence(&bayes, NULL, NULL, 0, NULL, 0, 0, 0);
    bayes_free(&bayes);
}

/* A text that is in the corpus twice gets evidence from neither. */
static void test_bayes_copies(void **state)
{
    (void)state;
    static const uint64_t twice_begin[] = {0, 2, 4, 5};
    static const uint32_t twice_feature[] = {0, 1, 0, 1, 0};
    static const float twice_value[] = {2, 1, 2, 1, 1};
    static const struct sparse twice = {3, 2, twice_begin, twice_feature, twice_value, 0};
    struct bayes bayes = {0};
    assert_true(bayes_count(&bayes, &twice, (uint32_t[]){0, 1, 1}, 2) && bayes_settle(&bayes));
    struct bayes_own copies[] = {{0, 1}, {1, 1}};
    /* of `a` one with label 1 is left: p = 1/2 and 2/3; of `b` none, so it is as unknown */
    double crude = log(3. / 7), earn = log(4. / 7);
    assert_evidence(&bayes, twice_feature, twice_value, 2, copies, 2, crude, earn);
    bayes_free(&bayes);
}

static void test_margins(void **state)
{
    (void)state;
    static const float scores[][3] = {{3, 1, 2}, {1, 1, 0}, {-1, 5, 5}, {0.5f, -1, -3}, {1, 2, 3}};
    static const float wanted[][3] = {
        {1, -2, -1}, {0, 0, -1}, {-6, 0, 0}, {1.5f, -1.5f, -3.5f}, {-2, -1, 1}};
    float got[3];
    for (size_t i = 0; i < 5; i++) {
        margins_of(scores[i], 3, got);
        for (size_t j = 0; j < 3; j++)
            assert_true(got[j] == wanted[i][j]);
    }
    margins_of((float[]){2, 5}, 2, got);
    assert_true(got[0] == -3 && got[1] == 3);
    margins_of((float[]){2}, 1, got);
    assert_true(got[0] == 2);
}

/* Weights lie in several blocks, at odd addresses. */
static void test_scores(void **state)
{
    (void)state;
    for (uint32_t labels = 1; labels < 10; labels++) {
        struct scorer scorer = {0};
        float scores[10], row[10];
        char weights[3 * sizeof row + 1];
        size_t width = labels * sizeof *row;
        for (uint32_t i = 0; i < labels; i++)
            row[i] = (float)i;
        assert_true(scorer_start(&scorer, row, labels, 0));
        for (uint32_t f = 0; f < 3; f++) {
            for (uint32_t i = 0; i < labels; i++)
                row[i] = (float)(10 * f + i);
            memcpy(weights + 1 + f * width, row, width);
        }
        assert_true(scorer_add(&scorer, weights + 1, NULL, 1));
        assert_true(scorer_add(&scorer, weights + 1 + width, NULL, 2));
        scorer_scores(&scorer, (uint32_t[]){0, 2}, (float[]){0.5f, 0.25f}, 2, scores);
        for (uint32_t i = 0; i < labels; i++) /* i/2 + (20 + i)/4 + i */
            assert_true(scores[i] == 5 + 1.75f * (float)i);
        scorer_scores(&scorer, (uint32_t[]){1}, (float[]){1}, 1, scores);
        for (uint32_t i = 0; i < labels; i++)
            assert_true(scores[i] == 10 + 2 * (float)i);
        scorer_free(&scorer);
    }
}

/* Each feature is found in its block, whatever their sizes: its weight is its number. */
static void test_blocks(void **state)
{
    (void)state;
    enum { FEATURES = 100 };
    static const uint32_t sizes[] = {1, 1, 30, 2, 60, 1, 1, 1, 3};
    float weights[FEATURES], score;
    struct scorer scorer = {0};
    assert_true(scorer_start(&scorer, &(float){0}, 1, 0));
    for (int f = 0; f < FEATURES; f++)
        weights[f] = (float)f;
    for (size_t i = 0; i < LENGTH(sizes); i++)
        assert_true(scorer_add(&scorer, weights + scorer.features, NULL, sizes[i]));
    assert_int_equal(scorer.features, FEATURES);
    for (uint32_t f = 0; f < FEATURES; f++)
        for (uint32_t g = f + 1; g < FEATURES; g++) {
            scorer_scores(&scorer, (uint32_t[]){f, g}, (float[]){1, 1000}, 2, &score);
            assert_true(score == (float)(f + 1000 * g));
        }
    scorer_free(&scorer);
}

/* "gold price gold gold" of test_tfidf.c, scikit-learn 1.2; and a term that many documents hold. */
static void test_weigh(void **state)
{
    (void)state;
    char held[1 + 3 * sizeof(uint32_t)];
    float counts[] = {3, 1}, common[] = {1, 1};
    double room[2];
    struct scorer few = {0}, many = {0};
    memcpy(held + 1, (uint32_t[]){2, 2, 5000}, 3 * sizeof(uint32_t));
    assert_true(scorer_start(&few, &(float){0}, 1, 4) && scorer_start(&many, &(float){0}, 1, 9999));
    assert_true(scorer_add(&few, NULL, held + 1, 1) && scorer_add(&few, NULL, held + 5, 1));
    scorer_weigh(&few, (uint32_t[]){0, 1}, counts, 2, room);
    assert_true(fabs(counts[0] - 0.9027501480103622) <= 1e-7);
    assert_true(fabs(counts[1] - 0.43016528249879604) <= 1e-7);
    /* 1 + ln(10000 / 3) and 1 + ln(10000 / 5001): 9.111728 and 1.692947 */
    assert_true(scorer_add(&many, NULL, held + 5, 2));
    scorer_weigh(&many, (uint32_t[]){0, 1}, common, 2, room);
    assert_true(fabs(common[0] - 0.983174) <= 1e-6);
    assert_true(fabs(common[1] - 0.182672) <= 1e-6);
    scorer_free(&few);
    scorer_free(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bayes_counts), cmocka_unit_test(test_bayes_evidence),
        cmocka_unit_test(test_bayes_copies), cmocka_unit_test(test_margins),
        cmocka_unit_test(test_scores),       cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_weigh),
    };
    return RUN_TESTS("evidence", tests);
}
