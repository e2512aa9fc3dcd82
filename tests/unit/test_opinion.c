/* What evidence says for itself: by hand, in the votes, and which columns say it. */
#include "run/opinions.h"
#include "vote/vote.h"

#include "helpers.h"

#include <math.h>

/* ---- its opinion ---- */

static void test_by_hand(void **state)
{
    (void)state;
    /* Weighed 3 to 1, scores come to 0, log 2 and log 5: 1, 2 and 5 of 8. */
    const float log2 = 0.693147180559945f, log5 = 1.60943791243410f;
    const float x[] = {7, 4 * log2, 1, NAN, -3, 4 * log5, NAN};
    const uint32_t columns[] = {2, 3, 6, 4, 1, 5};
    const struct opinion opinion = {0.5, 1, 2, 3, (double[]){0.75, 0.25}, columns};
    double e[3];
    opinion_of(&opinion, x, e);
    assert_true(fabs(e[0] - 1.0 / 8) < 1e-7 && fabs(e[1] - 2.0 / 8) < 1e-7 &&
                fabs(e[2] - 5.0 / 8) < 1e-7);
    /* At any alignment. */
    unsigned char odd[sizeof x + 1];
    double other[3];
    memcpy(odd + 1, x, sizeof x);
    opinion_of(&opinion, odd + 1, other);
    assert_memory_equal(e, other, sizeof e);
}

/* exp(3 x 0.5) : exp(-3 x 0.5) = e^3 : 1. */
static void test_sharpness(void **state)
{
    (void)state;
    const float x[] = {0.5f, -0.5f};
    const struct opinion opinion = {0.5, 3, 1, 2, (double[]){1}, (uint32_t[]){0, 1}};
    double e[2];
    opinion_of(&opinion, x, e);
    assert_true(fabs(e[0] / e[1] - 20.085536923187668) < 1e-12);
    assert_true(fabs(e[0] + e[1] - 1) < 1e-15);
}

/* Exponents beyond what exp can tell from 0, and scores beyond any. */
static void test_extremes(void **state)
{
    (void)state;
    const struct opinion opinion = {0.5, 6, 1, 3, (double[]){1}, (uint32_t[]){0, 1, 2}};
    double e[3];
    opinion_of(&opinion, (float[]){3e38f, -3e38f, 3e38f}, e);
    assert_true(e[0] == 0.5 && e[1] == 0 && e[2] == 0.5);
    opinion_of(&opinion, (float[]){0, -1000, NAN}, e);
    assert_true(e[0] == 0.5 && e[1] == 0 && e[2] == 0.5);
}

static void test_votes(void **state)
{
    (void)state;
    assert_true(opinion_votes(&(struct opinion){0}, 200) == 0);
    assert_true(opinion_votes(&(struct opinion){.share = 0.5}, 200) == 200);
    assert_true(opinion_votes(&(struct opinion){.share = 0.75}, 4) == 12);
}

/* ---- beside trees ---- */

static void add_leaf(struct packed_forest *forest, uint32_t class_number)
{
    struct tree tree = {.nodes = 1,
                        .feature = (uint32_t[]){TREE_NONE},
                        .leaf_class = &class_number,
                        .weight = (uint32_t[]){1}};
    struct packed_room room = {0};
    struct packed_tree packed;
    assert_true(packed_tree_make(&packed, &forest->form, &tree, &room));
    packed_room_free(&room);
    assert_true(packed_append(forest, &packed));
}

enum { ROWS = 70 };

/*
 * Four trees, three of them for class 0, and evidence: 1/8, 2/8 and 5/8 for odd rows, the first two
 * turned round for even ones. Where it has half of the vote, class 0 gets 7/16 or 1/2, the others
 * 4/16 or 3/16 and 5/16; where it has nine tenths, class 2 is ahead with 9/16.
 */
