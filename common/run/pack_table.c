/*
 * A record becomes values: numbers, and of categories their numbers. Where all features are known
 * before, values become a row at once; where categories are still to be found, they are held until
 * the last record is read.
 */
#include "run/pack_columns.h"
#include "run/pack_rows.h"

#include "base/memory.h"
#include "base/report.h"
#include "base/utf8.h"
#include "stream/stream.h"
#include "text/repairs.h"
#include "text/table.h"
#include "vectors/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct held_row {
    size_t label_end;
    uint64_t line;
};

struct run {
    const struct pack *pack;
    struct pack_totals *totals;
    struct output *output;
    struct texts *texts;
    struct table_ways ways; /* while the file is opened */
    struct table_columns table;
    bool begun; /* the table is known */
    struct pack_rows rows;
    bool started; /* and so are all features */

    float *values; /* of the record in hand, or of all that are held */
    struct held_row *held;
    char *labels;
    size_t held_count, value_capacity, held_capacity, label_size, label_capacity;
    const char *name; /* of the file, and the line in hand */
    uint64_t line, next_line;
    uint64_t records;
    bool counting, first; /* the first column has counted them, from `first` on */
};

static enum texts_begun begin(void *context, const struct texts_head *head,
                              struct texts_start *start, struct error *error)
{
    struct run *run = context;
    enum texts_begun begun = pack_columns_read(run->pack, head, &run->ways, &run->table, error);
    if (begun != TEXTS_BEGUN)
        return begun;
    run->begun = true;
    *start = (struct texts_start){.skipped = run->table.skipped,
                                  .lines = run->table.lines,
                                  .rule = run->table.rule.behind ? &run->table.rule : NULL};
    return TEXTS_BEGUN;
}

/* ---- a field ---- */

static bool is_missing(const struct pack *pack, struct text field)
{
    static const char *const usual[] = {"",     "NA",   "N/A",  "n/a",  "NaN",  "nan",
                                        "-nan", "null", "NULL", "None", "<NA>", "#N/A"};
    if (pack->missing && text_equal(field, text_of(pack->missing)))
        return true;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (text_equal(field, text_of(usual[i])))
            return true;
    return false;
}

static struct text trimmed(struct text field)
{
    while (field.size && (field.data[0] == ' ' || field.data[0] == '\t')) {
        field.data++;
        field.size--;
    }
    while (field.size && (field.data[field.size - 1] == ' ' || field.data[field.size - 1] == '\t'))
        field.size--;
    return field;
}

/* Whether it would be a number without its commas. */
static bool has_commas(struct text field)
{
    size_t commas = 0;
    for (size_t i = 0; i < field.size; i++) {
        if (!strchr("+-.,0123456789", field.data[i]) || !field.data[i])
            return false;
        commas += field.data[i] == ',';
    }
    return commas && field.size > commas;
}

static const char *number_advice(const struct run *run, struct text field)
{
    if (memchr(field.data, '\0', field.size))
        return "there is a NUL byte: is the file whole, and text?";
    if (has_commas(field))
        return run->table.rule.separator == ','
                   ? "write it with a decimal point, and without commas"
                   : "there are decimal commas: turn them into points, with tr , .";
    return "leave the column out with --drop, make features of its categories with --one-hot, or "
           "say with --missing what stands for a missing value";
}

static bool take_number(struct run *run, uint32_t column, struct text field, float *value,
                        struct error *error)
{
    char text[64];
    if (number_parse(field.data, field.size, value))
        return true;
    return error_set(error, STATUS_INPUT, "%s:%llu: %s: '%.*s' is no number: %s", run->name,
                     (unsigned long long)run->line, pack_column_name(&run->table, column, text),
                     field.size < 40 ? (int)field.size : 40, field.data, number_advice(run, field));
}

/* -1: one that the features of `like` have no place for. */
static bool take_category(struct run *run, struct table_column *column, struct text field,
                          float *value, struct error *error)
{
    if (field.size > TEXT_NAME_MOST / 2)
        return error_set(error, STATUS_INPUT,
                         "%s:%llu: a category is longer than 512 KiB: leave the column out with "
                         "--drop",
                         run->name, (unsigned long long)run->line);
    if (!utf8_valid(field.data, field.size))
        return error_set(error, STATUS_INPUT, "%s:%llu: a category is not valid UTF-8", run->name,
                         (unsigned long long)run->line);
    uint32_t number = run->pack->like ? words_find(&column->categories, field)
                                      : words_add(&column->categories, field, NULL);
    if (number == WORDS_NONE && !run->pack->like)
        return error_memory(error, "packing a table");
    if (column->categories.count > STREAM_MAX_DIM)
        return error_set(error, STATUS_INPUT, "%s:%llu: more than %d categories in one column",
                         run->name, (unsigned long long)run->line, STREAM_MAX_DIM);
    *value = number == WORDS_NONE ? -1.0F : (float)number;
    if (number == WORDS_NONE && run->totals->strange++ == 0)
        run->totals->first_strange = run->line;
    return true;
}

