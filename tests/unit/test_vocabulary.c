/* Lists of words: what is a word, where they may come from, what is refused. */
#include "run/vocabulary.h"

#include "helpers.h"
#include "packing.h"

/* The words that the file lists, joined by '|'; or the error's sentence. */
static void assert_list(const char *expected)
{
    struct error error = {0};
    struct words words = {0};
    char joined[256] = "";
    if (vocabulary_read(test_path, &words, &error)) {
        for (uint32_t i = 0; i < words.count; i++) {
            struct text word = words_text(&words, i);
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%.*s",
                     i ? "|" : "", (int)word.size, word.data);
        }
    } else {
        assert_int_equal(error.status, STATUS_INPUT);
        assert_memory_equal(error.text, test_path, strlen(test_path));
        snprintf(joined, sizeof joined, "%s", error.text + strlen(test_path));
    }
    assert_string_equal(joined, expected);
    words_free(&words);
}

static void assert_lists(const char *bytes, const char *expected)
{
    file_write(test_path, bytes, strlen(bytes));
    assert_list(expected);
    write_gzip(test_path, bytes, strlen(bytes));
    assert_list(expected);
}

static void test_words(void **state)
{
    (void)state;
    assert_lists("the\nof\n", "the|of");
    assert_lists("the\r\n\n\r\n. . .\r\nof\nthe\nlast", "the|. . .|of|last");
    assert_lists("the\r\r\n\r\r\nof\r\r\n", "the|of");
    assert_lists("\xef\xbb\xbfthe\nof\n", "the|of");
    assert_lists("\xef\xbb\xbfthe\n\xef\xbb\xbfof\n", "the|of|\xef\xbb\xbfof");
    assert_lists("caf\xc3\xa9\n\xc2\xa0\n", "caf\xc3\xa9|\xc2\xa0");
}

static void test_what_is_no_list(void **state)
{
    (void)state;
    assert_lists("", ": lists no words: write one a line");
    assert_lists("\n\r\n", ": lists no words: write one a line");
    assert_lists("the\n\ncaf\xe9\n", ":3: is not valid UTF-8: turn it into UTF-8");
    assert_lists("\xff\xfet", ": is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t "
                              "UTF-8");
}

/* Lines number on from chunk to chunk. */
static void test_a_long_list(void **state)
{
    (void)state;
    enum { LINES = 100000 };
    struct bytes list = {malloc(8 * LINES + 1), 0};
    for (int i = 0; i < LINES; i++)
        list.size += (size_t)sprintf((char *)list.data + list.size, "w%05d\n", i);
    file_write(test_path, list.data, list.size);
    struct error error = {0};
    struct words words = {0};
    assert_true(vocabulary_read(test_path, &words, &error));
    assert_int_equal(words.count, LINES);
    assert_int_equal(words_find(&words, TEXT("w99999")), 99999);
    words_free(&words);
    list.data[7 * 70000] = 0xff;
    file_write(test_path, list.data, list.size);
    assert_list(":70001: is not valid UTF-8: turn it into UTF-8");
    free(list.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_what_is_no_list),
        cmocka_unit_test(test_a_long_list),
    };
    return RUN_TESTS_WITH_FILE("vocabulary", tests);
}
