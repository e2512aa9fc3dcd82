#include "base/program.h"

#include "base/report.h"

int program_main(const struct program *program, int argc, char **argv,
                 bool (*run)(const struct call *call, void *settings, struct error *error),
                 void *settings)
{
    struct call call = {.count = 0};
    struct error error = {STATUS_DONE, ""};
    int first = 0;
    enum parsed parsed = options_parse(program, argc, argv, &call.common, &first, &error);
    if (parsed == PARSED_DONE)
        return STATUS_DONE;
    if (parsed == PARSED_RUN) {
        call.operands = argv + first;
        call.count = (size_t)(argc - first);
        if (run(&call, settings, &error))
            return STATUS_DONE;
    }
    return report_error(&call.common, &error);
}

bool program_operand(const struct call *call, const char **operand, struct error *error)
{
    *operand = call->count ? call->operands[0] : NULL;
    return call->count <= 1 ||
           error_set(error, STATUS_USAGE, "one file at a time: what is '%s'?", call->operands[1]);
}
