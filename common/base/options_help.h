/*
 * options_help: the text of --help.
 */
#ifndef BASE_OPTIONS_HELP_H
#define BASE_OPTIONS_HELP_H

#include "base/options.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Prints it to stdout, whose errors are the caller's to look for. Of the `count` rows the first
 * `own_count` are the program's, and stand apart from those that programs share. `verbose` adds
 * which options are noted in the lineage.
 */
void options_help(const struct program *program, const struct option_row *rows, size_t own_count,
                  size_t count, bool verbose);

#endif
