/* Lines of word vectors: their shape, what becomes a row and what is left out, and why. */
#include "vectors/vector_lines.h"

#include "vectors/repeats.h"
#include "vectors/vector_shape.h"

#include "helpers.h"

/* ---- the shape ---- */

static struct vector_shape shape_of(const char *head, bool whole, enum vector_shape_result wanted)
{
    struct vector_shape shape;
    enum vector_shape_result result = vector_shape_find(head, strlen(head), whole, 100, &shape);
    if (result != wanted)
        fail_msg("result %d, expected %d, for: %s", result, wanted, head);
    return shape;
}

static void test_shape_of_plain_vectors(void **state)
{
    (void)state;
    assert_int_equal(shape_of("the 0.1 0.2 0.3\nof 1 2 3\n", true, SHAPE_FOUND).dim, 3);
    assert_int_equal(shape_of("the 0.1 0.2 0.3 \r\n", true, SHAPE_FOUND).dim, 3);
    assert_int_equal(shape_of("the 1", true, SHAPE_FOUND).dim, 1);
    struct vector_shape shape = shape_of("the 1 2\n", false, SHAPE_FOUND);
    assert_false(shape.has_header);
    assert_int_equal(shape.header_size, 0);
    assert_int_equal(shape.line_size, 7);
    /* The last line may go on behind the head. */
    shape_of("the 1 2", false, SHAPE_NONE);
    /* Lines that don't look like it are passed over. */
    assert_int_equal(shape_of("\n x 1\n. . . 1 2\nat 1 x\nof 1 2\n", true, SHAPE_FOUND).dim, 2);
}

static void test_shape_of_a_header(void **state)
{
    (void)state;
    struct vector_shape shape = shape_of("2 3\nthe 1 2 3\n", true, SHAPE_FOUND);
    assert_true(shape.has_header);
    assert_int_equal(shape.count, 2);
    assert_int_equal(shape.dim, 3);
    assert_int_equal(shape.header_size, 4);
    shape = shape_of("10 1 \r\n. . 5\nof 7\n", true, SHAPE_FOUND);
    assert_true(shape.has_header);
    assert_int_equal(shape.header_size, 7);
    assert_int_equal(shape.dim, 1);
    /* Nothing agrees with it: a word called 2 and its only number. */
    shape = shape_of("2 3\n4 5\n", true, SHAPE_FOUND);
    assert_false(shape.has_header);
    assert_int_equal(shape.dim, 1);
    assert_false(shape_of("2 0\n4 5\n", true, SHAPE_FOUND).has_header);
    /* A header that is wrong is no vector where others have more numbers. */
    shape = shape_of("2 3\nthe 1 2\nof 3 4\n", true, SHAPE_FOUND);
    assert_false(shape.has_header);
    assert_int_equal(shape.header_size, 0);
    assert_int_equal(shape.dim, 2);
    /* A byte order mark stands before a header, or before the first word. */
    shape = shape_of("\xef\xbb\xbf"
                     "2 3\nthe 1 2 3\n",
                     true, SHAPE_FOUND);
    assert_true(shape.has_header);
    assert_int_equal(shape.header_size, 7);
    shape = shape_of("\xef\xbb\xbfthe 1 2 3\n", true, SHAPE_FOUND);
    assert_false(shape.has_header);
    assert_int_equal(shape.header_size, 3);
    assert_false(shape_of("-2 1\n4 5\n", true, SHAPE_FOUND).has_header);
}

