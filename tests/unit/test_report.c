/* What stands on stderr, byte for byte. */
#include "base/report.h"

#include <fcntl.h>

#include "helpers.h"

static const struct common common = {.tool = "probe", .progress = PROGRESS_ALWAYS};

static int kept_stderr;

static void begin(void)
{
    int fd = open(test_path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
    close(fd);
}

static void end(void)
{
    assert_true(dup2(kept_stderr, STDERR_FILENO) >= 0);
}

static void assert_said(const char *expected)
{
    end();
    assert_file(test_path, expected);
}

static void test_one_line(void **state)
{
    (void)state;
    struct error error = {STATUS_INPUT, "X.mp: a\n\x1b[31mb: what to do"};
    begin();
    assert_int_equal(report_error(&common, &error), STATUS_INPUT);
    report_warning(&common, "labelled %s",
                   "stra\xc3\x9f"
                   "e\t\x7f");
    report_summary(&common, "%d rows", 7);
    report_detail(&common, "only with -v");
    assert_said("probe: X.mp: a\\n\\x1b[31mb: what to do\n"
                "probe: warning: labelled stra\xc3\x9f"
                "e\\t\\x7f\n"
                "probe: 7 rows\n");
}

/* Directions, 8-bit controls, ends of lines, bytes of no character. */
static void test_hidden(void **state)
{
    (void)state;
    begin();
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): that it does not mislead is what is asked */
    report_warning(&common, "%s", "a\xe2\x80\xae\xc2\x9b\xe2\x80\xa8\xff\x9b\xe2\x80");
    assert_said("probe: warning: a\\u202e\\u009b\\u2028\\xff\\x9b\\xe2\\x80\n");
}

/* Each byte of a message as long as can be takes four. */
static void test_hidden_fits(void **state)
{
    (void)state;
    char label[3000];
    memset(label, 1, sizeof label - 1);
    label[sizeof label - 1] = '\0';
    begin();
    report_warning(&common, "%s", label);
    end();
    char *said = file_text(test_path);
    assert_int_equal(strlen(said),
                     strlen("probe: warning: ") +
                         4 * (ERROR_TEXT_SIZE + 128 - 2 - strlen("probe: warning: ")) + 1);
    free(said);
}

static void test_long_lines_end(void **state)
{
    (void)state;
    char label[3000];
    memset(label, 'a', sizeof label - 1);
    label[sizeof label - 1] = '\0';
    begin();
    report_warning(&common, "%s", label);
    char expected[3000] = "probe: warning: ";
    size_t used = strlen(expected);
    memset(expected + used, 'a', ERROR_TEXT_SIZE + 128 - 2 - used);
    expected[ERROR_TEXT_SIZE + 128 - 2] = '\n';
    assert_said(expected);
}

/* A message in between takes its place; the next update brings it back. */
static void test_progress_comes_back(void **state)
{
    (void)state;
    begin();
    struct progress progress = progress_start(&common, "trees", 2);
    progress_update(&progress, 2);
    progress_finish(&progress);
    progress_finish(&progress);
    progress_update(&progress, 2);
    progress_finish(&progress);
    end();
    char *said = file_text(test_path);
    static const char shown[] = "\rprobe: 2 of 2 trees, ", cleared[] = "\r\033[K";
    assert_memory_equal(said, shown, sizeof shown - 1);
    const char *between = strstr(said, cleared);
    assert_non_null(between);
    const char *again = between + sizeof cleared - 1;
    assert_memory_equal(again, shown, sizeof shown - 1);
    assert_string_equal(strstr(again, cleared), cleared);
    free(said);
}

static void test_counts(void **state)
{
    (void)state;
    char buffer[REPORT_COUNT_SIZE];
    assert_string_equal(report_count(0, buffer), "0");
    assert_string_equal(report_count(999, buffer), "999");
    assert_string_equal(report_count(12290, buffer), "12,290");
    assert_string_equal(report_count(UINT64_MAX, buffer), "18,446,744,073,709,551,615");
}

static int keep_stderr(void **state)
{
    kept_stderr = dup(STDERR_FILENO);
    return kept_stderr < 0 ? -1 : test_path_make(state);
}

static int close_kept(void **state)
{
    close(kept_stderr);
    return test_path_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_hidden_fits),
        cmocka_unit_test(test_long_lines_end),
        cmocka_unit_test(test_progress_comes_back),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests_name("report", tests, keep_stderr, close_kept);
}
