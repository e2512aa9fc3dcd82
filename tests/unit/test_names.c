/* Labels as they are shown, and what is said of those that a model lacks. */
#include "score/doubts.h"
#include "score/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

static void test_unseen(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"money", "money"},
                                           {"money ", "money\\x20"},
                                           {"  two words ", "\\x20\\x20two words\\x20"},
                                           {" ", "\\x20"},
                                           {"", ""},
                                           {"a\xc2\xa0z", "a\\u00a0z"},   /* no-break space */
                                           {"z\xe2\x80\x8b", "z\\u200b"}, /* zero-width space */
                                           {"\xef\xbb\xbfz", "\\ufeffz"}, /* byte order mark */
                                           {"\xe2\x80\xae"
                                            "ab",
                                            "\\u202eab"},               /* right-to-left override */
                                           {"\xe3\x80\x80", "\\u3000"}, /* ideographic space */
                                           {"\xc2\x9b"
                                            "31m",
                                            "\\u009b31m"}, /* a terminal's control sequence */
                                           {"\xf3\xa0\x80\x81", "\\U000e0001"}, /* language tag */
                                           {"a\tb\x1b", "a\\tb\\x1b"},
                                           {"\xc3\xa9\xe6\xbc\xa2"
                                            "e\xcc\x81",
                                            "\xc3\xa9\xe6\xbc\xa2"
                                            "e\xcc\x81"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer shown = {0};
        name_show(&shown, text_of(cases[i][0]));
        buffer_byte(&shown, '\0');
        assert_string_equal(shown.bytes, cases[i][1]);
        buffer_free(&shown);
    }
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
    return cmocka_run_group_tests(tests, NULL, NULL);
}
