/* NO_COLOR is what https://no-color.org asks for: set and not empty. */
#define _DEFAULT_SOURCE /* ioctl's TIOCGWINSZ */

#include "base/colour.h"

#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *const colour_choices[] = {"auto", "always", "never", NULL};

static bool is_terminal(const struct common *common)
{
    return path_is_standard(common->output) && isatty(STDOUT_FILENO);
}

bool colour_wanted(enum colour when, const struct common *common)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (when != COLOUR_AUTO)
        return when == COLOUR_ALWAYS;
    return is_terminal(common) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

unsigned colour_terminal_lines(const struct common *common)
{
    struct winsize size;
    if (!is_terminal(common) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_row;
}
