/*
 * A table is parsed line by line; the first one names the columns, and each other has as many
 * fields. A name that stands twice is refused, for one of its costs would be lost.
 */
#include "score/costs.h"

#include "base/memory.h"
#include "base/options.h"
#include "base/report.h"
#include "base/utf8.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

struct parse {
    struct costs *costs;
    struct text rest;
    const char *name;
    unsigned long long line;
};

static struct text next_line(struct parse *parse)
{
    parse->line++;
    return text_line(text_cut(&parse->rest, '\n'));
}

static size_t fields_of(struct text line)
{
    size_t count = 1;
    for (size_t i = 0; i < line.size; i++)
        count += line.data[i] == '\t';
    return count;
}

static bool add_name(const struct parse *parse, struct words *names, struct text name,
                     struct error *error)
{
    bool added;
    if (!utf8_valid(name.data, name.size))
        return error_set(error, STATUS_INPUT, "%s:%llu: a label is not valid UTF-8", parse->name,
                         parse->line);
    if (words_add(names, name, &added) == WORDS_NONE)
        return error_memory(error, "reading the costs");
    return added || error_set(error, STATUS_INPUT, "%s:%llu: the label '%.*s' stands twice",
                              parse->name, parse->line, (int)name.size, name.data);
}

static bool parse_heading(struct parse *parse, struct error *error)
{
    struct text line = next_line(parse);
    if (fields_of(line) < 2)
        return error_set(error, STATUS_INPUT,
                         "%s:1: no predicted labels: expected an empty field, a TAB, and labels "
                         "separated by TABs",
                         parse->name);
    text_cut(&line, '\t');
    for (size_t left = fields_of(line); left; left--)
        if (!add_name(parse, &parse->costs->predicted, text_cut(&line, '\t'), error))
            return false;
    return true;
}

static bool parse_cost(const struct parse *parse, struct text field, double *cost,
                       struct error *error)
{
    return options_is_real(field, -DBL_MAX, DBL_MAX, cost) ||
           error_set(error, STATUS_INPUT, "%s:%llu: '%.*s' is no number", parse->name, parse->line,
                     (int)(field.size < 60 ? field.size : 60), field.data);
}

static bool parse_row(struct parse *parse, struct error *error)
{
    struct costs *costs = parse->costs;
    size_t columns = costs->predicted.count, row = costs->labels.count;
    struct text line = next_line(parse);
    if (!line.size)
        return true;
    if (fields_of(line) != columns + 1)
        return error_set(error, STATUS_INPUT,
                         "%s:%llu: %zu %s, and the first line has %zu: separate them by TAB",
                         parse->name, parse->line, fields_of(line),
                         report_noun(fields_of(line), "field", "fields"), columns + 1);
    if (!add_name(parse, &costs->labels, text_cut(&line, '\t'), error))
        return false;
    if (!memory_reserve(&costs->values, &costs->capacity, (row + 1) * columns,
                        sizeof *costs->values))
        return error_memory(error, "reading the costs");
    for (size_t i = 0; i < columns; i++)
        if (!parse_cost(parse, text_cut(&line, '\t'), &costs->values[row * columns + i], error))
            return false;
    return true;
}

bool costs_parse(struct text table, const char *name, struct costs *costs, struct error *error)
{
    *costs = (struct costs){0};
    struct parse parse = {.costs = costs, .rest = table, .name = name};
    bool good = table.size
                    ? parse_heading(&parse, error)
                    : error_set(error, STATUS_INPUT, "%s: is empty: there are no costs", name);
    while (good && parse.rest.size)
        good = parse_row(&parse, error);
    if (!good)
        costs_free(costs);
    return good;
}

bool costs_find(const struct costs *costs, struct text label, struct text predicted, double *cost)
{
    uint32_t row = words_find(&costs->labels, label);
    uint32_t column = words_find(&costs->predicted, predicted);
    if (row == WORDS_NONE || column == WORDS_NONE)
        return false;
    *cost = costs->values[row * costs->predicted.count + column];
    return true;
}

void costs_free(struct costs *costs)
{
    words_free(&costs->labels);
    words_free(&costs->predicted);
    free(costs->values);
    *costs = (struct costs){0};
}
