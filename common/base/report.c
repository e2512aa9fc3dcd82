/* Lines for stderr, and the line of progress that gives way to them. */
#include "base/report.h"

#include "base/visible.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = ERROR_TEXT_SIZE + 128 };

/*
 * One write for one line, so that the programs of a pipe don't mix their messages. Names in it may
 * come from an input, so that it is shown as visible.h has it: a byte becomes four at most.
 */
static void print_line(const char *line)
{
    char shown[4 * LINE_SIZE + VISIBLE_ESCAPE_SIZE];
    size_t size = strlen(line), used = 0;
    for (size_t at = 0; at < size;) {
        struct visible character = visible_first(line + at, size - at);
        if (character.shown)
            memcpy(shown + used, line + at, character.size);
        used += character.shown ? character.size : visible_escape(character, shown + used);
        at += character.size;
    }
    shown[used++] = '\n';
    fwrite(shown, 1, used, stderr);
}

static void print(const char *tool, const char *prefix, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void print(const char *tool, const char *prefix, const char *format, va_list arguments)
{
    char line[LINE_SIZE];
    int used = snprintf(line, sizeof line - 1, "%s: %s", tool, prefix);
    vsnprintf(line + used, sizeof line - 1 - (size_t)used, format, arguments);
    print_line(line);
}

int report_error(const struct common *common, const struct error *error)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line - 1, "%s: %s", common->tool, error->text);
    print_line(line);
    return error->status;
}

void report_summary(const struct common *common, const char *format, ...)
{
    if (common->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    print(common->tool, "", format, arguments);
    va_end(arguments);
}

void report_waiting(const struct common *common)
{
    if (isatty(STDIN_FILENO))
        report_summary(common,
                       "reads from the terminal: end the input with Ctrl-D, or name a file");
}

void report_detail(const struct common *common, const char *format, ...)
{
    if (!common->verbose)
        return;
    va_list arguments;
    va_start(arguments, format);
    print(common->tool, "", format, arguments);
    va_end(arguments);
}

bool report_told(void)
{
    return getenv("GLOVEPIPE_TOLD") != NULL;
}

void report_warning(const struct common *common, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(common->tool, "warning: ", format, arguments);
    va_end(arguments);
}

const char *report_count(uint64_t n, char buffer[REPORT_COUNT_SIZE])
{
    char digits[REPORT_COUNT_SIZE];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    char *out = buffer;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
    return buffer;
}

void progress_again(struct progress *progress, const struct common *common, const char *noun,
                    uint64_t number, const char *cause)
{
    progress_finish(progress);
    report_warning(common, "%s %llu is done again: %s", noun, (unsigned long long)number, cause);
}

double report_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct progress progress_start(const struct common *common, const char *unit, uint64_t total)
{
    bool wanted = common->progress == PROGRESS_ALWAYS ||
                  (common->progress == PROGRESS_AUTO && isatty(STDERR_FILENO));
    double now = report_seconds();
    return (struct progress){.shown = wanted && !common->quiet,
                             .tool = common->tool,
                             .unit = unit,
                             .total = total,
                             .start = now,
                             .last = now};
}

void progress_update(struct progress *progress, uint64_t done)
{
    if (!progress->shown)
        return;
    double now = report_seconds();
    if (now - progress->last < 0.1 && (done != progress->total || !progress->total))
        return;
    progress->last = now;
    progress->dirty = true;
    char count[REPORT_COUNT_SIZE], total[REPORT_COUNT_SIZE];
    if (progress->total)
        fprintf(stderr, "\r%s: %s of %s %.*s, %.1f s\033[K", progress->tool,
                report_count(done, count), report_count(progress->total, total),
                report_units(progress->total, progress->unit), progress->unit,
                now - progress->start);
    else
        fprintf(stderr, "\r%s: %s %.*s, %.1f s\033[K", progress->tool, report_count(done, count),
                report_units(done, progress->unit), progress->unit, now - progress->start);
    fflush(stderr);
}

void progress_finish(struct progress *progress)
{
    if (progress->dirty)
        fputs("\r\033[K", stderr);
    progress->dirty = false;
}
