/*
 * program: the body of every main.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "base/options.h"

/* What a program was asked to do beside its own options. */
struct call {
    const struct program *program;
    struct common common;
    char **operands;
    size_t count;    /* of operands */
    size_t standard; /* 1: standard input is named as one of the files that are read */
};

/*
 * Parses the command line, enters the sandbox (sandbox.h), runs, reports what went wrong, and
 * returns the exit status. `run` gets `settings`, which the rows of `program` point into.
 */
int program_main(const struct program *program, int argc, char **argv,
                 bool (*run)(const struct call *call, void *settings, struct error *error),
                 void *settings);

/* The only operand, or NULL where there is none, which stands for standard input. Status USAGE
   where there are more, or that is named as another file. */
bool program_operand(const struct call *call, const char **operand, struct error *error);

#endif
