/* What a lineage keeps, which streams go together, and which lineage is none. */
#define _GNU_SOURCE /* memmem */

#include "streams.h"

static void test_lineage_travels(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_header header;
    free(make_stream(&cases[1]).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_any_header(reader, &header, &error));
    assert_int_equal(header.kind, STREAM_SAMPLES);
    assert_int_equal(header.dim, 2);
    assert_true(header.labelled);
    const struct lineage_entry *entry = lineage_find(&header.lineage, "test");
    assert_non_null(entry);
    assert_false(entry->has_read);
    assert_int_equal(lineage_option(entry, "top")->count, 300);
    assert_true(lineage_option(entry, "share")->real == 0.5);
    assert_int_equal(lineage_option(entry, "fast")->count, 1);
    assert_string_equal(lineage_option(entry, "tokenizer")->text, "simple");
    assert_null(lineage_option(entry, "absent"));
    stream_header_free(&header);
    stream_close(reader);
}

static struct lineage lineage_of(uint32_t crc32, uint64_t top, const char *vocab,
                                 const char *tokenizer)
{
    struct lineage lineage = {0};
    struct error error;
    assert_true(lineage_append(&lineage, "glove-load", &error));
    if (top)
        assert_true(lineage_add_count(&lineage, "top", top, &error));
    if (vocab)
        assert_true(lineage_add_text(&lineage, "vocab", vocab, &error));
    lineage_complete(&lineage, (struct digest){crc32, 1000});
    assert_true(lineage_append(&lineage, "vectorize", &error));
    assert_true(lineage_add_text(&lineage, "tokenizer", tokenizer, &error));
    return lineage;
}

static void test_compatible(void **state)
{
    (void)state;
    static const struct {
        uint32_t crc32;
        uint64_t top;
        const char *vocab, *tokenizer;
        bool fits;
        const char *sentence;
    } rows[] = {
        {7, 0, NULL, "simple", true, NULL},
        {7, 0, "1234", "simple", true, NULL},
        {8, 0, NULL, "simple", false, "CRC-32 00000008"},
        {7, 50, NULL, "simple", false, "top 50"},
        {7, 0, NULL, "clever", false, "(simple; clever)"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct error error = {0};
        struct lineage left = lineage_of(7, 0, NULL, "simple");
        struct lineage right =
            lineage_of(rows[i].crc32, rows[i].top, rows[i].vocab, rows[i].tokenizer);
        assert_int_equal(lineage_compatible(&left, "model.mp", &right, "X.mp", &error),
                         rows[i].fits);
        if (!rows[i].fits) {
            assert_int_equal(error.status, STATUS_INPUT);
            assert_non_null(strstr(error.text, "model.mp and X.mp"));
            assert_non_null(strstr(error.text, rows[i].sentence));
        }
        lineage_free(&left);
        lineage_free(&right);
    }
}

/* Of many options the sentence names those that differ. */
static void test_what_sets_vectors_apart(void **state)
{
    (void)state;
    struct error error = {0};
    struct lineage sides[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        assert_true(lineage_append(&sides[i], "glove-train", &error));
        assert_true(lineage_add_text(&sides[i], "unicode", "14.0", &error));
        assert_true(lineage_add_flag(&sides[i], "symmetric", i == 0, &error));
        assert_true(lineage_add_real(&sides[i], "eta", i == 0 ? 0.05 : 0.1, &error));
        if (i == 1)
            assert_true(lineage_add_flag(&sides[i], "no-label", true, &error));
        lineage_complete(&sides[i], (struct digest){7, 1000});
        assert_true(lineage_append(&sides[i], "vectorize", &error));
    }
    assert_false(lineage_compatible(&sides[0], "m", &sides[1], "X", &error));
    assert_string_equal(
        error.text, "m and X come from different vectors (glove-train of 1000 bytes, CRC-32 "
                    "00000007, symmetric yes, eta 0.05; glove-train of 1000 bytes, CRC-32 "
                    "00000007, symmetric no, eta 0.1, no-label yes): vectorize with the model's "
                    "vectors, or insist with --force");
    lineage_free(&sides[0]);
    lineage_free(&sides[1]);
}

static struct lineage lineage_of_both(uint32_t vectors, double cost, bool stripped)
{
    struct lineage lineage = {0};
    struct error error;
    assert_true(lineage_append(&lineage, "glove-load", &error));
    lineage_complete(&lineage, (struct digest){vectors, 1000});
    assert_true(lineage_append(&lineage, "linear-train", &error));
    assert_true(lineage_add_real(&lineage, "cost", cost, &error));
    if (stripped)
        assert_true(lineage_add_flag(&lineage, "no-training-scores", true, &error));
    lineage_complete(&lineage, (struct digest){9, 2000});
    assert_true(lineage_append(&lineage, "vectorize", &error));
    return lineage;
}

/* Each source counts; training scores are none of other documents' business. */
static void test_several_sources(void **state)
{
    (void)state;
    static const struct {
        uint32_t vectors;
        double cost;
        bool stripped;
        const char *sentence; /* NULL: they go together */
    } rows[] = {
        {7, 1, false, NULL},
        {7, 1, true, NULL},
        {8, 1, false, "different vectors"},
        {7, 2, false, "different evidence (linear-train of 2000 bytes, CRC-32 00000009, cost 1;"},
    };
    struct error error = {0};
    struct lineage left = lineage_of_both(7, 1, false);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct lineage right = lineage_of_both(rows[i].vectors, rows[i].cost, rows[i].stripped);
        assert_int_equal(lineage_compatible(&left, "m", &right, "X", &error), !rows[i].sentence);
        if (rows[i].sentence)
            assert_non_null(strstr(error.text, rows[i].sentence));
        lineage_free(&right);
    }
    struct lineage vectors = lineage_of(7, 0, NULL, "none");
    assert_false(lineage_compatible(&left, "m", &vectors, "X", &error));
    assert_non_null(strstr(error.text, "no evidence on record"));
    lineage_free(&vectors);
    lineage_free(&left);
}

