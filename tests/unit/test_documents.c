/* Lines to labels and texts: columns, repaired bytes, and what is refused. */
#include "text/documents.h"

#include "helpers.h"

static const struct documents_columns labelled = {.label = 1}, unlabelled = {0};

/*
 * All rows of `text`, the first of which is line 7 of `docs`, as "line:label=text", joined by '|';
 * on failure the error's sentence.
 */
static void read_rows(const char *text, size_t size, struct documents_columns columns, char *joined,
                      size_t joined_size)
{
    struct error error = {0};
    struct bytes bytes = bytes_copy(text, size);
    struct documents_cursor cursor = documents_cursor((char *)bytes.data, size, "docs", 7);
    size_t used = 0;
    joined[0] = '\0';
    while (cursor.at < cursor.size) {
        struct documents_row document;
        if (!documents_row(&cursor, &columns, &document, &error)) {
            assert_int_equal(error.status, STATUS_INPUT);
            snprintf(joined, joined_size, "%s", error.text);
            break;
        }
        used +=
            (size_t)snprintf(joined + used, joined_size - used, "%s%llu:%.*s=%.*s", used ? "|" : "",
                             (unsigned long long)cursor.line, (int)document.label.size,
                             document.label.data, (int)document.text_size, document.text);
        assert_true(used < joined_size);
    }
    free(bytes.data);
}

static void assert_rows(const char *text, struct documents_columns columns, const char *expected)
{
    char joined[1024];
    read_rows(text, strlen(text), columns, joined, sizeof joined);
    assert_string_equal(joined, expected);
}

static void test_labels_and_texts(void **state)
{
    (void)state;
    assert_rows("", labelled, "");
    assert_rows("earn\tnet up\nacq\tbuys\n", labelled, "7:earn=net up|8:acq=buys");
    assert_rows("earn\tnet up\nacq\tbuys", labelled, "7:earn=net up|8:acq=buys");
    assert_rows("earn\ta\tb\n\ta\nearn\t\n", labelled, "7:earn=a\tb|8:=a|9:earn=");
    /* Only '\n' ends a line. */
    assert_rows("a\tx\ry\vz\r\nb\tx\xc2\x85y\xe2\x80\xa8z\n", labelled,
                "7:a=x\ry\vz\r|8:b=x\xc2\x85y\xe2\x80\xa8z");
}

static void test_texts_alone(void **state)
{
    (void)state;
    assert_rows("net\tup\n\n buys \n", unlabelled, "7:=net\tup|8:=|9:= buys ");
    /* A mark before a line is none of its text, one within it is. */
    assert_rows("\xef\xbb\xbfnet\n\xef\xbb\xbf\nnet \xef\xbb\xbfup", unlabelled,
                "7:=net|8:=|9:=net \xef\xbb\xbfup");
}

/* What fastText takes for the label and the text of such lines. */
static void test_fasttext_lines(void **state)
{
    (void)state;
    assert_rows("__label__earn net up\n__label__acq\tbuys\nship\t__label__x y\n", labelled,
                "7:earn=net up|8:acq=buys|9:ship=__label__x y");
    assert_rows("__label__earn\n__label__a  b\r\n", labelled, "7:earn=|8:a=b\r");
    assert_rows("__label__a __label__b net\nnet __label__a\n", unlabelled,
                "7:=net|8:=net __label__a");
    assert_rows("__label__a __label__b net\n", labelled,
                "docs:7: two labels before the text: a document has one");
    /* To fastText any word that begins so is a label. */
    assert_rows(
        "__label__a x__label__b _label_ net\n__label__a net __label__b up\n", labelled,
        "docs:8: a word of the text begins with '__label__', which makes it a second label: "
        "a document has one");
    assert_rows(
        "__label__a net\t__label__b\r\n", labelled,
        "docs:7: a word of the text begins with '__label__', which makes it a second label: "
        "a document has one");
    assert_rows("__label__a x__label__b _label_ net\n", labelled, "7:a=x__label__b _label_ net");
    assert_rows("__label__ net\n", labelled, "docs:7: no label behind '__label__'");
    assert_rows("__label__a b\tc\n", (struct documents_columns){.label = 1, .text = 2},
                "7:__label__a b=c");
}

static void test_columns(void **state)
{
    (void)state;
    const struct documents_columns swapped = {.label = 2, .text = 1}, far = {.label = 1, .text = 3},
                                   third = {.text = 3};
    assert_rows("net up\tearn\nbuys\tacq\textra\n", swapped, "7:earn=net up|8:acq=buys");
    assert_rows("earn\t7\tnet\t8\n", far, "7:earn=net");
    assert_rows("earn\t7\tnet", third, "7:=net");
    /* The carriage return of a DOS file is no part of a label at its line's end. */
    assert_rows("net\tearn\r\nbuys\tacq\r", swapped, "7:earn=net|8:acq=buys");
}

static void test_invalid_utf8_is_dropped(void **state)
{
    (void)state;
    /* Python: b'...'.decode('utf-8', 'ignore'). */
    assert_rows("e\xff"
                "arn\tn\xc3\xa4t\xc3 u\xe2\x82p\xed\xa0\x80\xf4\x90\x80\x80!\xe2\n",
                labelled, "7:earn=n\xc3\xa4t up!");
}

static void test_refused_lines(void **state)
{
    (void)state;
    const struct documents_columns third = {.label = 1, .text = 3};
    const struct documents_columns by_option = {.label = 1, .unlabelled = "--alone"};
    assert_rows("a\tb\nno tab\n", labelled,
                "docs:8: no TAB between a label and a text: put the label first, and a TAB behind "
                "it");
    assert_rows("a\tb\nno tab\n", by_option,
                "docs:8: no TAB between a label and a text: put the label first, and a TAB behind "
                "it; if lines are text alone, use --alone");
    assert_rows("a\tb\n\na\tb\n", labelled,
                "docs:8: the line is empty, and has no label: take it out");
    assert_rows("a\tb\r\n\r\n", labelled,
                "docs:8: the line is empty, and has no label: take it out");
    assert_rows("a\tb\n", third, "docs:7: no column 3: the line has 2, separated by TABs");
}

static void test_label_that_is_too_long(void **state)
{
    (void)state;
    char joined[1024];
    char *line = malloc(DOCUMENTS_LABEL + 8);
    assert_non_null(line);
    memset(line, 'x', DOCUMENTS_LABEL + 8);
    line[DOCUMENTS_LABEL + 1] = '\t';
    read_rows(line, DOCUMENTS_LABEL + 8, labelled, joined, sizeof joined);
    assert_string_equal(joined,
                        "docs:7: the label is longer than 1 MiB: is this the right column?");
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_and_texts),        cmocka_unit_test(test_texts_alone),
        cmocka_unit_test(test_fasttext_lines),          cmocka_unit_test(test_columns),
        cmocka_unit_test(test_invalid_utf8_is_dropped), cmocka_unit_test(test_refused_lines),
        cmocka_unit_test(test_label_that_is_too_long),
    };
    return RUN_TESTS("documents", tests);
}