static void test_no_shape(void **state)
{
    (void)state;
    shape_of("", true, SHAPE_NONE);
    shape_of("\n\n\n", true, SHAPE_NONE);
    shape_of("the\nof\n", true, SHAPE_NONE);
    shape_of("Chapter one\nIn which 2 things happen\n", true, SHAPE_NONE);
    shape_of("the 1  2\n", true, SHAPE_NONE);
    shape_of("5 2\n", true, SHAPE_HEADER);
    assert_int_equal(shape_of("5 2\n\nthe\t1\t2\n", true, SHAPE_NONE).odd_line, 3);
    assert_int_equal(shape_of("size 5\nthe 1 2\n", true, SHAPE_UNCERTAIN).odd_line, 2);
    assert_int_equal(shape_of("a 5\nthe 1 2\nof 1 2\n", true, SHAPE_FOUND).dim, 2);
    assert_int_equal(shape_of("a 5\nthe 1 2\nof 1 2\nb 6\n", true, SHAPE_FOUND).dim, 1);
    shape_of("\x01 5\n", true, SHAPE_NONE);
    char wide[1 + 2 * 101 + 1] = "w";
    for (int i = 0; i < 101; i++)
        memcpy(wide + 1 + 2 * i, " 1", 3);
    assert_int_equal(shape_of(wide, true, SHAPE_WIDE).dim, 101);
    shape_of("5 101\nw 1\n", true, SHAPE_FOUND);
}

/* ---- parsing ---- */

struct parse_run {
    char memory[FIELDS_PADDING + 1024 + FIELDS_PADDING];
    struct parsed_vectors rows;
};

static void parse(struct parse_run *parsed, const char *text, uint32_t dim,
                  const struct words *vocabulary, enum cpu_level level)
{
    size_t size = strlen(text);
    memset(parsed->memory, '\n', sizeof parsed->memory);
    memcpy(parsed->memory + FIELDS_PADDING, text, size);
    assert_true(parsed_vectors_init(&parsed->rows, size, dim));
    struct vector_parser parser = {fields_kernel_of(level), dim, vocabulary};
    vector_lines_parse(&parser, parsed->memory + FIELDS_PADDING, size, &parsed->rows);
    assert_true(parsed->rows.rows <= parsed_vectors_most(size, dim));
}

/*
 * Parses one line of two numbers; the row is expected to be `word` (NULL: none) with the numbers
 * 1 and 2, and the note to be `defect` (DEFECT_COUNT: none).
 */
static void assert_line(const char *line, const char *word, int defect)
{
    EACH_LEVEL (level) {
        struct parse_run parsed;
        parse(&parsed, line, 2, NULL, level);
        const struct parsed_vectors *rows = &parsed.rows;
        if (rows->rows != (word != NULL))
            fail_msg("%zu rows of: %s", rows->rows, line);
        if (word) {
            assert_int_equal(rows->words[0].size, strlen(word));
            assert_memory_equal(rows->words[0].data, word, strlen(word));
            assert_true(rows->hashes[0] == words_hash(word, strlen(word)));
            assert_true(rows->x[0] == 1 && rows->x[1] == 2);
        }
        assert_int_equal(rows->note_count, defect != DEFECT_COUNT);
        if (defect != DEFECT_COUNT && (int)rows->notes[0].defect != defect)
            fail_msg("defect %d, expected %d: %s", (int)rows->notes[0].defect, defect, line);
        assert_int_equal(rows->line_count, 1);
        parsed_vectors_free(&parsed.rows);
    }
}

static void test_lines_that_are_kept(void **state)
{
    (void)state;
    assert_line("the 1 2\n", "the", DEFECT_COUNT);
    assert_line("the 1 2", "the", DEFECT_COUNT);
    assert_line("the 1 2\r\n", "the", DEFECT_COUNT);
    assert_line("the 1 2 \n", "the", DEFECT_COUNT);
    assert_line("the 1 2   \r\n", "the", DEFECT_COUNT);
    assert_line("the 1.0 +2e0\n", "the", DEFECT_COUNT);
    assert_line("5 1 2\n", "5", DEFECT_COUNT);
    assert_line(". . . 1 2\n", ". . .", DEFECT_COUNT);
    assert_line("at name@domain.com 1 2\n", "at name@domain.com", DEFECT_COUNT);
    assert_line("a  1 2\n", "a", DEFECT_COUNT);
    assert_line("a \t  1 2\n", "a", DEFECT_COUNT);
    assert_line("a\tb 1 2\n", "a\tb", DEFECT_COUNT);
    assert_line("\xc2\x85 1 2\n", "\xc2\x85", DEFECT_COUNT);
    assert_line("a\xc2\xa0"
                "b 1 2\n",
                "a\xc2\xa0"
                "b",
                DEFECT_COUNT);
    assert_line("caf\xc3\xa9 1 2\n", "caf\xc3\xa9", DEFECT_COUNT);
}