/* It would be written again, where readers of other languages stumble over it. */
static void test_lineage_is_text(void **state)
{
    (void)state;
    static const char *const others[] = {"\xff\xfeple", "a\0b"};
    for (size_t i = 0; i < LENGTH(others); i++) {
        for (int part = 0; part < 3; part++) {
            static const char *const parts[] = {"\xa4test", "\xa3top", "\xa6simple"};
            struct error error = {0};
            uint64_t rows;
            struct bytes bytes = make_stream(&cases[0]);
            unsigned char *at = memmem(bytes.data, bytes.size, parts[part], strlen(parts[part]));
            assert_non_null(at);
            memcpy(at + 1, others[i], 3);
            file_write(test_path, bytes.data, bytes.size);
            assert_int_equal(consume(STREAM_VECTORS, &rows, &error), STATUS_INPUT);
            assert_non_null(strstr(error.text, "byte 0: the lineage has an"));
            free(bytes.data);
        }
    }
}

/* Every type of row, noted in each of the ways. */
static void test_options_of_a_program(void **state)
{
    (void)state;
    static const char *const choices[] = {"gini", "entropy", NULL};
    bool flag = true, unset = false, turned = false, toggled = true;
    uint64_t count = 7, zero = 0, passes = 3;
    double real = 0.5;
    int choice = 1;
    const char *text = "W", *none = NULL;
    struct {
        const char *text;
        int number;
    } custom = {"sqrt", 5};
    const struct option_row rows[] = {
        {.name = "plain", .help = "", .type = OPTION_COUNT, .target = &count},
        {.name = "count", .help = "", .type = OPTION_COUNT | OPTION_NOTED, .target = &zero},
        {.name = "set", .help = "", .type = OPTION_COUNT | OPTION_NOTED_SET, .target = &count},
        {.name = "unset", .help = "", .type = OPTION_COUNT | OPTION_NOTED_SET, .target = &zero},
        {.name = "flag", .help = "", .type = OPTION_FLAG | OPTION_NOTED_SET, .target = &flag},
        {.name = "off", .help = "", .type = OPTION_FLAG | OPTION_NOTED_SET, .target = &unset},
        {.name = "turned", .help = "", .type = OPTION_NEGATE | OPTION_NOTED, .target = &turned},
        {.name = "switch", .help = "", .type = OPTION_SWITCH | OPTION_NOTED, .target = &toggled},
        {.name = "real", .help = "", .type = OPTION_REAL | OPTION_NOTED, .target = &real},
        {.name = "choice",
         .help = "",
         .type = OPTION_CHOICE | OPTION_NOTED,
         .target = &choice,
         .choices = choices},
        {.name = "none", .help = "", .type = OPTION_TEXT | OPTION_NOTED_SET, .target = &none},
        {.name = "custom", .help = "", .type = OPTION_CUSTOM | OPTION_NOTED, .target = &custom},
        {.name = "passes", .type = OPTION_COUNT | OPTION_NOTED, .target = &passes},
        {.name = "result", .help = "", .type = OPTION_TEXT | OPTION_NOTED_RESULT, .target = &text},
        {0},
    };
    const struct program program = {.name = "made-up", .rows = rows};
    for (int result = 0; result < 2; result++) {
        struct error error = {0};
        struct lineage lineage = {0};
        assert_true(lineage_append_program(&lineage, &program, result, &error));
        const struct lineage_entry *entry = lineage_find(&lineage, "made-up");
        assert_non_null(entry);
        assert_int_equal(entry->option_count, 9 + result);
        assert_int_equal(lineage_option(entry, "count")->count, 0);
        assert_int_equal(lineage_option(entry, "set")->count, 7);
        assert_int_equal(lineage_option(entry, "flag")->count, 1);
        assert_int_equal(lineage_option(entry, "turned")->count, 1);
        assert_int_equal(lineage_option(entry, "turned")->type, LINEAGE_FLAG);
        assert_int_equal(lineage_option(entry, "switch")->type, LINEAGE_FLAG);
        assert_true(lineage_option(entry, "real")->real == 0.5);
        assert_string_equal(lineage_option(entry, "choice")->text, "entropy");
        assert_string_equal(lineage_option(entry, "custom")->text, "sqrt");
        assert_int_equal(lineage_option(entry, "passes")->count, 3);
        assert_int_equal(lineage_option(entry, "result") != NULL, result);
        lineage_free(&lineage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lineage_travels),         cmocka_unit_test(test_compatible),
        cmocka_unit_test(test_what_sets_vectors_apart), cmocka_unit_test(test_several_sources),
        cmocka_unit_test(test_lineage_is_text),         cmocka_unit_test(test_options_of_a_program),
    };
    return RUN_TESTS_WITH_FILE("lineage", tests);
}
