/* Options, a sandbox, a run, a sentence on what went wrong, an exit status. */
#include "base/program.h"

#include "base/path.h"
#include "base/place.h"
#include "base/report.h"
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * A standard descriptor that is closed would be given to the first file opened, which would then
 * be read as standard input, or get what is meant for standard output or error. So its place is
 * taken by something that can't be read, or written: using it fails as it did.
 */
static void occupy_standard(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

enum { MOST_OUTPUTS = 16 }; /* of a command line that are looked at */

/* What is written, and whether it is none of what is read, as far as was looked. */
struct outputs {
    const char *paths[MOST_OUTPUTS];
    size_t count;
    bool spare;
    struct error *error;
};

static void note_output(void *context, const struct option_row *row, const char *value)
{
    struct outputs *outputs = context;
    if (row && row->type & OPTION_WRITES && outputs->count < MOST_OUTPUTS)
        outputs->paths[outputs->count++] = value;
}

static void spare_input(void *context, const struct option_row *row, const char *value)
{
    struct outputs *outputs = context;
    const unsigned type = row ? row->type : OPTION_READS;
    if (!(type & (OPTION_READS | OPTION_UNPACKS)) || type & (OPTION_WRITES | OPTION_CONTINUES))
        return;
    for (size_t i = 0; outputs->spare && i < outputs->count; i++)
        outputs->spare =
            place_spares(value, outputs->paths[i], outputs->error) &&
            (*value != '@' || place_spares(value + 1, outputs->paths[i], outputs->error));
}

/* None of what is read is replaced by what is made of it. */
static bool check_outputs(const struct call *call, int argc, char **argv, struct error *error)
{
    struct outputs outputs = {
        .paths = {call->common.output}, .count = 1, .spare = true, .error = error};
    options_each(call->program, argc, argv, note_output, &outputs);
    options_each(call->program, argc, argv, spare_input, &outputs);
    return outputs.spare;
}

static bool check_operands(const struct call *call, struct error *error)
{
    for (size_t i = 0; i < call->count; i++)
        if (!*call->operands[i])
            return error_set(error, STATUS_USAGE,
                             "the name of file %zu is empty: is a variable of the shell unset?",
                             i + 1);
    return true;
}

int program_main(const struct program *program, int argc, char **argv,
                 bool (*run)(const struct call *call, void *settings, struct error *error),
                 void *settings)
{
    struct call call = {.program = program};
    struct error error = {STATUS_DONE, ""};
    int first = 0;
    occupy_standard();
    enum parsed parsed = options_parse(program, argc, argv, &call.common, &first, &error);
    if (parsed == PARSED_DONE)
        return STATUS_DONE;
    if (parsed == PARSED_RUN) {
        call.operands = argv + first;
        call.count = (size_t)(argc - first);
        sandbox_enter(program, &call.common, argc, argv);
        for (size_t i = 0; i < call.count; i++)
            if (path_is_standard(call.operands[i]))
                report_waiting(&call.common);
        bool done = check_operands(&call, &error) && check_outputs(&call, argc, argv, &error) &&
                    run(&call, settings, &error);
        keeper_stop(&call.common.keeper);
        if (done)
            return STATUS_DONE;
    }
    return report_error(&call.common, &error);
}

bool program_operand(const struct call *call, const char **operand, struct error *error)
{
    *operand = call->count ? call->operands[0] : NULL;
    if (!*operand)
        report_waiting(&call->common);
    return call->count <= 1 ||
           error_set(error, STATUS_USAGE, "one file at a time: what is '%s'?", call->operands[1]);
}