static void test_words_that_are_repaired(void **state)
{
    (void)state;
    assert_line("caf\xe9 1 2\n", "caf", DEFECT_REPAIRED);
    assert_line("\xff\xfe"
                "a\x80"
                "b 1 2\n",
                "ab", DEFECT_REPAIRED);
    /* A surrogate, and a code point past the last. */
    assert_line("x\xed\xa0\x80 1 2\n", "x", DEFECT_REPAIRED);
    assert_line("x\xf4\x90\x80\x80y 1 2\n", "xy", DEFECT_REPAIRED);
    assert_line("\xff 1 2\n", NULL, DEFECT_NO_UTF8);
    assert_line("\xff a 1 2\n", NULL, DEFECT_NO_WORD);
}

static void test_lines_that_are_left_out(void **state)
{
    (void)state;
    assert_line("\n", NULL, DEFECT_EMPTY);
    assert_line("\r\n", NULL, DEFECT_EMPTY);
    assert_line("   \n", NULL, DEFECT_EMPTY);
    assert_line(" the 1 2\n", NULL, DEFECT_NO_WORD);
    assert_line(" 1 2\n", NULL, DEFECT_NO_WORD);
    assert_line("the 1\n", NULL, DEFECT_DIM);
    assert_line("the\n", NULL, DEFECT_DIM);
    assert_line("the 1 2 3\n", NULL, DEFECT_DIM);
    assert_line("the of 1 1 2\n", NULL, DEFECT_DIM);
    assert_line("the  of 1 2\n", NULL, DEFECT_BLANKS);
    assert_line("the 1 x\n", NULL, DEFECT_NUMBER);
    assert_line("the x 2\n", NULL, DEFECT_NUMBER);
    assert_line("the 1 \t\n", NULL, DEFECT_NUMBER);
    assert_line("the 1  2\n", NULL, DEFECT_DIM);
    assert_line("the x  2\n", NULL, DEFECT_NUMBER);
    assert_line("the 1 0x2\n", NULL, DEFECT_NUMBER);
    assert_line("the 1\t2 \n", NULL, DEFECT_DIM);
}

static void test_places_in_a_text(void **state)
{
    (void)state;
    struct parse_run parsed;
    parse(&parsed, "a 1\n\nb 2\nc x\nd\xff 3\ne 4 5\nf 6", 1, NULL, cpu_level());
    const struct parsed_vectors *rows = &parsed.rows;
    static const uint32_t lines[] = {0, 2, 4, 6};
    static const float x[] = {1, 2, 3, 6};
    assert_int_equal(rows->rows, 4);
    assert_memory_equal(rows->lines, lines, sizeof lines);
    assert_memory_equal(rows->x, x, sizeof x);
    static const struct vector_note notes[] = {
        {1, DEFECT_EMPTY}, {3, DEFECT_NUMBER}, {4, DEFECT_REPAIRED}, {5, DEFECT_DIM}};
    assert_int_equal(rows->note_count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(rows->notes[i].line, notes[i].line);
        assert_int_equal(rows->notes[i].defect, notes[i].defect);
    }
    assert_int_equal(rows->line_count, 7);
    parsed_vectors_free(&parsed.rows);
}

