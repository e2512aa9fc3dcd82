/*
 * colour: whether a program's text has colours.
 */
#ifndef BASE_COLOUR_H
#define BASE_COLOUR_H

#include "base/options.h"

#include <stdbool.h>

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* `auto`, `always`, `never`, for an option's choices. */
extern const char *const colour_choices[];

/*
 * Whether standard output is meant and is a terminal that can show colours and, by the environment
 * (NO_COLOR, TERM), should; always and never are what they say.
 */
bool colour_wanted(enum colour when, const struct common *common);

/* The lines of the terminal that standard output is; 0: it is none, or does not say. */
unsigned colour_terminal_lines(const struct common *common);

#endif
