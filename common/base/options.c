/*
 * getopt_long does the parsing; what it needs, what --help prints and what is refused follow from
 * the rows.
 */
#define _GNU_SOURCE
#include "base/options.h"

#include "base/cpu.h"
#include "base/options_help.h"
#include "base/path.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_ROWS = 64, FIRST_LONG = 256, MAX_JOBS = 4096 };

static bool options_size(const struct option_row *row, const char *name, const char *text,
                         struct error *error)
{
    static const char units[] = "KMGT";
    size_t length = strlen(text);
    const char *unit = length > 1 ? strchr(units, text[length - 1]) : NULL;
    char number[32];
    double value;
    if (!unit || length > sizeof number)
        return error_set(error, STATUS_USAGE, "%s: '%s' is no size: write %s, such as 4G", name,
                         text, "a number and K, M, G or T");
    snprintf(number, sizeof number, "%.*s", (int)length - 1, text);
    if (!options_real(name, number, 0, 1e9, &value, error))
        return false;
    value *= (double)(UINT64_C(1024) << 10 * (unit - units));
    if (value < row->least)
        return error_set(error, STATUS_USAGE, "%s: %s is too small: at least %gM", name, text,
                         row->least / (1 << 20));
    if (value > row->most)
        return error_set(error, STATUS_USAGE, "%s: %s is more than any machine has", name, text);
    *(uint64_t *)row->target = (uint64_t)value;
    return true;
}

static bool choose(const char *name, const char *text, const char *const *choices, int *target,
                   struct error *error)
{
    char list[256] = "";
    for (int i = 0; choices[i]; i++) {
        if (strcmp(text, choices[i]) == 0) {
            *target = i;
            return true;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", choices[i]);
    }
    return error_set(error, STATUS_USAGE, "%s: '%s' is none of %s", name, text, list);
}

/* A name that says what the file would not be. A pipe may lead to what packs it. */
static bool check_written(const char *name, const char *path, struct error *error)
{
    struct stat status;
    const char *packing = path_packing(path);
    if (!packing || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)))
        return true;
    bool is_main = strcmp(name, "--output") == 0;
    return error_set(error, STATUS_USAGE,
                     "%s: %s is written as it is, not packed: leave '%s' off%s", name, path,
                     packing, is_main ? ", or have the output piped into what packs it" : "");
}

static bool store(const struct option_row *row, const char *text, struct error *error)
{
    static const char *const switches[] = {"0", "1", NULL};
    char name[64];
    int position;
    snprintf(name, sizeof name, "--%s", row->name);
    if (row->type & OPTION_WRITES && !check_written(name, text, error))
        return false;
    switch (row->type & OPTION_TYPE) {
    case OPTION_FLAG:
        *(bool *)row->target = true;
        return true;
    case OPTION_NEGATE:
        *(bool *)row->target = false;
        return true;
    case OPTION_COUNT:
        return options_count(name, text, (uint64_t)row->least, (uint64_t)row->most, row->target,
                             error);
    case OPTION_REAL:
        return options_real(name, text, row->least, row->most, row->target, error);
    case OPTION_SIZE:
        return options_size(row, name, text, error);
    case OPTION_TEXT:
        *(const char **)row->target = text;
        return true;
    case OPTION_CHOICE:
        return choose(name, text, row->choices, row->target, error);
    case OPTION_SWITCH:
        if (!choose(name, text, switches, &position, error))
            return false;
        *(bool *)row->target = position;
        return true;
    case OPTION_CUSTOM:
        return row->parse(text, row->target, error);
    }
    return error_set(error, STATUS_USAGE, "%s: unknown type of option", name);
}

/* ---- the options that programs share ---- */

struct shared {
    bool help, version;
    uint64_t jobs;
    int progress;
};

static const char *const progress_names[] = {"auto", "always", "never", NULL};

