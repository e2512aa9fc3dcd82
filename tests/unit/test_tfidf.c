/* Weights of terms, against scikit-learn's TfidfVectorizer(sublinear_tf=True). */
#include "linear/tfidf.h"

#include <math.h>
#include <stdint.h>

#include "helpers.h"

static void assert_close(double got, double wanted)
{
    assert_true(fabs(got - wanted) <= 1e-7);
}

/* "gold price gold gold", "price of oil", "oil oil gold of gold" and "", scikit-learn 1.2 */
static void test_news(void **state)
{
    (void)state;
    const double twice = tfidf_rarity(4, 2);
    double first[] = {twice, twice}, third[] = {twice, twice, twice};
    float counts[] = {3, 1}, others[] = {2, 1, 2};
    struct tfidf tfidf;
    tfidf_of(&tfidf, 4);
    assert_close(twice, 1.5108256237659907);
    tfidf_row(&tfidf, first, counts, 2);
    assert_close(counts[0], 0.9027501480103622);
    assert_close(counts[1], 0.43016528249879604);
    tfidf_row(&tfidf, third, others, 3);
    assert_close(others[0], 0.6524908845125339);
    assert_close(others[1], 0.3853716274664007);
    assert_close(others[2], 0.6524908845125339);
}

/* By hand: ln(11 / 2) + 1 and ln(11 / 11) + 1, whose squares add up to 8.31566 */
static void test_rarity(void **state)
{
    (void)state;
    double rarity[] = {tfidf_rarity(10, 1), tfidf_rarity(10, 10)};
    float counts[] = {1, 1};
    struct tfidf tfidf;
    tfidf_of(&tfidf, 10);
    assert_close(rarity[0], 2.7047480922384253);
    assert_close(rarity[1], 1);
    tfidf_row(&tfidf, rarity, counts, 2);
    assert_close(counts[0], 0.937947224286477);
    assert_close(counts[1], 0.3467780334065197);
    tfidf_row(&tfidf, rarity, counts, 0);
}

/* Counts that occur twice in a row, and factors on both sides of those that are known; against
 * libm's logarithm. */
static void test_again(void **state)
{
    (void)state;
    enum { COUNTS = 80 };
    float value[COUNTS];
    double ones[COUNTS], squares = 0;
    struct tfidf tfidf;
    tfidf_of(&tfidf, 9999);
    for (int i = 0; i < COUNTS; i++) {
        ones[i] = 1;
        value[i] = (float)(1 + i % (COUNTS / 2));
        squares += pow(1 + log(1 + i % (COUNTS / 2)), 2);
    }
    tfidf_row(&tfidf, ones, value, COUNTS);
    for (int i = 0; i < COUNTS; i++)
        assert_close(value[i], (1 + log(1 + i % (COUNTS / 2))) / sqrt(squares));
    static const uint64_t with[] = {0, 3, 1023, 1024, 5000};
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        assert_close(tfidf_rarity_of(&tfidf, with[i]), 1 + log(1e4 / (1 + (double)with[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_news),
        cmocka_unit_test(test_rarity),
        cmocka_unit_test(test_again),
    };
    return RUN_TESTS("tfidf", tests);
}
