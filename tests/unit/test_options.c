/* Command lines: strict numbers, every type of row, the shared options, refusals. */
#include "base/options.h"

#include "helpers.h"

static void test_counts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t value;
    } rows[] = {
        {"1", true, 1},    {"200", true, 200}, {"007", true, 7},
        {"0", false, 0},   {"201", false, 0},  {"", false, 0},
        {"-1", false, 0},  {"+5", false, 0},   {" 5", false, 0},
        {"5 ", false, 0},  {"5x", false, 0},   {"5.0", false, 0},
        {"0x5", false, 0}, {"1e2", false, 0},  {"99999999999999999999999", false, 0},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct error error = {0};
        uint64_t value = 0;
        assert_int_equal(options_count("--trees", rows[i].text, 1, 200, &value, &error),
                         rows[i].good);
        assert_int_equal(value, rows[i].value);
        if (!rows[i].good) {
            assert_int_equal(error.status, STATUS_USAGE);
            assert_non_null(strstr(error.text, "--trees: '"));
            assert_non_null(strstr(error.text, "from 1 to 200"));
        }
    }
}

static void test_reals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        double value;
    } rows[] = {
        {"0.5", true, 0.5}, {"1", true, 1},      {"1e-1", true, 0.1}, {"1.5", false, 0},
        {"", false, 0},     {"nan", false, 0},   {"inf", false, 0},   {"0x.8p0", false, 0},
        {" .5", false, 0},  {"0.5f", false, 0},  {"-0.5", false, 0},  {"1e999", false, 0},
        {".", false, 0},    {"0.5.5", false, 0},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct error error = {0};
        double value = 0;
        assert_int_equal(options_real("--share", rows[i].text, 0, 1, &value, &error), rows[i].good);
        assert_true(value == rows[i].value);
    }
}

/* ---- a program with a row of every type ---- */

static bool parse_even(const char *text, void *target, struct error *error)
{
    uint64_t value;
    if (!options_count("--even", text, 0, 100, &value, error))
        return false;
    *(uint64_t *)target = value;
    return value % 2 == 0 || error_set(error, STATUS_USAGE, "--even: %s is odd", text);
}

struct settings {
    bool flag, on;
    uint64_t count, even, size;
    double real;
    const char *text;
    int choice;
    struct common common;
    int first;
    struct error error;
};

static enum parsed parse(struct settings *settings, char **argv)
{
    static const char *const colours[] = {"red", "green", NULL};
    *settings = (struct settings){.on = true};
    const struct option_row rows[] = {
        {'F', "flag", NULL, "", OPTION_FLAG, &settings->flag, 0, 0, NULL, NULL},
        {0, "no-on", NULL, "", OPTION_NEGATE, &settings->on, 0, 0, NULL, NULL},
        {'n', "count", "N", "", OPTION_COUNT, &settings->count, 1, 9, NULL, NULL},
        {0, "real", "X", "", OPTION_REAL, &settings->real, 0, 1, NULL, NULL},
        {0, "size", "SIZE", "", OPTION_SIZE, &settings->size, 1 << 20, 0x1p53, NULL, NULL},
        {0, "text", "T", "", OPTION_TEXT, &settings->text, 0, 0, NULL, NULL},
        {0, "colour", "C", "", OPTION_CHOICE, &settings->choice, 0, 0, colours, NULL},
        {0, "even", "N", "", OPTION_CUSTOM, &settings->even, 0, 0, NULL, parse_even},
        {0},
    };
    const struct program program = {.name = "probe",
                                    .arguments = "",
                                    .purpose = "",
                                    .rows = rows,
                                    .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_PROGRESS};
    int argc = 0;
    while (argv[argc])
        argc++;
    return options_parse(&program, argc, argv, &settings->common, &settings->first,
                         &settings->error);
}

/* `name=value ` of each option, ` value` of each operand. */
static void note(void *context, const struct option_row *row, const char *value)
{
    char *noted = context;
    size_t used = strlen(noted);
    snprintf(noted + used, 200 - used, "%s%s%s ", row ? row->name : "", row ? "=" : "", value);
}

#define ARGV(...) ((char *[]){"probe", __VA_ARGS__, NULL})

static void test_every_type(void **state)
{
    (void)state;
    struct settings s;
    char **argv = ARGV("one", "-F", "--no-on", "-n3", "--real=.25", "--text", "-x", "--colour",
                       "green", "--even", "8", "--size", "1.5M", "-qj", "5", "--output=out",
                       "--progress", "never", "--", "-two");
    assert_int_equal(parse(&s, argv), PARSED_RUN);
    assert_true(s.flag);
    assert_false(s.on);
    assert_int_equal(s.count, 3);
    assert_true(s.real == 0.25);
    assert_string_equal(s.text, "-x");
    assert_int_equal(s.choice, 1);
    assert_int_equal(s.even, 8);
    assert_int_equal(s.size, 1572864);
    assert_true(s.common.quiet);
    assert_int_equal(s.common.jobs, 5);
    assert_string_equal(s.common.output, "out");
    assert_int_equal(s.common.progress, PROGRESS_NEVER);
    assert_string_equal(argv[s.first], "one");
    assert_string_equal(argv[s.first + 1], "-two");
}

