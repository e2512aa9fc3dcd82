/* Options, a sandbox, a run, a sentence on what went wrong, an exit status. */
#include "base/program.h"

#include "base/path.h"
#include "base/place.h"
#include "base/report.h"
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* In a root without devices: the end of a pipe that can't be read, or written, and no other. */
static void occupy_by_pipe(int fd)
{
    int ends[2]; /* of which the first is `fd`, the lowest that is free */
    if (pipe(ends) != 0)
        return;
    if (fd == STDIN_FILENO)
        (void)dup2(ends[1], fd);
    close(ends[1]);
}

/*
 * A standard descriptor that is closed would be given to the first file opened, which would then
 * be read as standard input, or get what is meant for standard output or error. So its place is
 * taken by something that can't be read, or written: using it fails as it did.
 */
static void occupy_standard(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            occupy_by_pipe(fd);
}

/* What is written and read, and whether the one is none of the other, as far as was looked. */
struct looking {
    struct common *common;
    bool spare;
    size_t standard; /* how often it is named */
    struct error *error;
};

static void note_output(void *context, const struct option_row *row, const char *value)
{
    struct common *common = ((const struct looking *)context)->common;
    if (row && row->type & OPTION_WRITES && common->output_count < COMMON_OUTPUTS)
        common->outputs[common->output_count++] = value;
}

static void spare_input(void *context, const struct option_row *row, const char *value)
{
    struct looking *looking = context;
    const struct common *common = looking->common;
    const unsigned type = row ? row->type : OPTION_READS;
    if (!(type & (OPTION_READS | OPTION_UNPACKS)) || type & OPTION_WRITES)
        return;
    looking->standard += path_is_standard(value);
    const bool continues = type & OPTION_CONTINUES;
    for (size_t i = 0; !continues && looking->spare && i < common->output_count; i++)
        looking->spare =
            place_spares(value, common->outputs[i], looking->error) &&
            (*value != '@' || place_spares(value + 1, common->outputs[i], looking->error));
}

/* What a program was started with may be no concern of it: standard output is held to standard
   input only where that is read for sure. */
static bool spare_standard(const struct looking *looking, bool reads, struct error *error)
{
    const struct common *common = looking->common;
    for (size_t i = 0; i < common->output_count; i++)
        if ((reads || !path_is_standard(common->outputs[i])) &&
            !place_spares("-", common->outputs[i], error))
            return false;
    return true;
}

/* None of what is read is read twice where that can't be, or replaced by what is made of it. */
static bool check_files(struct call *call, int argc, char **argv, struct error *error)
{
    struct looking looking = {.common = &call->common, .spare = true, .error = error};
    if (path_is_standard(call->common.output)) /* the others are options */
        call->common.outputs[call->common.output_count++] = "-";
    options_each(call->program, argc, argv, note_output, &looking);
    options_each(call->program, argc, argv, spare_input, &looking);
    call->standard = looking.standard;
    if (call->standard > 1)
        return error_set(error, STATUS_USAGE, "standard input can't be read twice: name a file");
    return looking.spare && spare_standard(&looking, call->standard || !call->count, error);
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
    signal(SIGXFSZ, SIG_IGN); /* a file beyond `ulimit -f` is told of as a full disk is */
    enum parsed parsed = options_parse(program, argc, argv, &call.common, &first, &error);
    if (parsed == PARSED_DONE)
        return STATUS_DONE;
    if (parsed == PARSED_RUN) {
        call.operands = argv + first;
        call.count = (size_t)(argc - first);
        if (program->takes & DOES_MEASURE)
            room_open(&call.common.room);
        sandbox_enter(program, &call.common, argc, argv);
        for (size_t i = 0; i < call.count; i++)
            if (path_is_standard(call.operands[i]))
                report_waiting(&call.common);
        bool done = check_operands(&call, &error) && check_files(&call, argc, argv, &error) &&
                    run(&call, settings, &error);
        keeper_stop(&call.common.keeper);
        if (program->takes & DOES_MEASURE)
            room_close(&call.common.room);
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
    if (call->count > 1)
        return error_set(error, STATUS_USAGE, "one file at a time: what is '%s'?",
                         call->operands[1]);
    return *operand || !call->standard ||
           error_set(error, STATUS_USAGE, "standard input can't be read twice: name a file");
}
