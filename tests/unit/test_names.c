/* Labels as they are shown, and what is said of those that a model lacks. */
#include "score/doubts.h"
#include "score/names.h"

#include "helpers.h"

static void assert_shown(const char *label, const char *expected)
{
    struct buffer shown = {0};
    name_show(&shown, text_of(label));
    buffer_byte(&shown, '\0');
    assert_string_equal(shown.bytes, expected);
    buffer_free(&shown);
}

static void test_unseen(void **state)
{
    (void)state;
    static const char override[] = {(char)0xe2, (char)0x80, (char)0xae, 'a', 0};
    assert_shown("money", "money");
    assert_shown("money ", "money\\x20");
    assert_shown("  two words ", "\\x20\\x20two words\\x20");
    assert_shown(" ", "\\x20");
    assert_shown("", "");
    assert_shown("a\xc2\xa0z", "a\\u00a0z");         /* no-break space */
    assert_shown("z\xe2\x80\x8b", "z\\u200b");       /* zero-width space */
    assert_shown("\xef\xbb\xbfz", "\\ufeffz");       /* byte order mark */
    assert_shown(override, "\\u202ea");              /* right-to-left override */
    assert_shown("\xe3\x80\x80", "\\u3000");         /* ideographic space */
    assert_shown("\xc2\x9bz", "\\u009bz");           /* the start of a terminal's sequence */
    assert_shown("\xf3\xa0\x80\x81", "\\U000e0001"); /* language tag */
    assert_shown("a\tb\x1b", "a\\tb\\x1b");
    assert_shown("\xc3\xa9\xe6\xbc\xa2z\xcc\x81", "\xc3\xa9\xe6\xbc\xa2z\xcc\x81");
}

static void assert_doubts(struct answers *answers, const char *expected)
{
    struct metrics metrics;
    struct buffer text = {0};
    assert_true(metrics_of(&answers->confusion, &metrics));
    doubts_of(answers, &metrics, &text);
    buffer_byte(&text, '\0');
    assert_string_equal(text.bytes, expected);
    buffer_free(&text);
    metrics_free(&metrics);
}

static void add(struct answers *answers, const char *label, const char *predicted)
{
    uint32_t class = answers_class(answers, text_of(predicted));
    assert_true(answers_row(answers, text_of(label), class, NULL));
}

static void test_unknown_labels(void **state)
{
    (void)state;
    struct answers answers = {0};
    add(&answers, "sport", "sport");
    add(&answers, "sport", "money");
    answers.classes_known = true;
    assert_doubts(&answers, "");
    add(&answers, "Sport", "sport");
    add(&answers, "money ", "money");
    add(&answers, "Sport", "money");
    assert_doubts(&answers, "3 of 5 rows have labels that the model does not know, and count as "
                            "wrong: Sport, money\\x20");
    for (const char *label = "1\0002\0003\0004\0"; *label; label += 2)
        add(&answers, label, "sport");
    assert_doubts(&answers, "7 of 9 rows have labels that the model does not know, and count as "
                            "wrong: 1, 2, 3, 4, Sport and 1 more");
    answers_free(&answers);
}

static void test_strangers(void **state)
{
    (void)state;
    struct answers answers = {0};
    add(&answers, "sport", "the keeper saved it");
    add(&answers, "money", "shares fell");
    assert_doubts(&answers, "no label is ever predicted: are these a model's predictions?");
    add(&answers, "money", "sport");
    assert_doubts(&answers, "");
    answers_free(&answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unseen),
        cmocka_unit_test(test_unknown_labels),
        cmocka_unit_test(test_strangers),
    };
    return RUN_TESTS("names", tests);
}
