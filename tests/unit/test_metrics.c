/* Figures, computed by hand, and how they are written. */
#include "base/buffer.h"
#include "base/options.h"
#include "base/output.h"
#include "score/json.h"
#include "score/metrics.h"
#include "score/sheet.h"

#include "helpers.h"

static uint32_t label_of(struct confusion *confusion, const char *label)
{
    return confusion_label(confusion, (struct text){label, strlen(label)});
}

static void add(struct confusion *confusion, const char *label, const char *predicted, int times)
{
    for (int i = 0; i < times; i++)
        assert_true(
            confusion_row(confusion, label_of(confusion, label), label_of(confusion, predicted)));
}

/* Ships are never predicted, wheat does not occur, and the labels come out of order. */
static struct confusion example(void)
{
    struct confusion confusion = {0};
    add(&confusion, "ship", "earn", 1);
    add(&confusion, "earn", "earn", 6);
    add(&confusion, "acq", "acq", 2);
    add(&confusion, "acq", "wheat", 1);
    add(&confusion, "ship", "acq", 1);
    add(&confusion, "acq", "earn", 1);
    return confusion;
}

static void assert_close(double got, double expected)
{
    assert_true(got - expected < 1e-15 && expected - got < 1e-15);
}

static void check_class(const struct metrics_class *of, const char *label, const uint64_t counts[3],
                        double precision, double recall, double f1)
{
    assert_int_equal(of->label.size, strlen(label));
    assert_memory_equal(of->label.data, label, of->label.size);
    assert_int_equal(of->support, counts[0]);
    assert_int_equal(of->predicted, counts[1]);
    assert_int_equal(of->hits, counts[2]);
    assert_close(of->precision, precision);
    assert_close(of->recall, recall);
    assert_close(of->f1, f1);
}

static void test_figures(void **state)
{
    (void)state;
    struct confusion confusion = example();
    struct metrics metrics;
    assert_true(metrics_of(&confusion, &metrics));
    assert_int_equal(metrics.rows, 12);
    assert_int_equal(metrics.hits, 8);
    assert_close(metrics.accuracy, 8 / 12.0);
    assert_int_equal(metrics.class_count, 4);
    check_class(&metrics.classes[0], "acq", (uint64_t[]){4, 3, 2}, 2 / 3.0, 0.5, 4 / 7.0);
    check_class(&metrics.classes[1], "earn", (uint64_t[]){6, 8, 6}, 0.75, 1, 6 / 7.0);
    check_class(&metrics.classes[2], "ship", (uint64_t[]){2, 0, 0}, 0, 0, 0);
    check_class(&metrics.classes[3], "wheat", (uint64_t[]){0, 1, 0}, 0, 0, 0);
    assert_close(metrics.macro.precision, (2 / 3.0 + 0.75) / 4);
    assert_close(metrics.macro.recall, 1.5 / 4);
    assert_close(metrics.macro.f1, 10 / 7.0 / 4);
    assert_close(metrics.weighted.precision, (4 * 2 / 3.0 + 6 * 0.75) / 12);
    assert_close(metrics.weighted.recall, 8 / 12.0);
    assert_close(metrics.weighted.f1, (4 * 4 + 6 * 6) / 7.0 / 12);
    static const struct metrics_cell cells[] = {{0, 0, 2}, {0, 1, 1}, {0, 3, 1},
                                                {1, 1, 6}, {2, 0, 1}, {2, 1, 1}};
    assert_int_equal(metrics.cell_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(metrics.cells[i].label, cells[i].label);
        assert_int_equal(metrics.cells[i].predicted, cells[i].predicted);
        assert_int_equal(metrics.cells[i].count, cells[i].count);
    }
    metrics_free(&metrics);
    confusion_free(&confusion);
}

static void test_one_row(void **state)
{
    (void)state;
    struct confusion confusion = {0};
    struct metrics metrics;
    add(&confusion, "", "b", 1); /* the empty label is one like others */
    assert_true(metrics_of(&confusion, &metrics));
    assert_int_equal(metrics.class_count, 2);
    assert_close(metrics.accuracy, 0);
    assert_close(metrics.weighted.f1, 0);
    metrics_free(&metrics);
    confusion_free(&confusion);
}

/* ---- text ---- */

static void assert_sheet(struct confusion *confusion, const char *expected)
{
    struct metrics metrics;
    struct buffer text = {0};
    assert_true(metrics_of(confusion, &metrics));
    assert_true(sheet_metrics(&metrics, &text));
    buffer_byte(&text, '\0');
    assert_string_equal(text.bytes, expected);
    buffer_free(&text);
    metrics_free(&metrics);
    confusion_free(confusion);
}

static void test_sheet(void **state)
{
    (void)state;
    struct confusion confusion = example();
    assert_sheet(&confusion, "accuracy 0.666667: 8 of 12 rows\n"
                             "\n"
                             "class          precision    recall        f1    support\n"
                             "acq               0.6667    0.5000    0.5714          4\n"
                             "earn              0.7500    1.0000    0.8571          6\n"
                             "ship              0.0000    0.0000    0.0000          2\n"
                             "wheat             0.0000    0.0000    0.0000          0\n"
                             "\n"
                             "macro mean        0.3542    0.3750    0.3571         12\n"
                             "weighted mean     0.5972    0.6667    0.6190         12\n"
                             "\n"
                             "confusion matrix: true classes down, predicted across, . for 0\n"
                             "       acq  earn  ship  wheat\n"
                             "acq      2     1     .      1\n"
                             "earn     .     6     .      .\n"
                             "ship     1     1     .      .\n"
                             "wheat    .     .     .      .\n");
}