static void add_shared(struct option_row *rows, size_t *count, unsigned takes,
                       struct common *common, struct shared *shared)
{
    struct {
        unsigned needs;
        struct option_row row;
    } all[] = {
        {TAKES_OUTPUT,
         {'o', "output", "FILE", "write to FILE, which appears when it is whole [stdout]",
          OPTION_TEXT | OPTION_WRITES, &common->output, 0, 0, NULL, NULL}},
        {TAKES_OUTPUT,
         {0, "no-sync", NULL, "don't wait for the disk to have FILE", OPTION_FLAG, &common->no_sync,
          0, 0, NULL, NULL}},
        {TAKES_JOBS,
         {'j', "jobs", "N", "how many work at a time [$GLOVEPIPE_JOBS, or the CPUs]", OPTION_COUNT,
          &shared->jobs, 1, MAX_JOBS, NULL, NULL}},
        {TAKES_FORCE,
         {'f', "force-terminal", NULL, "write binary even to a terminal", OPTION_FLAG,
          &common->force, 0, 0, NULL, NULL}},
        {TAKES_PROGRESS,
         {0, "progress", "WHEN", "show progress: auto, always, never [auto]", OPTION_CHOICE,
          &shared->progress, 0, 0, progress_names, NULL}},
        {0,
         {'q', "quiet", NULL, "no summary, errors only", OPTION_FLAG, &common->quiet, 0, 0, NULL,
          NULL}},
        {0, {'v', "verbose", NULL, "say more", OPTION_FLAG, &common->verbose, 0, 0, NULL, NULL}},
        {0,
         {0, "no-sandbox", NULL, "don't have the kernel confine the program to its files",
          OPTION_FLAG, &common->no_sandbox, 0, 0, NULL, NULL}},
        {0, {'h', "help", NULL, "this text", OPTION_FLAG, &shared->help, 0, 0, NULL, NULL}},
        {0, {'V', "version", NULL, "the version", OPTION_FLAG, &shared->version, 0, 0, NULL, NULL}},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if ((all[i].needs & takes) == all[i].needs)
            rows[(*count)++] = all[i].row;
}

/* The number given with -j, or the environment's, or the CPUs. */
static bool settle_jobs(const struct shared *shared, struct common *common, struct error *error)
{
    const char *text = getenv("GLOVEPIPE_JOBS");
    uint64_t value = shared->jobs ? shared->jobs : cpu_count();
    if (!shared->jobs && text && *text &&
        !options_count("GLOVEPIPE_JOBS", text, 1, MAX_JOBS, &value, error))
        return false;
    common->jobs = (unsigned)value;
    return true;
}

/* A level that there is none of would be one in silence. */
static bool check_cpu(struct error *error)
{
    const char *odd = cpu_level_unknown();
    return !odd || error_set(error, STATUS_USAGE,
                             "GLOVEPIPE_CPU=%s: it may be portable, avx2 or avx512", odd);
}

/* Help and version are output too: a full disk or a closed pipe must not pass for success. */
static bool flush_stdout(struct error *error)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return error_errno(error, "standard output");
    return true;
}

/* ---- parsing ---- */

struct parser {
    struct option_row rows[MAX_ROWS];
    size_t own_count, count;
    struct option longs[MAX_ROWS + 1];
    char letters[2 * MAX_ROWS + 2];
};

/* The program's rows and those it shares, whose values go to `common` and `shared`. */
static void prepare(struct parser *parser, const struct program *program, struct common *common,
                    struct shared *shared)
{
    for (const struct option_row *row = program->rows; row && row->name; row++)
        if (row->help)
            parser->rows[parser->count++] = *row;
    parser->own_count = parser->count;
    add_shared(parser->rows, &parser->count, program->takes, common, shared);
    char *letter = parser->letters;
    *letter++ = ':';
    for (size_t i = 0; i < parser->count; i++) {
        const struct option_row *row = &parser->rows[i];
        parser->longs[i] = (struct option){
            row->name, row->argument ? required_argument : no_argument, NULL, FIRST_LONG + (int)i};
        if (!row->letter)
            continue;
        *letter++ = row->letter;
        if (row->argument)
            *letter++ = ':';
    }
    *letter = '\0';
    parser->longs[parser->count] = (struct option){0};
}

static const struct option_row *find_row(const struct parser *parser, int code)
{
    if (code >= FIRST_LONG)
        return &parser->rows[code - FIRST_LONG];
    for (size_t i = 0; i < parser->count; i++)
        if (parser->rows[i].letter && parser->rows[i].letter == code)
            return &parser->rows[i];
    return NULL;
}

/* How many letters have to be changed, put in, left out or swapped (once) with the next. */
static size_t distance(const char *from, size_t from_size, const char *to)
{
    enum { MOST = 40 };
    size_t rows[3][MOST + 1], size = strlen(to);
    if (from_size > MOST || size > MOST)
        return SIZE_MAX;
    for (size_t j = 0; j <= size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= from_size; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= size; j++) {
            size_t least = last[j - 1] + (from[i - 1] != to[j - 1]);
            least = last[j] + 1 < least ? last[j] + 1 : least;
            least = now[j - 1] + 1 < least ? now[j - 1] + 1 : least;
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] &&
                before[j - 2] + 1 < least)
                least = before[j - 2] + 1;
            now[j] = least;
        }
    }
    return rows[from_size % 3][size];
}