static void check_row(const double *proba, size_t row, double share)
{
    const double e0 = row % 2 ? 1.0 / 8 : 2.0 / 8, e1 = 3.0 / 8 - e0;
    assert_true(fabs(proba[0] - ((1 - share) * 3 / 4 + share * e0)) < 1e-7);
    assert_true(fabs(proba[1] - ((1 - share) * 1 / 4 + share * e1)) < 1e-7);
    assert_true(fabs(proba[2] - share * 5 / 8) < 1e-7);
}

static void check_pool(uint32_t class_count, size_t rows, double share, bool classes_only)
{
    const float log2 = 0.693147180559945f, log5 = 1.60943791243410f;
    static float x[ROWS * 4];
    uint32_t *columns = calloc(class_count, sizeof *columns);
    struct packed_forest forest = packed_start(4, class_count);
    assert_non_null(columns);
    for (uint32_t c = 0; c < class_count; c++)
        columns[c] = c < 3 ? c : 3;
    for (size_t row = 0; row < rows; row++)
        memcpy(x + row * 4,
               row % 2 ? (float[]){0, log2, log5, -200} : (float[]){log2, 0, log5, -200},
               4 * sizeof *x);
    for (int tree = 0; tree < 4; tree++)
        add_leaf(&forest, tree == 1);
    forest.opinion = (struct opinion){share, 1, 1, class_count, (double[]){1}, columns};
    struct voter voter;
    assert_true(vote_start(&voter, &forest));
    voter.classes_only = classes_only;
    for (int turn = 0; turn < 2; turn++) { /* what the first leaves is cleared */
        memcpy(voter.x, x, rows * 4 * sizeof *x);
        assert_true(vote_tile(&voter, voter.x, rows));
        for (size_t row = 0; row < rows; row++) {
            assert_int_equal(voter.classes[row], share < 0.6 ? 0 : 2);
            if (!classes_only)
                check_row(voter.proba + row * class_count, row, share);
        }
    }
    vote_end(&voter);
    packed_free(&forest);
    free(columns);
}

/* Alone and in company; of so many classes that votes would be listed; of classes alone. */
static void test_pool(void **state)
{
    (void)state;
    for (int classes_only = 0; classes_only < 2; classes_only++)
        for (int i = 0; i < 2; i++) {
            const double share = i ? 0.9 : 0.5;
            check_pool(3, 1, share, classes_only);
            check_pool(3, ROWS, share, classes_only);
            check_pool(300, 3, share, classes_only);
            check_pool(300, ROWS, share, classes_only);
        }
}

/* ---- whose columns it has ---- */

static struct stream_opinion found;
static struct error error;
static struct lineage lineage; /* of the samples */

/* What the samples of most of these tests have: no values, all of the first class. */
static float zeros[160 * 16];
static uint32_t firsts[160];

/* Of so many samples whose features are the names between the spaces. */
static bool find(char *names, const char *first, const char *second, size_t rows, double share)
{
    static struct text features[32];
    struct samples samples = {.rows = rows,
                              .x = zeros,
                              .class_of = firsts,
                              .lineage = lineage,
                              .features = features,
                              .class_count = 2,
                              .classes = (struct text[]){text_of(first), text_of(second)}};
    struct text rest = text_of(names);
    while (rest.size)
        features[samples.dim++] = text_cut(&rest, ' ');
    stream_opinion_free(&found);
    error = (struct error){0};
    return opinions_find(&samples, "samples", share, &found, &error);
}

static char whole[] = "glove:0 bayes:a bayes:b bayes:a-margin bayes:b-margin word:b word:a "
                      "word:a-margin word:b-margin char2:a char2:b char2:a-margin char2:b-margin";

static void assert_columns(uint32_t views, const uint32_t *columns)
{
    assert_int_equal(found.views, views);
    assert_memory_equal(found.columns, columns, views * 2 * sizeof *columns);
}

