/* What comes from standard input goes to the output as it is. */
#include "run/script.h"

#include "base/await.h"
#include "base/files.h"
#include "base/output.h"
#include "base/program.h"
#include "input/texts.h"
#include "run/collection.h"

#include <string.h>
#include <unistd.h>

struct settings {
    const char *reads;
    bool check, unlabelled;
};

static bool copy(struct output *output, struct error *error)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = await_read(STDIN_FILENO, bytes, sizeof bytes);
        if (got < 0)
            return error_errno(error, "standard input: can't read");
        if (got == 0)
            return true;
        if (!output_write(output, bytes, (size_t)got, error))
            return false;
    }
}

static bool write_out(const struct common *common, struct error *error)
{
    struct output *output = output_open(common, OUTPUT_TEXT, error);
    return output && output_settle(output, copy(output, error), error);
}

/* No text is read for it; that the options fit them is for those who do. */
static bool spare_texts(const struct call *call, bool labelled, struct error *error)
{
    const struct texts_rules rules = {.labelled = labelled};
    struct texts *texts = texts_open_documents(call->operands, call->count, &rules, error);
    bool spared = texts && collection_spares(texts, &call->common, error);
    texts_close(texts);
    return spared;
}

static bool run(const struct call *call, void *target, struct error *error)
{
    const struct settings *settings = target;
    if (!spare_texts(call, !settings->unlabelled, error))
        return false;
    return settings->check ? output_check(&call->common, error) : write_out(&call->common, error);
}

int script_main(int argc, char **argv)
{
    /* Unconfined, for it reads nothing, and in silence: a script has another way. */
    if (argc == 4 && strcmp(argv[1], "--exchange") == 0)
        return files_exchange(argv[2], argv[3]) ? STATUS_DONE : STATUS_SYSTEM;
    struct settings settings = {0};
    const struct option_row rows[] = {
        {0, "check", NULL, "write nothing", OPTION_FLAG, &settings.check, 0, 0, NULL, NULL},
        {0, "no-label", NULL, "texts have no labels", OPTION_FLAG, &settings.unlabelled, 0, 0, NULL,
         NULL},
        {0, "reads", "FILE", "is read beside the texts", OPTION_TEXT | OPTION_READS,
         &settings.reads, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {.name = argv[0],
                                    .arguments = "[options] TEXTS...",
                                    .purpose = "Write what a script prints.",
                                    .rows = rows,
                                    .takes = TAKES_OUTPUT};
    return program_main(&program, argc, argv, run, &settings);
}
