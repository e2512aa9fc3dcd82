/*
 * rf-merge: the parts of a forest, grown apart, to the forest.
 */
#include "base/program.h"
#include "run/merge.h"

static bool rf_merge(const struct call *call, void *target, struct error *error)
{
    static const struct parted_program program = {
        .run = merge_run, .made_by = "rf-train --tree-range", .units = "trees", .inner = "nodes"};
    (void)target;
    return parted_call(&program, call, error);
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
