/*
 * rf-merge: the parts of a forest, grown apart, to the forest.
 */
#include "base/output.h"
#include "base/path.h"
#include "base/program.h"
#include "base/report.h"
#include "run/merge.h"

struct run {
    const struct common *common;
    struct progress progress;
};

static void tell_progress(void *context, uint64_t trees)
{
    struct run *run = context;
    progress_update(&run->progress, trees);
}

static bool check(const struct call *call, struct error *error)
{
    size_t standard = 0;
    if (call->count == 0)
        return error_set(error, STATUS_USAGE,
                         "no parts: name the files that rf-train --tree-range wrote");
    for (size_t i = 0; i < call->count; i++)
        standard += path_is_standard(call->operands[i]);
    return standard < 2 || error_set(error, STATUS_USAGE, "standard input can be one part only");
}

static void summarize(const struct run *run, const struct call *call,
                      const struct merge_totals *totals, double seconds)
{
    char trees[REPORT_COUNT_SIZE], parts[REPORT_COUNT_SIZE], nodes[REPORT_COUNT_SIZE];
    report_summary(run->common, "%s trees of %s parts, in %.2f s",
                   report_count(totals->trees, trees), report_count(call->count, parts), seconds);
    report_detail(run->common, "%s nodes", report_count(totals->nodes, nodes));
}

static bool rf_merge(const struct call *call, void *target, struct error *error)
{
    (void)target;
    const double start = report_seconds();
    struct run run = {.common = &call->common};
    const struct merge merge = {.paths = (const char *const *)call->operands,
                                .count = call->count,
                                .progressed = tell_progress,
                                .context = &run};
    struct merge_totals totals;
    if (!check(call, error))
        return false;
    struct output *output = output_open(run.common, OUTPUT_BINARY, error);
    if (!output)
        return false;
    run.progress = progress_start(run.common, "trees", 0);
    bool done = merge_run(&merge, output, &totals, error);
    progress_finish(&run.progress);
    if (!done) {
        output_discard(output);
        return false;
    }
    if (!output_commit(output, error))
        return false;
    summarize(&run, call, &totals, report_seconds() - start);
    return true;
}

int main(int argc, char **argv)
{
    const struct option_row rows[] = {{0}};
    const struct program program = {
        .name = "rf-merge",
        .arguments = "[options] PART...",
        .purpose = "Merge the parts of a forest, from rf-train --tree-range.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_FORCE | TAKES_PROGRESS,
        .examples = "  rf-merge part-*.mp >model.mp\n"
                    "  rf-merge -o model.mp first.mp second.mp\n",
    };
    return program_main(&program, argc, argv, rf_merge, NULL);
}
