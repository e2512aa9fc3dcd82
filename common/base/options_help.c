/* The text of --help: a row of two columns for each option, wrapped to a terminal's width. */
#include "base/options_help.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 28, HELP_WIDTH = 79 };

/* Prints words from column `at` on, broken before HELP_WIDTH and indented by `indent`. */
static void print_wrapped(const char *text, int at, int indent)
{
    bool first = true;
    while (*text) {
        int size = (int)strcspn(text, " ");
        if (!first && at + 1 + size > HELP_WIDTH) {
            printf("\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            putchar(' ');
            at++;
        }
        printf("%.*s", size, text);
        at += size;
        text += size;
        text += strspn(text, " ");
        first = false;
    }
    putchar('\n');
}

static void print_row(const struct option_row *row)
{
    char left[128];
    int used = row->letter ? snprintf(left, sizeof left, "  -%c, --%s", row->letter, row->name)
                           : snprintf(left, sizeof left, "      --%s", row->name);
    if (row->argument)
        used += snprintf(left + used, sizeof left - (size_t)used, "%c%s", row->letter ? ' ' : '=',
                         row->argument);
    printf("%-*s", HELP_COLUMN, left);
    if (used >= HELP_COLUMN)
        printf("\n%*s", HELP_COLUMN, "");
    print_wrapped(row->help, HELP_COLUMN, HELP_COLUMN);
}

/* Names on one line, for people and for the test that looks whether all of them are noted. */
static void print_noted(const struct option_row *rows)
{
    const char *before = "\nIn the lineage: ";
    for (const struct option_row *row = rows; row && row->name; row++) {
        if (!(row->type & OPTION_NOTES))
            continue;
        printf("%s%s", before, row->name);
        before = ", ";
    }
    printf(before[0] == '\n' ? "\nNothing in the lineage\n" : "\n");
}

void options_help(const struct program *program, const struct option_row *rows, size_t own_count,
                  size_t count, bool verbose)
{
    printf("usage: %s %s\n\n", program->name, program->arguments);
    print_wrapped(program->purpose, 0, 0);
    putchar('\n');
    for (size_t i = 0; i < count; i++) {
        if (i == own_count && own_count)
            putchar('\n');
        print_row(&rows[i]);
    }
    if (verbose) /* what writes no stream has no lineage, though it shares options with what does */
        print_noted(program->takes & TAKES_FORCE ? program->rows : NULL);
    if (program->examples)
        printf("\n%s", program->examples);
    printf("\nFull documentation: man %s\n", program->name);
}