static void test_columns(void **state)
{
    (void)state;
    assert_true(find(whole, "a", "b", 10, 0.25));
    assert_columns(2, (uint32_t[]){6, 5, 9, 10});
    assert_true(found.share == 0.25 && found.sharpness == 6);
    /* A label that ends like a margin's column: the first of a name is the score. */
    char margins[] = "word:a word:a-margin word:a-margin word:a-margin-margin";
    assert_true(find(margins, "a", "a-margin", 10, 0.25));
    assert_columns(1, (uint32_t[]){0, 1});
    /* Views of other labels, without a label, and without margins. */
    char short_of[] =
        "word:a word:a-margin char:a char:b char:a-margin char:c-margin pair:a pair:b";
    assert_true(find(short_of, "a", "b", 10, OPINIONS_AUTO));
    assert_int_equal(found.views, 0);
    assert_true(found.share == 0);
    assert_false(find(short_of, "a", "b", 10, 0.25));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_non_null(strstr(error.text, "samples has no evidence"));
    char bare[] = "0 1";
    assert_true(find(bare, "a", "b", 10, 0));
    assert_true(found.share == 0 && !found.columns);
}

/* Two for each pair of two classes: 8 / (8 + 24); and 8 / (8 + 152) is the last that counts. */
static void test_share(void **state)
{
    (void)state;
    assert_true(find(whole, "a", "b", 24, OPINIONS_AUTO)); /* names alone */
    assert_true(found.share == 0);
    assert_true(lineage_append(&lineage, "linear-train", &error));
    assert_true(find(whole, "a", "b", 24, OPINIONS_AUTO));
    assert_true(found.share == 0.25);
    assert_true(find(whole, "a", "b", 152, OPINIONS_AUTO));
    assert_true(found.share == 0.05);
    assert_true(find(whole, "a", "b", 153, OPINIONS_AUTO));
    assert_true(found.share == 0 && found.views == 0 && !found.columns);
    assert_true(find(whole, "a", "b", 160, 0.5));
    assert_true(found.share == 0.5 && found.views == 2);
    stream_opinion_free(&found);
    lineage_free(&lineage);
}

/*
 * Of four samples one view is right about three: 4 of 5, and the other about one, 2 of 5; the first
 * of equal scores is its answer, and one that is missing is 0. So they weigh 2^4 to 1.
 */
static void test_weights(void **state)
{
    (void)state;
    float x[] = {1,  -1, -2, 0,   0, 0, 0, 0, /* a, b, of a */
                 -1, 1,  3,  1,   0, 0, 0, 0, /* b, a, of b */
                 0,  0,  1,  2,   0, 0, 0, 0, /* a, b, of a */
                 2,  1,  -1, NAN, 0, 0, 0, 0 /* a, b, of b */};
    struct text features[] = {text_of("word:a"),        text_of("word:b"),
                              text_of("char:a"),        text_of("char:b"),
                              text_of("word:a-margin"), text_of("word:b-margin"),
                              text_of("char:a-margin"), text_of("char:b-margin")};
    const struct samples samples = {.rows = 4,
                                    .dim = 8,
                                    .x = x,
                                    .features = features,
                                    .class_count = 2,
                                    .classes = (struct text[]){text_of("a"), text_of("b")},
                                    .class_of = (uint32_t[]){0, 1, 0, 1}};
    assert_true(opinions_find(&samples, "samples", 0.5, &found, &error));
    assert_columns(2, (uint32_t[]){0, 1, 2, 3});
    assert_true(fabs(found.weights[0] - 16.0 / 17) < 1e-15);
    assert_true(fabs(found.weights[1] - 1.0 / 17) < 1e-15);
    stream_opinion_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),  cmocka_unit_test(test_sharpness),
        cmocka_unit_test(test_extremes), cmocka_unit_test(test_votes),
        cmocka_unit_test(test_pool),     cmocka_unit_test(test_columns),
        cmocka_unit_test(test_share),    cmocka_unit_test(test_weights),
    };
    return RUN_TESTS("opinion", tests);
}