/* The shortest lines there are, as many as room was made for, and then a shorter one. */
static void test_room_for_every_row(void **state)
{
    (void)state;
    EACH_LEVEL (level) {
        struct parse_run parsed;
        parse(&parsed, "a 1 1 1 1 1 1 1 1\nb 2 2 2 2 2 2 2 2\na        1\n", 8, NULL, level);
        assert_int_equal(parsed.rows.rows, 2);
        assert_int_equal(parsed.rows.notes[0].defect, DEFECT_NUMBER);
        parsed_vectors_free(&parsed.rows);
        parse(&parsed, "a 1\nb 2\nc 3", 1, NULL, level);
        assert_int_equal(parsed.rows.rows, 3);
        assert_int_equal(parsed_vectors_most(11, 1), 3);
        parsed_vectors_free(&parsed.rows);
    }
}

static void test_a_word_longer_than_a_stream_takes(void **state)
{
    (void)state;
    for (size_t size = TEXT_NAME_MOST; size <= TEXT_NAME_MOST + 1; size++) {
        char *memory = malloc(FIELDS_PADDING + size + 3 + FIELDS_PADDING);
        char *text = memory + FIELDS_PADDING;
        memset(memory, 'x', FIELDS_PADDING + size);
        memcpy(text + size, " 1\n", 3);
        struct parsed_vectors rows;
        assert_true(parsed_vectors_init(&rows, size + 3, 1));
        struct vector_parser parser = {fields_kernel_of(CPU_PORTABLE), 1, NULL};
        vector_lines_parse(&parser, text, size + 3, &rows);
        assert_int_equal(rows.rows, size == TEXT_NAME_MOST);
        assert_int_equal(rows.note_count, size > TEXT_NAME_MOST);
        parsed_vectors_free(&rows);
        free(memory);
    }
}

static void test_a_vocabulary(void **state)
{
    (void)state;
    struct words vocabulary = {0};
    static const struct text listed[] = {{"b", 1}, {". .", 3}, {"caf", 3}};
    for (int i = 0; i < 3; i++)
        words_add(&vocabulary, listed[i], NULL);
    struct parse_run parsed;
    /* Of words that are not listed only the number of fields is looked at. */
    parse(&parsed, "a x\nb 2\n. . 3\n, , y\ncaf\xe9 4\nz\xff 5\na 1 2\nb 1 2\nc\n", 1, &vocabulary,
          cpu_level());
    const struct parsed_vectors *rows = &parsed.rows;
    static const float x[] = {2, 3, 4};
    assert_int_equal(rows->rows, 3);
    assert_memory_equal(rows->x, x, sizeof x);
    assert_int_equal(rows->note_count, 2);
    assert_int_equal(rows->notes[0].line, 4);
    assert_int_equal(rows->notes[0].defect, DEFECT_REPAIRED);
    assert_int_equal(rows->notes[1].line, 8);
    assert_int_equal(rows->notes[1].defect, DEFECT_DIM);
    parsed_vectors_free(&parsed.rows);
    words_free(&vocabulary);
}

/* Words that are not listed may be more than a text has rows: their numbers may be empty. */
static void test_unlisted_words_without_numbers(void **state)
{
    (void)state;
    enum { DIM = 50, LINES = 18 };
    struct words vocabulary = {0};
    words_add(&vocabulary, (struct text){"b", 1}, NULL);
    char text[LINES * (DIM + 3) + 1];
    for (int i = 0; i < LINES; i++)
        sprintf(text + (size_t)i * (DIM + 3), "a%*sx\n", DIM, "");
    struct parse_run parsed;
    parse(&parsed, text, DIM, &vocabulary, cpu_level());
    assert_int_equal(parsed.rows.rows, 0);
    assert_int_equal(parsed.rows.note_count, 0);
    assert_int_equal(parsed.rows.other_count, LINES);
    assert_true(parsed_vectors_most(sizeof text, DIM) < LINES);
    for (int i = 0; i < LINES; i++)
        assert_true(parsed.rows.others[i] == words_hash("a", 1));
    parsed_vectors_free(&parsed.rows);
    words_free(&vocabulary);
}

