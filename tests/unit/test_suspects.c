/* Labels that look wrong: thresholds and confidence by hand. */
#include "score/suspects.h"

#include "helpers.h"

#include <math.h>

/*
 * Class 2 has one sample, of which the model thinks next to nothing, so that its threshold is 0.02,
 * above which all of the others are, too. Of class 0 the threshold is (0.9 + 0.5 + 0.3) / 3, of
 * class 1 (0.8 + 0.1) / 2.
 */
static void test_likeliest_other(void **state)
{
    static const float proba[] = {
        0.9f, 0.05f, 0.05f, /* right */
        0.5f, 0.1f,  0.4f, /* below its threshold, so 2's confidently; but its label is likeliest */
        0.3f, 0.65f, 0.05f, /* 1's confidently, as which it is predicted */
        0.1f, 0.8f,  0.1f,  /* right */
        0.5f, 0.1f,  0.4f,  /* 2's confidently; and yet 0 is likelier, which it should be */
        0.8f, 0.18f, 0.02f, /* 0's confidently */
        0.1f, 0.8f,  0.1f,  /* of a label that the model lacks */
    };
    static const uint32_t label[] = {0, 0, 0, 1, 1, 2, SUSPECTS_NOWHERE};
    static const uint32_t should[] = {1, 2, 1, 0, 0, 0};
    static const bool confident[] = {false, false, true, false, true, true};
    const struct suspects_input input = {7, 3, label, proba};
    struct suspects suspects = {0};
    (void)state;
    assert_true(suspects_of(&input, &suspects));
    assert_true(fabs(suspects.thresholds[0] - 1.7 / 3) < 1e-6);
    assert_true(fabs(suspects.thresholds[1] - 0.45) < 1e-6);
    assert_true(fabs(suspects.thresholds[2] - 0.02) < 1e-6);
    assert_int_equal(suspects.count, 6);
    assert_int_equal(suspects.off_diagonal, 3);
    for (uint32_t i = 0; i < 6; i++) {
        const struct suspect *suspect = &suspects.all[i];
        assert_int_equal(suspect->row, i);
        assert_int_equal(suspect->should, should[i]);
        assert_int_equal(suspect->confident, confident[i]);
        assert_true(suspect->probability == proba[3 * i + label[i]]);
        assert_true(suspect->should_probability == proba[3 * i + should[i]]);
    }
    suspects_free(&suspects);
}

static void test_single_class(void **state)
{
    static const float proba[] = {1, 1};
    static const uint32_t label[] = {0, 0};
    const struct suspects_input input = {2, 1, label, proba};
    struct suspects suspects = {0};
    (void)state;
    assert_true(suspects_of(&input, &suspects));
    assert_int_equal(suspects.off_diagonal, 0);
    assert_int_equal(suspects.all[0].should, 0);
    suspects_free(&suspects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_likeliest_other),
                                       cmocka_unit_test(test_single_class)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
