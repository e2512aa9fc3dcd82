/* Numbers on a command line, or in a field: all of the text, and nothing else. */
#include "base/options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool options_count(const char *name, const char *text, uint64_t least, uint64_t most,
                   uint64_t *value, struct error *error)
{
    char *end = NULL;
    errno = 0;
    uint64_t parsed = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;
    if (!end || *end || errno == ERANGE || parsed < least || parsed > most)
        return error_set(error, STATUS_USAGE, "%s: '%s' is not a whole number from %llu to %llu",
                         name, text, (unsigned long long)least, (unsigned long long)most);
    *value = parsed;
    return true;
}

bool options_part(const char *text, void *target, struct error *error)
{
    struct options_part *part = target;
    char number[sizeof "18446744073709551615"];
    const char *slash = strchr(text, '/');
    if (!slash || (size_t)(slash - text) >= sizeof number)
        return error_set(error, STATUS_USAGE, "--part: '%s' is no K/N, for part K of N", text);
    memcpy(number, text, (size_t)(slash - text));
    number[slash - text] = 0;
    if (!options_count("--part, behind the slash", slash + 1, 1, OPTIONS_MOST_PARTS, &part->whole,
                       error) ||
        !options_count("--part, before the slash", number, 1, part->whole, &part->first, error))
        return false;
    part->first--;
    return true;
}

bool options_real(const char *name, const char *text, double least, double most, double *value,
                  struct error *error)
{
    char *end = NULL;
    /* strtod alone would also take white space, hexadecimals and names such as `inf`. */
    bool plain = text[0] && !text[strspn(text, "+-.0123456789eE")];
    double parsed = plain ? strtod(text, &end) : 0;
    if (!plain || end == text || *end || !isfinite(parsed) || parsed < least || parsed > most)
        return error_set(error, STATUS_USAGE, "%s: '%s' is not a number from %g to %g", name, text,
                         least, most);
    *value = parsed;
    return true;
}

bool options_is_real(struct text field, double least, double most, double *value)
{
    struct error unsaid;
    char text[64];
    if (field.size >= sizeof text)
        return false;
    memcpy(text, field.data, field.size);
    text[field.size] = '\0';
    return strlen(text) == field.size && options_real("", text, least, most, value, &unsaid);
}
