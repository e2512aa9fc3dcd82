/* Terms of documents, against scikit-learn's analyzers. */
#include "text/views.h"

#include "base/words.h"
#include "text/tokens.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"

/* Gives the views the tokens of `text`, which is changed. */
static void take_text(struct views *views, char *text, size_t size)
{
    struct tokens tokens = tokens_with(tokens_scan_portable);
    struct text batch[TOKENS_BATCH];
    struct error error = {0};
    size_t count;
    views_begin(views);
    tokens_start(&tokens, text, size);
    do {
        assert_true(tokens_next(&tokens, batch, &count, &error));
        assert_true(views_take(views, batch, count, &error));
    } while (count);
    tokens_free(&tokens);
}

/* The terms of a copy of `text`, each followed by `|`. */
static char *join_terms(enum view view, const char *text)
{
    struct views views = {0};
    struct error error = {0};
    size_t size = strlen(text), used = 0;
    char *copy = strdup(text), *joined = calloc(1, 64 * size + 64);
    take_text(&views, copy, size);
    views_start(&views, view);
    do {
        assert_true(views_next(&views, &error));
        for (size_t i = 0; i < views.count; i++) {
            struct text term = views.terms[i].text;
            assert_true(views.terms[i].hash == words_hash(term.data, term.size));
            memcpy(joined + used, term.data, term.size);
            used += term.size;
            joined[used++] = '|';
        }
    } while (views.count);
    views_free(&views);
    free(copy);
    return joined;
}

static void assert_terms(enum view view, const char *text, const char *expected)
{
    char *joined = join_terms(view, text);
    assert_string_equal(joined, expected);
    free(joined);
}

static void test_space(void **state)
{
    (void)state;
    assert_terms(VIEW_SPACE, "", "");
    assert_terms(VIEW_SPACE, " Gold-price  ROSE,\tgold ", "gold-price|rose,|gold|");
    assert_terms(VIEW_SPACE, "STRA\u00dfE\u00a0\u00c4rger", "stra\u00dfe|\u00e4rger|");
}

static void test_word(void **state)
{
    (void)state;
    assert_terms(VIEW_WORD, " -- ", "");
    assert_terms(VIEW_WORD, "Gold-price ROSE, x_1 3.5", "gold|price|rose|x_1|3|5|");
    assert_terms(VIEW_WORD, "plain words", "plain|words|");
    assert_terms(VIEW_WORD, "\u00c4rger\u2014\u00fcber \u4e2d\u6587\u3002\u00bd",
                 "\u00e4rger|\u00fcber|\u4e2d\u6587|\u00bd|");
    /* a combining mark is no letter: re.findall(r"\w+", "e\u0301a") == ["e", "a"] */
    assert_terms(VIEW_WORD, "e\u0301a", "e|a|");
}

static void test_runs(void **state)
{
    (void)state;
    assert_terms(VIEW_BIGRAM, "one", "one|");
    assert_terms(VIEW_BIGRAM, "A b-c", "a|a b|b|b c|c|");
    assert_terms(VIEW_TRIGRAM, "a b. c d", "a|a b|a b c|b|b c|b c d|c|c d|d|");
}

/* CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()(text), word by word */
static void test_char(void **state)
{
    (void)state;
    assert_terms(VIEW_CHAR, "", "");
    assert_terms(VIEW_CHAR, "A", " a |");
    assert_terms(VIEW_CHAR, "no", " no|no | no |");
    assert_terms(VIEW_CHAR, "Oil x", " oi|oil|il | oil|oil | oil | x |");
    assert_terms(VIEW_CHAR, "gold", " go|gol|old|ld | gol|gold|old | gold|gold |");
    assert_terms(VIEW_CHAR, "\u00dcb\u4e2d",
                 " \u00fcb|\u00fcb\u4e2d|b\u4e2d | \u00fcb\u4e2d|"
                 "\u00fcb\u4e2d | \u00fcb\u4e2d |");
}

/* The same of (1, 5). */
static void test_char1(void **state)
{
    (void)state;
    assert_terms(VIEW_CHAR1, "", "");
    assert_terms(VIEW_CHAR1, "A", " |a| | a|a | a |");
    assert_terms(VIEW_CHAR1, "no", " |n|o| | n|no|o | no|no | no |");
    assert_terms(VIEW_CHAR1, "\u00dc\u4e2d x",
                 " |\u00fc|\u4e2d| | \u00fc|\u00fc\u4e2d|\u4e2d | \u00fc\u4e2d|\u00fc\u4e2d | "
                 "\u00fc\u4e2d | |x| | x|x | x |");
}

/* Many batches, and a document after another. */
static void test_long(void **state)
{
    (void)state;
    struct views views = {0};
    struct error error = {0};
    for (size_t words = 3 * VIEWS_BATCH; words; words /= 7) {
        char *text = calloc(1, 3 * words + 1);
        for (size_t i = 0; i < words; i++)
            memcpy(text + 3 * i, i % 2 ? "ab " : "c- ", 3);
        size_t found = 0;
        take_text(&views, text, 3 * words);
        views_start(&views, VIEW_BIGRAM);
        do {
            assert_true(views_next(&views, &error));
            found += views.count;
        } while (views.count);
        assert_int_equal(found, 2 * words - 1);
        free(text);
    }
    views_free(&views);
}

static void test_no_term(void **state)
{
    (void)state;
    char *text = malloc(VIEWS_TERM + 4);
    memset(text, 'x', VIEWS_TERM + 3);
    memcpy(text + VIEWS_TERM + 1, " y", 3);
    assert_terms(VIEW_SPACE, text, "y|");
    free(text);
}

/* Texts that differ in case and white space are one; there is none of a document before. */
static void test_text(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"  A\tb ", "a b"}, {"\u00c4\u00a0\u039f\u03a3 X", "\u00e4 \u03bf\u03c2 x"}, {"", ""}};
    struct views views = {0};
    for (size_t i = 0; i < 3; i++) {
        char *copy = strdup(texts[i][0]);
        take_text(&views, copy, strlen(copy));
        struct text text = views_text(&views);
        assert_int_equal(text.size, strlen(texts[i][1]));
        assert_memory_equal(text.data ? text.data : "", texts[i][1], text.size);
        free(copy);
    }
    views_free(&views);
}

/* Tokens of word characters alone are not laid out again; with any other they are. */
static void test_tokens_that_are_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool words;
    } pairs[] = {{"gold  Price_2 X", true}, {"gold-price", false}, {"gold \u00e9", false}};
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        struct views views = {0};
        struct error error = {0};
        char *copy = strdup(pairs[i].text);
        take_text(&views, copy, strlen(copy));
        views_start(&views, VIEW_BIGRAM);
        assert_true(views_next(&views, &error));
        assert_int_equal(views.words_are_tokens, pairs[i].words);
        assert_int_equal(views.words.size == 0, pairs[i].words);
        views_free(&views);
        free(copy);
    }
}

static void test_names(void **state)
{
    (void)state;
    for (enum view view = 0; view < VIEW_COUNT; view++) {
        enum view found = VIEW_COUNT;
        assert_true(view_find((struct text){view_name(view), strlen(view_name(view))}, &found));
        assert_int_equal(found, view);
    }
    assert_false(view_find((struct text){"words", 5}, &(enum view){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_space),
        cmocka_unit_test(test_word),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_char),
        cmocka_unit_test(test_char1),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_no_term),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_tokens_that_are_words),
        cmocka_unit_test(test_names),
    };
    return RUN_TESTS("views", tests);
}
