/* The parts, and a call of a program: what it is given, the output, progress, and a summary. */
#include "run/parted.h"

#include "base/report.h"

#include <stdlib.h>
#include <sys/resource.h>

/* ---- parts ---- */

/* Lets this process have as many files open as the system allows. */
static void allow_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int by_first(const void *left, const void *right)
{
    const struct part *l = left, *r = right;
    return l->header.first < r->header.first ? -1 : l->header.first > r->header.first;
}

struct part *parted_open(const struct parted *parted, part_open *open, struct error *error)
{
    struct part *parts = calloc(parted->count, sizeof *parts);
    bool opened = parts || error_memory(error, "opening the parts");
    allow_files();
    for (size_t i = 0; opened && i < parted->count; i++)
        opened = open(parted->paths[i], parts, &parts[i], error);
    if (!opened) {
        parted_close(parted, parts);
        return NULL;
    }
    qsort(parts, parted->count, sizeof *parts, by_first);
    return parts;
}

void parted_close(const struct parted *parted, struct part *parts)
{
    for (size_t i = 0; parts && i < parted->count; i++) {
        stream_header_free(&parts[i].header);
        stream_close(parts[i].reader);
    }
    free(parts);
}

/* ---- the program ---- */

static bool check(const struct parted_program *program, const struct call *call,
                  struct error *error)
{
    return call->count > 0 || error_set(error, STATUS_USAGE,
                                        "no parts: name the files that %s wrote", program->made_by);
}

static void tell_progress(void *context, uint64_t units)
{
    progress_update(context, units);
}

static void summarize(const struct parted_program *program, const struct call *call,
                      const struct parted_totals *totals, double seconds)
{
    char units[REPORT_COUNT_SIZE], parts[REPORT_COUNT_SIZE], inner[REPORT_COUNT_SIZE];
    report_summary(&call->common, "%s %.*s of %s %s, in %.2f s", report_count(totals->units, units),
                   report_units(totals->units, program->units), program->units,
                   report_count(call->count, parts), report_noun(call->count, "part", "parts"),
                   seconds);
    report_detail(&call->common, "%s %.*s", report_count(totals->inner, inner),
                  report_units(totals->inner, program->inner), program->inner);
}

bool parted_call(const struct parted_program *program, const struct call *call, struct error *error)
{
    const double start = report_seconds();
    struct parted_totals totals;
    if (!check(program, call, error))
        return false;
    struct output *output = output_open(&call->common, OUTPUT_BINARY, error);
    if (!output)
        return false;
    struct progress progress = progress_start(&call->common, program->units, 0);
    const struct parted parted = {.paths = (const char *const *)call->operands,
                                  .count = call->count,
                                  .progressed = tell_progress,
                                  .context = &progress};
    bool done = program->run(&parted, output, &totals, error);
    progress_finish(&progress);
    if (!output_settle(output, done, error))
        return false;
    summarize(program, call, &totals, report_seconds() - start);
    return true;
}
