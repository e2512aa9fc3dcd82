/*
 * report: what a program says on stderr.
 *
 * Every message is one line that opens with the program's name; what would break the line or steer
 * a terminal is spelled out as visible.h does. Errors and warnings are always printed, summaries
 * unless -q, details only with -v.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include "base/error.h"
#include "base/options.h"

#include <stdint.h>
#include <string.h>

/* Prints the sentence and returns the exit status: `return report_error(&common, &error);`. */
int report_error(const struct common *common, const struct error *error);

/* A summary that people want; not printed with -q. */
void report_summary(const struct common *common, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says so where standard input, which is read next, is a terminal; not with -q. */
void report_waiting(const struct common *common);

/* A detail for -v. */
void report_detail(const struct common *common, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Something doubtful that does not end the run. */
void report_warning(const struct common *common, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether what there is to tell of the texts was told: a script, whose programs go through the same
   ones, says so to those behind the first (GLOVEPIPE_TOLD in their environment). */
bool report_told(void);

enum { REPORT_COUNT_SIZE = 32 };

/* `n` with commas between thousands (`12,290`), in the caller's buffer, which it returns. */
const char *report_count(uint64_t n, char buffer[REPORT_COUNT_SIZE]);

/* The words behind such a count: `one` of them behind 1, `many` behind any other. */
static inline const char *report_noun(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* How much of a plural in `s` stands behind such a count, for "%.*s". */
static inline int report_units(uint64_t n, const char *units)
{
    return (int)strlen(units) - (n == 1);
}

/*
 * A line on stderr that is rewritten in place, at most ten times a second. Used by one thread.
 * Nothing is shown with -q, with --progress=never, or (auto) where stderr is no terminal.
 */
struct progress {
    bool shown;
    bool dirty;
    const char *tool;
    const char *unit; /* `trees` */
    uint64_t total;   /* 0: unknown */
    double start;     /* report_seconds() */
    double last;
};

struct progress progress_start(const struct common *common, const char *unit, uint64_t total);
void progress_update(struct progress *progress, uint64_t done);
/* Clears the line, until the next update; call it before any other message. */
void progress_finish(struct progress *progress);
/* Warns that a piece of the work, `tree` number 7, is done again because of `cause`, a clause. */
void progress_again(struct progress *progress, const struct common *common, const char *noun,
                    uint64_t number, const char *cause);

/* Seconds on a monotonic clock. */
double report_seconds(void);

#endif
