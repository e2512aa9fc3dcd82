/* What stands on stderr, byte for byte. */
#include "base/report.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct common common = {.tool = "probe", .progress = PROGRESS_ALWAYS};

static char path[] = "/tmp/test_report.XXXXXX";
static int kept_stderr;

static void begin(void)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
    close(fd);
}

static void end(char said[4096])
{
    assert_true(dup2(kept_stderr, STDERR_FILENO) >= 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    said[fread(said, 1, 4095, file)] = '\0';
    fclose(file);
}

static void assert_said(const char *expected)
{
    char said[4096];
    end(said);
    assert_string_equal(said, expected);
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
    assert_said("probe: X.mp: a??[31mb: what to do\n"
                "probe: warning: labelled stra\xc3\x9f"
                "e??\n"
                "probe: 7 rows\n");
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
    char said[4096];
    end(said);
    static const char shown[] = "\rprobe: 2 of 2 trees, ", cleared[] = "\r\033[K";
    assert_memory_equal(said, shown, sizeof shown - 1);
    const char *between = strstr(said, cleared);
    assert_non_null(between);
    const char *again = between + sizeof cleared - 1;
    assert_memory_equal(again, shown, sizeof shown - 1);
    assert_string_equal(strstr(again, cleared), cleared);
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

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    kept_stderr = dup(STDERR_FILENO);
    return fd < 0 || kept_stderr < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    close(kept_stderr);
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_long_lines_end),
        cmocka_unit_test(test_progress_comes_back),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests_name("report", tests, make_path, remove_path);
}