static bool take_field(struct run *run, uint32_t number, struct text field, float *values,
                       struct text *label, struct error *error)
{
    struct table_column *column = &run->table.columns[number];
    float *value = values + column->value;
    switch (column->role) {
    case COLUMN_LABEL:
        *label = field;
        return true;
    case COLUMN_DROPPED:
        return true;
    default:
        break;
    }
    field = trimmed(field);
    if (is_missing(run->pack, field)) {
        *value = NAN;
        return true;
    }
    return column->role == COLUMN_NUMBER ? take_number(run, number, field, value, error)
                                         : take_category(run, column, field, value, error);
}

/* ---- rows ---- */

static bool add_row(struct run *run, const float *values, struct text label, uint64_t line,
                    struct error *error)
{
    const struct table_columns *table = &run->table;
    float *x = pack_rows_next(&run->rows);
    memset(x, 0, table->dim * sizeof *x);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct table_column *column = &table->columns[i];
        float value = values[column->value];
        if (column->role == COLUMN_NUMBER)
            x[column->feature] = value;
        else if (column->role == COLUMN_CATEGORY && value >= 0)
            x[column->places[(uint32_t)value]] = 1;
    }
    return pack_rows_add(&run->rows, label, run->name, line, error);
}

static bool hold_row(struct run *run, struct text label, struct error *error)
{
    if (!memory_reserve(&run->held, &run->held_capacity, run->held_count + 1, sizeof *run->held) ||
        !memory_reserve(&run->labels, &run->label_capacity, run->label_size + label.size + 1, 1))
        return error_memory(error, "packing a table");
    if (label.size)
        memcpy(run->labels + run->label_size, label.data, label.size);
    run->label_size += label.size;
    run->held[run->held_count++] = (struct held_row){run->label_size, run->line};
    return true;
}

static bool cut_record(struct run *run, char *record, size_t size, float *values,
                       struct text *label, struct error *error)
{
    const struct table_columns *table = &run->table;
    struct table_cursor cursor =
        table_cursor(record, size, table->rule.separator, table->rule.behind != NULL);
    struct text field;
    uint32_t count = 0;
    for (; table_next(&cursor, true, &field); count++) {
        if (cursor.fault == TABLE_OPEN)
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: a quote opens a field of this record, and nothing closes it",
                             run->name, (unsigned long long)run->line);
        if (count < table->count && !take_field(run, count, field, values, label, error))
            return false;
    }
    return count == table->count ||
           error_set(error, STATUS_INPUT, "%s:%llu: the record has %u %s, the first one %u",
                     run->name, (unsigned long long)run->line, (unsigned)count,
                     report_noun(count, "field", "fields"), (unsigned)table->count);
}

/* A first column that counts the rows, as pandas writes their index, tells nothing of others. */
static void note_count(struct run *run, const float *values)
{
    const struct table_column *first = run->table.columns;
    const float value = first->role == COLUMN_NUMBER ? values[first->value] : -1;
    if (run->records == 0)
        run->counting = value == 0 || value == 1;
    else
        run->counting &= value == (float)(run->records + run->first);
    if (run->records++ == 0)
        run->first = value == 1;
}

static void judge_count(const struct run *run)
{
    enum { LEAST_UNNAMED = 3, LEAST_NAMED = 10 };
    const struct table_columns *table = &run->table;
    bool unnamed = table->has_header && !table->columns[0].name.size;
    run->totals->row_numbers =
        run->counting && run->records >= (unnamed ? LEAST_UNNAMED : LEAST_NAMED);
}

