/* Crowds parted at a split, by hand, and every kernel beside the portable one. */
#include "vote/crowd.h"

#include "base/random.h"
#include "helpers.h"

#include <math.h>

enum { WORDS = 5, SAMPLES = WORDS * CROWD_WORD };

/* 64 values 0 to 63, of which all are there but 3 and 9, cut between 9 and 10; 5 is missing. */
static void test_by_hand(void **state)
{
    (void)state;
    float column[CROWD_WORD];
    for (int i = 0; i < CROWD_WORD; i++)
        column[i] = i == 5 ? NAN : (float)i;
    const uint64_t all = ~(UINT64_C(1) << 3 | UINT64_C(1) << 9);
    EACH_LEVEL (level) {
        uint64_t crowd = all, right = 0;
        struct crowd_split split = {column, 9, false};
        assert_int_equal(crowd_parter_of(level)(&split, &crowd, &right, 1), 7);
        assert_int_equal(crowd, 0x1d7); /* 0 1 2 4 6 7 8 */
        assert_int_equal(right, all ^ 0x1d7);

        crowd = all;
        split.missing_left = true;
        assert_int_equal(crowd_parter_of(level)(&split, &crowd, &right, 1), 8);
        assert_int_equal(crowd, 0x1f7);
        assert_int_equal(right, all ^ 0x1f7);
    }
}

static void test_twins(void **state)
{
    (void)state;
    struct random random = random_keyed(3, 4);
    for (int round = 0; round < 500; round++) {
        float column[SAMPLES];
        uint64_t asked[WORDS], left[WORDS], right[WORDS];
        for (int i = 0; i < SAMPLES; i++) {
            const uint32_t drawn = random_below(&random, 20);
            column[i] = drawn == 19 ? NAN : drawn == 18 ? -0.0f : (float)drawn - 9;
        }
        for (int word = 0; word < WORDS; word++) {
            const uint64_t drawn = random_u64(&random);
            asked[word] = round % 3 ? drawn & random_u64(&random) : (uint64_t)(word % 2) - 1;
        }
        const struct crowd_split split = {column, (float)random_below(&random, 20) - 10,
                                          round % 2 == 1};
        memcpy(left, asked, sizeof left);
        const uint32_t count = crowd_part_portable(&split, left, right, WORDS);
        EACH_LEVEL (level) {
            uint64_t crowd[WORDS], others[WORDS];
            memcpy(crowd, asked, sizeof crowd);
            assert_int_equal(crowd_parter_of(level)(&split, crowd, others, WORDS), count);
            assert_memory_equal(crowd, left, sizeof left);
            assert_memory_equal(others, right, sizeof right);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_twins),
    };
    return RUN_TESTS("crowd", tests);
}