/* What a terminal shows in two columns, in none, and what would break a line. */
static void test_sheet_of_odd_labels(void **state)
{
    (void)state;
    struct confusion confusion = {0};
    add(&confusion, "\xe6\xbc\xa2\xe5\xad\x97", "e\xcc\x81", 10);
    add(&confusion, "a\tb", "e\xcc\x81", 1);
    add(&confusion, "0123456789012345678901234567890123456789", "a\tb", 1);
    assert_sheet(
        &confusion,
        "accuracy 0.000000: 0 of 12 rows\n"
        "\n"
        "class                             precision    recall        f1    support\n"
        "0123456789012345678901234567890\xe2\x80\xa6     0.0000    0.0000    0.0000          1\n"
        "a\\tb                                 0.0000    0.0000    0.0000          1\n"
        "e\xcc\x81                                    0.0000    0.0000    0.0000          0\n"
        "\xe6\xbc\xa2\xe5\xad\x97                                 0.0000    0.0000    0.0000"
        "         10\n"
        "\n"
        "macro mean                           0.0000    0.0000    0.0000         12\n"
        "weighted mean                        0.0000    0.0000    0.0000         12\n"
        "\n"
        "confusion matrix: true classes down, predicted across, . for 0\n"
        "                                  0123456789012345678901234567890\xe2\x80\xa6  a\\tb   "
        "e\xcc\x81  \xe6\xbc\xa2\xe5\xad\x97\n"
        "0123456789012345678901234567890\xe2\x80\xa6                                 .     1   .  "
        "   .\n"
        "a\\tb                                                             .     .   1     .\n"
        "e\xcc\x81                                                                .     .   .     "
        ".\n"
        "\xe6\xbc\xa2\xe5\xad\x97                                                             .   "
        "  .  10     .\n");
}

/* Twelve classes of nine letters are wider than 100 columns; 41 classes are too many. */
static void test_sheet_of_many_classes(void **state)
{
    (void)state;
    for (int count = 12; count <= 41; count += 29) {
        struct confusion confusion = {0};
        struct metrics metrics;
        struct buffer text = {0};
        for (int i = 0; i < count; i++) {
            char label[32];
            snprintf(label, sizeof label, "class-%03d", i);
            add(&confusion, label, label, i == 2 ? 1000 : 1);
        }
        assert_true(metrics_of(&confusion, &metrics));
        assert_true(sheet_metrics(&metrics, &text));
        buffer_byte(&text, '\0');
        if (count == 12) {
            assert_non_null(strstr(text.bytes, "\n              1  2     3  4  5  6  7  8  9  10  "
                                               "11  12\n 1 class-000  1  .     .  .  .  "));
            assert_non_null(strstr(text.bytes, "\n 3 class-002  .  .  1000  .  .  .  .  .  .   .  "
                                               " .   .\n"));
        } else {
            assert_non_null(strstr(text.bytes, "confusion matrix of 41 classes: left out"));
            assert_null(strstr(text.bytes, "\n 3 class-002"));
        }
        buffer_free(&text);
        metrics_free(&metrics);
        confusion_free(&confusion);
    }
}

/* ---- JSON ---- */

static void test_json(void **state)
{
    (void)state;
    struct confusion confusion = {0};
    add(&confusion, "a\"\\\n", "a\"\\\n", 1);
    add(&confusion, "a\"\\\n", "b", 2);
    struct metrics metrics;
    assert_true(metrics_of(&confusion, &metrics));
    struct common common = {.tool = "test", .output = test_path};
    struct error error = {STATUS_DONE, ""};
    struct output *output = output_open(&common, OUTPUT_TEXT, &error);
    assert_non_null(output);
    assert_true(json_metrics(&metrics, output, &error));
    assert_true(output_commit(output, &error));
    assert_file(
        test_path,
        "{\n"
        "  \"rows\": 3,\n"
        "  \"accuracy\": 0.3333333333333333,\n"
        "  \"macro\": {\"precision\": 0.5, \"recall\": 0.16666666666666666, \"f1\": 0.25},\n"
        "  \"weighted\": {\"precision\": 1, \"recall\": 0.3333333333333333, \"f1\": 0.5},\n"
        "  \"classes\": [\n"
        "    {\"label\": \"a\\\"\\\\\\u000a\", \"precision\": 1, \"recall\": 0.3333333333333333, "
        "\"f1\": 0.5, \"support\": 3, \"predicted\": 1},\n"
        "    {\"label\": \"b\", \"precision\": 0, \"recall\": 0, \"f1\": 0, \"support\": 0, "
        "\"predicted\": 2}\n"
        "  ],\n"
        "  \"confusion\": [\n"
        "    [1, 2],\n"
        "    [0, 0]\n"
        "  ]\n"
        "}\n");
    metrics_free(&metrics);
    confusion_free(&confusion);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_one_row),
        cmocka_unit_test(test_sheet),
        cmocka_unit_test(test_sheet_of_odd_labels),
        cmocka_unit_test(test_sheet_of_many_classes),
        cmocka_unit_test(test_json),
    };
    return RUN_TESTS_WITH_FILE("metrics", tests);
}