static bool take_record(struct run *run, char *record, size_t size, struct error *error)
{
    struct text label = {NULL, 0};
    size_t held = run->started ? 0 : run->held_count, values = run->table.values;
    if (text_line((struct text){record, size}).size == 0 || repair_is_file_end(record, size))
        return true;
    if (!memory_reserve(&run->values, &run->value_capacity, (held + 1) * values,
                        sizeof *run->values))
        return error_memory(error, "packing a table");
    float *row = run->values + held * values;
    if (!cut_record(run, record, size, row, &label, error))
        return false;
    if (run->table.labelled && label.size == 0)
        return error_set(error, STATUS_INPUT, "%s:%llu: the label is empty", run->name,
                         (unsigned long long)run->line);
    note_count(run, row);
    return run->started ? add_row(run, row, label, run->line, error) : hold_row(run, label, error);
}

static bool take_chunk(struct run *run, struct texts_chunk *chunk, struct error *error)
{
    const struct records_rule *rule = &run->table.rule;
    run->name = chunk->name;
    uint64_t line = chunk->line;
    for (size_t at = 0; at < chunk->size;) {
        struct records_scan scan = {.at = at, .lines = 0};
        const char *newline = memchr(chunk->bytes + at, '\n', chunk->size - at);
        size_t behind = newline ? (size_t)(newline - chunk->bytes) + 1 : 0;
        if (rule->behind)
            behind = rule->behind(rule, chunk->bytes, chunk->size, &scan);
        else
            scan.lines = 1;
        size_t end = behind ? behind - 1 : chunk->size;
        run->line = line;
        line += scan.lines;
        if (!take_record(run, chunk->bytes + at, end - at, error))
            return false;
        at = behind ? behind : chunk->size;
    }
    return true;
}

/* ---- all ---- */

/* What two features are called, who can't be told apart by their names then. */
static bool find_twice(const struct table_columns *table, char twice[64], struct error *error)
{
    struct words names = {0};
    bool good = true, added = true;
    uint32_t i = 0;
    for (; good && added && i < table->dim; i++)
        good = words_add(&names, table->features[i], &added) != WORDS_NONE;
    words_free(&names);
    if (good && !added) {
        struct text name = table->features[i - 1];
        snprintf(twice, 64, "'%.*s'", name.size < 40 ? (int)name.size : 40, name.data);
    }
    return good || error_memory(error, "naming features");
}

static bool start_rows(struct run *run, struct error *error)
{
    struct table_columns *table = &run->table;
    if (!(run->pack->like ? pack_columns_like(run->pack, table, error)
                          : pack_columns_place(table, error)))
        return false;
    run->totals->counts = table->counts;
    if (table->features && !find_twice(table, run->totals->twice, error))
        return false;
    run->started = pack_rows_begin(&run->rows, run->pack, table->dim, table->features,
                                   table->labelled, run->output, run->totals, error);
    if (!run->started)
        pack_rows_abandon(&run->rows);
    return run->started;
}

static bool write_held(struct run *run, struct error *error)
{
    size_t label = 0;
    for (size_t i = 0; i < run->held_count; i++) {
        const struct held_row *row = &run->held[i];
        struct text text = {run->labels + label, row->label_end - label};
        label = row->label_end;
        if (!add_row(run, run->values + i * run->table.values, text, row->line, error))
            return false;
    }
    return true;
}

static bool read_table(struct run *run, struct error *error)
{
    struct texts_chunk chunk = {0};
    bool good, held = run->pack->one_hot.count && !run->pack->like;
    do {
        good = texts_read(run->texts, SIZE_MAX, &chunk, error) &&
               (held || run->started || !run->begun || start_rows(run, error)) &&
               take_chunk(run, &chunk, error);
    } while (good && chunk.rows);
    texts_chunk_free(&chunk);
    if (!good)
        return false;
    return !held || (start_rows(run, error) && write_held(run, error));
}

bool pack_table(const struct pack *pack, struct output *output, struct pack_totals *totals,
                struct error *error)
{
    char *paths[] = {(char *)(uintptr_t)(pack->path ? pack->path : "-")};
    struct run run = {.pack = pack, .totals = totals, .output = output};
    const struct texts_rules rules = {.begin = begin, .context = &run};
    run.texts = texts_open_documents(paths, 1, &rules, error);
    bool done = run.texts &&
                (!texts_is_folder(run.texts, 0) ||
                 error_set(error, STATUS_USAGE, "%s: is a folder: name a file", pack->path)) &&
                read_table(&run, error);
    if (done)
        judge_count(&run);
    if (done)
        done = pack_rows_end(&run.rows, texts_digest(run.texts), error);
    else if (run.started)
        pack_rows_abandon(&run.rows);
    texts_close(run.texts);
    pack_columns_free(&run.table);
    free(run.values);
    free(run.held);
    free(run.labels);
    return done;
}