/* After parsing, which moves operands behind the options, as often as one likes. */
static void test_each(void **state)
{
    (void)state;
    static const struct option_row rows[] = {
        {'n', "count", "N", "", OPTION_TEXT, NULL, 0, 0, NULL, NULL},
        {.name = "noted", .type = OPTION_TEXT | OPTION_NOTED},
        {0, "flag", NULL, "", OPTION_FLAG, NULL, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {.name = "probe", .rows = rows, .takes = TAKES_OUTPUT};
    char **argv = ARGV("one", "-n3", "--flag", "-o", "out", "two", "--count=", "-q", "--", "-n");
    for (int turn = 0; turn < 2; turn++) {
        char noted[200] = "";
        options_each(&program, 11, argv, note, noted);
        assert_string_equal(noted, "count=3 output=out count= one two -n ");
    }
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        char *argument, *value;
        const char *sentence;
    } rows[] = {
        {"--nonsense", NULL, "--nonsense"},
        {"-z", NULL, "-z"},
        {"-n", NULL, "-n needs a value (N)"},
        {"--count", NULL, "--count needs a value (N)"},
        {"--flag=yes", NULL, "takes no value"},
        {"-n", "10", "'10' is not a whole number from 1 to 9"},
        {"--real", "2", "'2' is not a number from 0 to 1"},
        {"--colour", "blue", "'blue' is none of red, green"},
        {"--even", "7", "7 is odd"},
        {"--size", "4", "'4' is no size: write a number and K, M, G or T"},
        {"--size", "M", "'M' is no size"},
        {"--size", "-1M", "'-1' is not a number"},
        {"--size", "1K", "1K is too small: at least 1M"},
        {"--size", "9999T", "9999T is more than any machine has"},
        {"-j", "0", "--jobs"},
        {"--progress", "maybe", "auto, always, never"},
        {"-f", NULL, "-f"}, /* this program takes no -f */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct settings s;
        assert_int_equal(parse(&s, ARGV(rows[i].argument, rows[i].value)), PARSED_FAILED);
        assert_int_equal(s.error.status, STATUS_USAGE);
        assert_non_null(strstr(s.error.text, rows[i].sentence));
    }
}

static void test_jobs_from_the_environment(void **state)
{
    (void)state;
    struct settings s;
    setenv("GLOVEPIPE_JOBS", "3", 1);
    assert_int_equal(parse(&s, ARGV("x")), PARSED_RUN);
    assert_int_equal(s.common.jobs, 3);
    assert_int_equal(parse(&s, ARGV("-j7")), PARSED_RUN);
    assert_int_equal(s.common.jobs, 7);
    setenv("GLOVEPIPE_JOBS", "three", 1);
    assert_int_equal(parse(&s, ARGV("x")), PARSED_FAILED);
    assert_non_null(strstr(s.error.text, "GLOVEPIPE_JOBS: 'three'"));
    assert_int_equal(parse(&s, ARGV("-j7")), PARSED_RUN); /* then it is not asked */
    assert_int_equal(s.common.jobs, 7);
    unsetenv("GLOVEPIPE_JOBS");
}

static void test_levels_from_the_environment(void **state)
{
    (void)state;
    struct settings s;
    static const char *const known[] = {"portable", "avx2", "avx512", ""};
    for (size_t i = 0; i < LENGTH(known); i++) {
        setenv("GLOVEPIPE_CPU", known[i], 1);
        assert_int_equal(parse(&s, ARGV("x")), PARSED_RUN);
    }
    setenv("GLOVEPIPE_CPU", "avx51", 1);
    assert_int_equal(parse(&s, ARGV("x")), PARSED_FAILED);
    assert_int_equal(s.error.status, STATUS_USAGE);
    assert_string_equal(s.error.text, "GLOVEPIPE_CPU=avx51: it may be portable, avx2 or avx512");
    unsetenv("GLOVEPIPE_CPU");
}

/* A name must not say that what is written is packed, in whatever option. */
static void test_packed_names(void **state)
{
    (void)state;
    struct settings s;
    static const char *const names[] = {"x.gz", "x.mp.GZ", "a/x.tgz", "x.zip",
                                        "x.xz", "x.zst",   "x.bz2"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        assert_int_equal(parse(&s, ARGV("-o", (char *)names[i])), PARSED_FAILED);
        assert_int_equal(s.error.status, STATUS_USAGE);
        assert_non_null(strstr(s.error.text, "is written as it is, not packed"));
    }
    assert_int_equal(parse(&s, ARGV("-o", "x.gz.mp")), PARSED_RUN);
    assert_int_equal(parse(&s, ARGV("-o", ".gz")), PARSED_RUN);
    assert_int_equal(parse(&s, ARGV("x.gz")), PARSED_RUN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_reals),
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_jobs_from_the_environment),
        cmocka_unit_test(test_levels_from_the_environment),
        cmocka_unit_test(test_packed_names),
    };
    return RUN_TESTS("options", tests);
}