/* ---- repeats ---- */

/* Of the parts, those that lie in the memory for what was expected. */
static size_t parts_together(const struct repeats *repeats)
{
    size_t count = 0;
    const uint64_t *end = repeats->together + (size_t)REPEATS_PARTS * repeats->expected;
    for (int i = 0; i < REPEATS_PARTS; i++)
        count += repeats->parts[i].slots >= repeats->together && repeats->parts[i].slots < end;
    return count;
}

/* Expected words lie together, and what comes beyond them is noted as well. */
static void test_repeats_of(uint64_t expected, size_t before, size_t after)
{
    enum { COUNT = 300000 };
    struct repeats repeats = {0};
    bool again = true;
    repeats_expect(&repeats, expected);
    assert_int_equal(parts_together(&repeats), before);
    for (int pass = 0; pass < 2; pass++)
        for (uint64_t i = 0; i < COUNT; i++) {
            assert_true(repeats_add(&repeats, words_hash((const char *)&i, sizeof i), &again));
            assert_int_equal(again, pass);
        }
    assert_int_equal(repeats.count, COUNT);
    assert_int_equal(parts_together(&repeats), after);
    assert_false(repeats.full);
    assert_true(repeats_add(&repeats, 0, &again));
    assert_false(again);
    assert_true(repeats_add(&repeats, 0, &again));
    assert_true(again);
    repeats_free(&repeats);
}

static void test_repeats(void **state)
{
    (void)state;
    /* So few fit the parts as they begin, with 512 slots each. */
    test_repeats_of(0, 0, 0);
    test_repeats_of(1000, 0, 0);
    test_repeats_of(30000, REPEATS_PARTS, 0);
    test_repeats_of(100000, REPEATS_PARTS, 0);
    test_repeats_of(300000, REPEATS_PARTS, REPEATS_PARTS);
    test_repeats_of(UINT64_MAX, REPEATS_PARTS, REPEATS_PARTS);
}

static void test_repeats_are_bounded_of(uint64_t expected)
{
    struct repeats repeats = {0};
    bool again;
    size_t slots = 0;
    repeats_expect(&repeats, expected);
    for (uint64_t i = 0; i < 5000000; i++)
        repeats_add(&repeats, words_hash((const char *)&i, sizeof i), &again);
    assert_true(repeats.full);
    for (int i = 0; i < REPEATS_PARTS; i++)
        slots += repeats.parts[i].size;
    assert_int_equal(slots * sizeof(uint64_t), 32 << 20);
    /* What was noted is still known. */
    assert_int_equal(repeats.count, slots / 4 * 3);
    uint64_t first = 0;
    repeats_add(&repeats, words_hash((const char *)&first, sizeof first), &again);
    assert_true(again);
    repeats_free(&repeats);
}

static void test_repeats_are_bounded(void **state)
{
    (void)state;
    test_repeats_are_bounded_of(0);
    test_repeats_are_bounded_of(2000000);
    test_repeats_are_bounded_of(UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape_of_plain_vectors),
        cmocka_unit_test(test_shape_of_a_header),
        cmocka_unit_test(test_no_shape),
        cmocka_unit_test(test_lines_that_are_kept),
        cmocka_unit_test(test_words_that_are_repaired),
        cmocka_unit_test(test_lines_that_are_left_out),
        cmocka_unit_test(test_places_in_a_text),
        cmocka_unit_test(test_room_for_every_row),
        cmocka_unit_test(test_a_word_longer_than_a_stream_takes),
        cmocka_unit_test(test_a_vocabulary),
        cmocka_unit_test(test_unlisted_words_without_numbers),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_repeats_are_bounded),
    };
    return RUN_TESTS("vector_lines", tests);
}