/* A long option that is none, or the beginning of several: says which one may be meant. */
static bool refuse_name(const struct parser *parser, const struct program *program,
                        const char *text, struct error *error)
{
    const char *name = text + 2, *nearest = NULL;
    size_t size = strcspn(name, "="), begun = 0, least = size < 6 ? 2 : 3;
    char all[256] = "";
    for (size_t i = 0; i < parser->count; i++) {
        const char *known = parser->rows[i].name;
        size_t used = strlen(all), letters = distance(name, size, known);
        if (strncmp(known, name, size) == 0)
            snprintf(all + used, sizeof all - used, "%s--%s", begun++ ? ", " : "", known);
        if (letters < least) {
            least = letters;
            nearest = known;
        }
    }
    if (begun > 1)
        return error_set(error, STATUS_USAGE, "ambiguous option %s: one of %s?", text, all);
    if (nearest)
        return error_set(error, STATUS_USAGE, "unknown option %s: did you mean --%s?", text,
                         nearest);
    return error_set(error, STATUS_USAGE, "unknown option %s: see %s --help", text, program->name);
}

/* The argument that holds the unknown letter, where it is a whole word behind one dash: `-trees`.
 */
static const char *find_word(char **argv, int letter)
{
    for (int i = optind; i >= optind - 1 && i > 0; i--)
        if (argv[i] && argv[i][0] == '-' && argv[i][1] != '-' && strlen(argv[i]) > 3 &&
            strchr(argv[i] + 1, letter))
            return argv[i];
    return NULL;
}

/* A letter that is no option: other programs have long options behind one dash. */
static bool refuse_letter(const struct parser *parser, const struct program *program, char **argv,
                          struct error *error)
{
    const char *word = find_word(argv, optopt);
    size_t size = word ? strcspn(word + 1, "=") : 0;
    for (size_t i = 0; word && i < parser->count; i++)
        if (distance(word + 1, size, parser->rows[i].name) < 2)
            return error_set(error, STATUS_USAGE, "unknown option %s: did you mean --%s?", word,
                             parser->rows[i].name);
    return error_set(error, STATUS_USAGE, "unknown option -%c: see %s --help", optopt,
                     program->name);
}

static bool refuse(const struct parser *parser, const struct program *program, int code,
                   char **argv, struct error *error)
{
    const char *text = argv[optind - 1];
    char letter[3] = {'-', (char)optopt, '\0'};
    if (code == ':') {
        const struct option_row *row = find_row(parser, optopt);
        return error_set(error, STATUS_USAGE, "%s needs a value (%s): see %s --help",
                         optopt < FIRST_LONG ? letter : text, row ? row->argument : "",
                         program->name);
    }
    if (optopt >= FIRST_LONG)
        return error_set(error, STATUS_USAGE, "%s takes no value: see %s --help", text,
                         program->name);
    if (optopt)
        return refuse_letter(parser, program, argv, error);
    return refuse_name(parser, program, text, error);
}

static bool parse_all(struct parser *parser, const struct program *program, int argc, char **argv,
                      struct error *error)
{
    optind = 0; /* start anew, whatever was parsed before in this process */
    for (;;) {
        int code = getopt_long(argc, argv, parser->letters, parser->longs, NULL);
        if (code == -1)
            return true;
        const struct option_row *row = code == '?' || code == ':' ? NULL : find_row(parser, code);
        if (!row)
            return refuse(parser, program, code, argv, error);
        if (!store(row, optarg, error))
            return false;
    }
}

enum parsed options_parse(const struct program *program, int argc, char **argv,
                          struct common *common, int *first, struct error *error)
{
    *common = (struct common){.tool = program->name, .jobs = 1};
    struct shared shared = {0};
    struct parser parser = {0};
    prepare(&parser, program, common, &shared);
    if (!parse_all(&parser, program, argc, argv, error))
        return PARSED_FAILED;
    if (shared.help)
        options_help(program, parser.rows, parser.own_count, parser.count, common->verbose);
    else if (shared.version)
        printf("%s (glovepipe) %s\n", program->name, GLOVEPIPE_VERSION);
    if (shared.help || shared.version)
        return flush_stdout(error) ? PARSED_DONE : PARSED_FAILED;
    if (!check_cpu(error) || (program->takes & TAKES_JOBS && !settle_jobs(&shared, common, error)))
        return PARSED_FAILED;
    common->progress = (enum progress_mode)shared.progress;
    *first = optind;
    return PARSED_RUN;
}

void options_each(const struct program *program, int argc, char **argv,
                  void (*take)(void *context, const struct option_row *row, const char *value),
                  void *context)
{
    struct common unused = {0};
    struct shared unused_shared = {0};
    struct parser parser = {0};
    int code;
    prepare(&parser, program, &unused, &unused_shared);
    optind = 0;
    while ((code = getopt_long(argc, argv, parser.letters, parser.longs, NULL)) != -1) {
        const struct option_row *row = find_row(&parser, code);
        if (row && row->argument)
            take(context, row, optarg);
    }
    for (int i = optind; i < argc; i++)
        take(context, NULL, argv[i]);
}
