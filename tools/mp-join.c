/*
 * mp-join: the parts of samples, made apart, to the samples.
 */
#include "base/program.h"
#include "run/join.h"

static bool mp_join(const struct call *call, void *target, struct error *error)
{
    static const struct parted_program program = {
        .run = join_run, .made_by = "vectorize --part", .units = "rows", .inner = "blocks"};
    (void)target;
    return parted_call(&program, call, error);
}

int main(int argc, char **argv)
{
    const struct option_row rows[] = {{0}};
    const struct program program = {
        .name = "mp-join",
        .arguments = "[options] PART...",
        .purpose = "Join the parts of samples, from vectorize --part.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_FORCE | TAKES_PROGRESS,
        .examples = "  mp-join part-*.mp >train.mp\n"
                    "  mp-join -o train.mp first.mp second.mp\n",
    };
    return program_main(&program, argc, argv, mp_join, NULL);
}
