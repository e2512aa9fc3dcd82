/* Features: sources side by side, each with its columns, its scratch, and every token. */
#include "run/features.h"

#include "helpers.h"

/* NOLINTBEGIN(readability-non-const-parameter): the types are features_kind's */

/* How many tokens begin with the model's letter. */
struct letter_scratch {
    size_t found;
    char *kept; /* to be released */
};

static void letter_begin(const void *model, void *scratch, const struct documents_row *document,
                         float *x)
{
    struct letter_scratch *letter = scratch;
    (void)model;
    (void)document;
    letter->found = 0;
    if (!letter->kept)
        letter->kept = test_malloc(1);
    x[0] = -1;
}

static bool letter_take(const void *model, void *scratch, const struct text *tokens, size_t count,
                        float *x, struct error *error)
{
    struct letter_scratch *letter = scratch;
    (void)x;
    (void)error;
    assert_in_range(count, 1, TOKENS_BATCH);
    for (size_t i = 0; i < count; i++)
        letter->found += tokens[i].data[0] == *(const char *)model;
    return true;
}

static bool letter_end(const void *model, void *scratch, float *x, struct features_told *told,
                       struct error *error)
{
    const struct letter_scratch *letter = scratch;
    (void)error;
    (void)model;
    x[0] = (float)letter->found;
    told->known = letter->found;
    told->trained = letter->found > 2;
    return true;
}

static void letter_release(void *scratch)
{
    test_free(((struct letter_scratch *)scratch)->kept);
}

/* The text's size and its first byte, before it is lower-cased; a token `stop` fails. */
static void size_begin(const void *model, void *scratch, const struct documents_row *document,
                       float *x)
{
    (void)model;
    (void)scratch;
    x[0] = (float)document->text_size;
    x[1] = document->text[0];
}

static bool size_take(const void *model, void *scratch, const struct text *tokens, size_t count,
                      float *x, struct error *error)
{
    (void)model;
    (void)scratch;
    (void)x;
    for (size_t i = 0; i < count; i++)
        if (tokens[i].size == 4 && memcmp(tokens[i].data, "stop", 4) == 0)
            return error_set(error, STATUS_SYSTEM, "stopped");
    return true;
}

static bool size_end(const void *model, void *scratch, float *x, struct features_told *told,
                     struct error *error)
{
    (void)error;
    (void)model;
    (void)scratch;
    (void)x;
    (void)told;
    return true;
}

/* NOLINTEND(readability-non-const-parameter) */

static const struct features_kind letter_kind = {.scratch_size = sizeof(struct letter_scratch),
                                                 .begin = letter_begin,
                                                 .take = letter_take,
                                                 .end = letter_end,
                                                 .release = letter_release};
static const struct features_kind size_kind = {
    .scratch_size = 1, .begin = size_begin, .take = size_take, .end = size_end};
static const struct features_source sources[] = {
    {&letter_kind, "a", 1}, {&size_kind, NULL, 2}, {&letter_kind, "b", 1}};
static const struct features features = {sources, 3};

static bool row_of(const struct features_scratch *scratch, struct tokens *tokens, char *text,
                   float x[4], struct features_counts *counts, struct error *error)
{
    const struct documents_row document = {.text = text, .text_size = strlen(text)};
    return features_row(&features, scratch, tokens, &document, x, counts, error);
}

static void test_sources_side_by_side(void **state)
{
    struct features_scratch scratch = {0};
    struct tokens tokens = tokens_with(tokens_scan_portable);
    struct features_counts counts;
    struct error error = {0};
    float x[5] = {0, 0, 0, 0, 7};
    (void)state;
    assert_int_equal(features_width(&features), 4);
    assert_true(features_prepare(&features, &scratch, &error));

    char few[] = "Apple bean ALMOND cherry";
    assert_true(row_of(&scratch, &tokens, few, x, &counts, &error));
    assert_memory_equal(x, ((float[]){2, 24, 'A', 1, 7}), sizeof x);
    assert_int_equal(counts.tokens, 4);
    assert_int_equal(counts.known, 2);
    assert_false(counts.trained);

    /* More tokens than a batch holds; nothing is left of the document before. */
    char many[1001] = "";
    for (int i = 0; i < 500; i++)
        memcpy(many + 2 * i, i % 5 ? "B " : "a ", 2);
    assert_true(row_of(&scratch, &tokens, many, x, &counts, &error));
    assert_memory_equal(x, ((float[]){100, 1000, 'a', 400, 7}), sizeof x);
    assert_int_equal(counts.tokens, 500);
    assert_int_equal(counts.known, 100);
    assert_true(counts.trained);

    char none[] = " ";
    assert_true(row_of(&scratch, &tokens, none, x, &counts, &error));
    assert_memory_equal(x, ((float[]){0, 1, ' ', 0, 7}), sizeof x);
    assert_int_equal(counts.tokens, 0);
    assert_false(counts.trained);

    features_release(&features, &scratch);
    tokens_free(&tokens);
}

static void test_a_source_that_fails(void **state)
{
    struct features_scratch scratch = {0};
    struct tokens tokens = tokens_with(tokens_scan_portable);
    struct features_counts counts;
    struct error error = {0};
    float x[4];
    char text[] = "go on, STOP here";
    (void)state;
    assert_true(features_prepare(&features, &scratch, &error));
    assert_false(row_of(&scratch, &tokens, text, x, &counts, &error));
    assert_string_equal(error.text, "stopped");
    features_release(&features, &scratch);
    tokens_free(&tokens);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources_side_by_side),
        cmocka_unit_test(test_a_source_that_fails),
    };
    return RUN_TESTS("features", tests);
}
