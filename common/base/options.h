/*
 * options: command lines from a table, by getopt_long.
 *
 * A tool describes itself once, in a `struct program`: parsing, `--help`, the shell completions and
 * what the lineage notes of a run all come from that description. The options that every program
 * has (-h, -V, -q, -v, -o, -j, -f, --progress) are added by options_parse and land in `struct
 * common`.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/error.h"
#include "base/keeper.h"
#include "base/room.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
    OPTION_FLAG,   /* target: bool, set to true */
    OPTION_NEGATE, /* target: bool that means the opposite, set to false */
    OPTION_COUNT,  /* target: uint64_t in least..most, decimal */
    OPTION_REAL,   /* target: double in least..most */
    OPTION_SIZE,   /* target: uint64_t in least..most, bytes: a number and K, M, G or T */
    OPTION_TEXT,   /* target: const char *, borrowed from argv */
    OPTION_CHOICE, /* target: int, the index in `choices` */
    OPTION_SWITCH, /* target: bool, given as 0 or 1 */
    OPTION_CUSTOM, /* `parse` reads the text into the target */
    OPTION_TYPE = 15
};

/*
 * An option that changes the result is noted in the lineage, in the order of the rows, under its
 * name and with its value: a number, a flag (that of NEGATE turned), or a text (of CUSTOM: the one
 * that its target begins with). One of these stands beside the type then.
 */
enum {
    OPTION_NOTED = 16,     /* whatever its value */
    OPTION_NOTED_SET = 32, /* unless it is false, 0 or NULL, for which there is no need to say so */
    OPTION_NOTED_RESULT = 64, /* whatever its value, but not in a state saved on the way */
    OPTION_NOTES = OPTION_NOTED | OPTION_NOTED_SET | OPTION_NOTED_RESULT
};

/*
 * An option whose value names a place in the file system says what becomes of it, and so what the
 * sandbox (base/sandbox.h) has to leave open; both OPTION_READS and OPTION_WRITES where it is gone
 * on with.
 */
enum {
    OPTION_READS = 128,      /* a file or a folder is read */
    OPTION_UNPACKS = 256,    /* likewise; a zip from a pipe is copied to a temporary file */
    OPTION_WRITES = 512,     /* a file is written */
    OPTION_SPILLS = 1024,    /* given, it may want temporary files, in the usual folder */
    OPTION_SPILLS_TO = 2048, /* temporary files go to that folder, in place of the usual one */
    OPTION_CONTINUES = 4096  /* of a file that is read: what it becomes may take its place */
};

struct option_row {
    char letter;          /* 0: the option has a long name only */
    const char *name;     /* without the dashes; NULL ends the table */
    const char *argument; /* what --help calls the value (`N`, `FILE`); NULL: takes none */
    const char *help;     /* one sentence fragment for --help, with the default in brackets; NULL:
                             no option, but noted like one: what the program settles itself */
    unsigned type;        /* an option_type, and how it is noted */
    void *target;
    double least, most;         /* COUNT, REAL, SIZE; both inclusive, exact up to 2^53 */
    const char *const *choices; /* CHOICE: NULL-terminated */
    bool (*parse)(const char *text, void *target, struct error *error); /* CUSTOM */
};

/* Which of the shared options a program takes beside -h, -V, -q and -v, which all take. */
enum {
    TAKES_OUTPUT = 1,   /* -o FILE, --no-sync */
    TAKES_JOBS = 2,     /* -j N */
    TAKES_FORCE = 4,    /* -f: binary to a terminal */
    TAKES_PROGRESS = 8, /* --progress */
};

/* And what it does beside that, whatever the options, which the sandbox has to leave open. */
enum {
    DOES_UNPACK = 16, /* operands may be zips: one from a pipe is copied to a temporary file */
    DOES_SPILL = 32,  /* temporary files, in the usual folder or that of OPTION_SPILLS_TO */
    DOES_MEASURE = 64 /* asks how much memory there is: `room` is open */
};

struct program {
    const char *name;              /* `rf-train` */
    const char *arguments;         /* `[options] [SAMPLES]` */
    const char *purpose;           /* one sentence for --help */
    const struct option_row *rows; /* ends with a row whose name is NULL */
    unsigned takes;                /* TAKES_*, DOES_* */
    const char *examples;          /* shown at the end of --help; NULL: none */
};

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

enum { COMMON_OUTPUTS = 16 };

struct common {
    const char *tool; /* the program's name, for messages */
    bool quiet;
    bool verbose;
    bool force;
    const char *output;                  /* NULL or "-": stdout */
    const char *outputs[COMMON_OUTPUTS]; /* all that is written, this among it; as far as noted */
    size_t output_count;
    bool no_sync;         /* files need not have reached the disk */
    bool no_sandbox;      /* the kernel is not asked to confine it */
    struct keeper keeper; /* of the outputs, where it is confined */
    struct room room;     /* of DOES_MEASURE alone */
    unsigned jobs;        /* at least 1 */
    enum progress_mode progress;
};

enum parsed {
    PARSED_RUN,  /* go on: the operands are argv[*first .. argc-1] */
    PARSED_DONE, /* --help or --version was printed: exit 0 */
    PARSED_FAILED
};

/*
 * Parses argv (which getopt may permute) into the targets and `common`. Status USAGE on what is
 * wrong, with the option's name and its range in the sentence.
 */
enum parsed options_parse(const struct program *program, int argc, char **argv,
                          struct common *common, int *first, struct error *error);

/*
 * Goes through a command line that options_parse has been through: hands on each option that has a
 * value, with its row, and then each operand, with NULL.
 */
void options_each(const struct program *program, int argc, char **argv,
                  void (*take)(void *context, const struct option_row *row, const char *value),
                  void *context);

/*
 * Strict numbers: the whole text, no white space, no overflow, within least..most. `name` is
 * what the sentence calls the value (`--trees`). Status USAGE.
 */
bool options_count(const char *name, const char *text, uint64_t least, uint64_t most,
                   uint64_t *value, struct error *error);
bool options_real(const char *name, const char *text, double least, double most, double *value,
                  struct error *error);

/* Whether a field of a file is such a number, of fewer than 64 bytes. */
bool options_is_real(struct text field, double least, double most, double *value);

/* One of equal parts of some work. */
struct options_part {
    uint64_t first; /* its number, from 0 on */
    uint64_t whole; /* how many there are; 0: the work is not parted */
};

enum { OPTIONS_MOST_PARTS = 100000 };

/* `K/N`, part K of N from 1 on; for the `parse` of a row. Status USAGE. */
bool options_part(const char *text, void *target, struct error *error);

#endif
