/* Names are looked up in a table, for there may be many of both. */
#include "run/directions.h"

#include "base/words.h"
#include "run/whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 100 /* bytes of what is wrong */ };

struct reading {
    const struct samples *samples;
    struct words names;
    int8_t *directions;
    bool *given; /* by feature */
};

static const struct texts_kind lists = {
    1 << 21, "the line is longer than 2 MiB: is this a list of features?"};

/* ---- names ---- */

static struct text name_of(const struct samples *samples, uint32_t feature, char number[16])
{
    if (samples->features)
        return samples->features[feature];
    return (struct text){number, (size_t)snprintf(number, 16, "%u", (unsigned)feature)};
}

/* Of several features of one name the first is meant. */
static bool add_names(struct reading *reading, struct error *error)
{
    char number[16];
    for (uint32_t f = 0; f < reading->samples->dim; f++)
        if (words_add(&reading->names, name_of(reading->samples, f, number), NULL) == WORDS_NONE)
            return error_memory(error, "naming the features");
    return true;
}

/* ---- one feature ---- */

static bool refuse(struct error *error, struct text item, const char *what)
{
    struct buffer shown = {0};
    const bool cut = item.size > SHOWN;
    buffer_name(&shown, (struct text){item.data, cut ? SHOWN : item.size});
    buffer_byte(&shown, 0);
    if (buffer_check(&shown, error))
        error_set(error, STATUS_USAGE, "--monotonic: '%s'%s %s", shown.bytes, cut ? "..." : "",
                  what);
    buffer_free(&shown);
    return false;
}

static bool parse_direction(struct text text, int8_t *direction)
{
    static const struct {
        const char *text;
        int8_t direction;
    } known[] = {{"+1", 1}, {"1", 1}, {"-1", -1}, {"0", 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(text, text_of(known[i].text))) {
            *direction = known[i].direction;
            return true;
        }
    return false;
}

static uint32_t find_feature(const struct reading *reading, struct text name)
{
    char number[16];
    const uint32_t found = words_find(&reading->names, name);
    for (uint32_t f = found; found != WORDS_NONE && f < reading->samples->dim; f++)
        if (text_equal(name_of(reading->samples, f, number), name))
            return f;
    return WORDS_NONE;
}

static bool take_item(struct reading *reading, struct text item, struct error *error)
{
    size_t colon = item.size;
    int8_t direction;
    while (colon > 0 && item.data[colon - 1] != ':')
        colon--;
    if (!colon || !parse_direction((struct text){item.data + colon, item.size - colon}, &direction))
        return refuse(error, item, "does not end in ':+1' or ':-1'");
    const struct text name = {item.data, colon - 1};
    const uint32_t feature = find_feature(reading, name);
    if (feature == WORDS_NONE)
        return refuse(error, name, "is no feature of the samples");
    if (reading->given[feature])
        return refuse(error, name, "is there twice");
    reading->given[feature] = true;
    reading->directions[feature] = direction;
    return true;
}

/* Items end with `separator`; empty ones are passed over. */
static bool take_items(struct reading *reading, struct text text, char separator,
                       struct error *error)
{
    while (text.size) {
        struct text item = text_cut(&text, separator);
        if (separator == '\n')
            item = text_line(item);
        if (item.size && !take_item(reading, item, error))
            return false;
    }
    return true;
}

/* ---- all of them ---- */

static bool read_text(struct reading *reading, const char *text, struct error *error)
{
    if (*text != '@')
        return take_items(reading, text_of(text), ',', error);
    struct buffer file = {0};
    bool read = whole_read(text + 1, &lists, &file, error) &&
                take_items(reading, (struct text){file.bytes, file.size}, '\n', error);
    buffer_free(&file);
    return read;
}

static bool put_list(const struct reading *reading, struct buffer *list, struct error *error)
{
    char number[16];
    for (uint32_t f = 0; f < reading->samples->dim; f++) {
        if (!reading->directions[f])
            continue;
        const struct text name = name_of(reading->samples, f, number);
        if (list->size)
            buffer_byte(list, ',');
        buffer_name(list, name);
        buffer_string(list, reading->directions[f] > 0 ? ":+1" : ":-1");
    }
    if (buffer_check(list, error) && !list->size)
        return error_set(error, STATUS_USAGE, "--monotonic: gives no feature a direction");
    buffer_byte(list, 0);
    return buffer_check(list, error);
}

int8_t *directions_read(const char *text, const struct samples *samples, struct buffer *list,
                        struct error *error)
{
    struct reading reading = {.samples = samples};
    reading.directions = calloc(samples->dim, sizeof *reading.directions);
    reading.given = calloc(samples->dim, sizeof *reading.given);
    if (!reading.directions || !reading.given)
        error_memory(error, "naming the features");
    else if (add_names(&reading, error) && read_text(&reading, text, error) &&
             put_list(&reading, list, error)) {
        words_free(&reading.names);
        free(reading.given);
        return reading.directions;
    }
    words_free(&reading.names);
    free(reading.directions);
    free(reading.given);
    return NULL;
}
