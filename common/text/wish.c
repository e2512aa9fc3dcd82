/*
 * Options first: what they say together, and which form they leave to a file's name. The first
 * record of a table is wish_table.c's.
 */
#include "text/wish.h"

#include "base/path.h"
#include "text/wish_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const wish_forms[] = {"auto", "lines", "tsv", "csv", "json", NULL};

bool wish_add_text(const char *text, void *target, struct error *error)
{
    struct wish_texts *texts = target;
    if (texts->count == FORMS_TEXTS)
        return error_set(error, STATUS_USAGE, "a text of more than %d parts", FORMS_TEXTS);
    texts->given[texts->count++] = text;
    return true;
}

/* ---- columns ---- */

uint64_t wish_number(const char *column)
{
    size_t size = column ? strlen(column) : 0;
    if (!size || size > 7 || strspn(column, "0123456789") != size)
        return 0;
    return strtoull(column, NULL, 10);
}

static bool check_column(const char *option, const char *column, struct error *error)
{
    uint64_t number;
    bool digits = column && *column && strspn(column, "0123456789") == strlen(column);
    return !digits || options_count(option, column, 1, DOCUMENTS_COLUMNS, &number, error);
}

static bool is_name(const char *column)
{
    return column && !wish_number(column);
}

bool wish_keeps_line(const struct wish *wish)
{
    return wish->keep && strcmp(wish->keep, "line") == 0;
}

bool wish_keeps_name(const struct wish *wish)
{
    return is_name(wish->keep) && !wish_keeps_line(wish);
}

bool wish_has_names(const struct wish *wish)
{
    bool names = is_name(wish->label_column);
    for (unsigned i = 0; i < wish->text_columns.count; i++)
        names |= is_name(wish->text_columns.given[i]);
    return names;
}

/* As lines have them. */
static bool check_numbers(const struct wish *wish, const char *way_out, struct error *error)
{
    const struct wish_texts *texts = &wish->text_columns;
    struct documents_columns unused;
    uint64_t label = wish->label_column ? wish_number(wish->label_column) : 1;
    return documents_pick(&unused, wish->labelled ? label : 0,
                          texts->count ? wish_number(texts->given[0]) : 0, way_out, error);
}

static bool check_columns(const struct wish *wish, const char *way_out, struct error *error)
{
    const struct wish_texts *texts = &wish->text_columns;
    if (!check_column("--label-column", wish->label_column, error) ||
        !check_column("--keep", wish->keep, error))
        return false;
    for (unsigned i = 0; i < texts->count; i++) {
        if (!check_column("--text-column", texts->given[i], error))
            return false;
        if (wish->label_column && is_name(texts->given[i]) &&
            strcmp(wish->label_column, texts->given[i]) == 0)
            return error_set(error, STATUS_USAGE, "column '%s' can't be both label and text: %s",
                             wish->label_column, way_out);
    }
    return wish_has_names(wish) || texts->count > 1 || check_numbers(wish, way_out, error);
}

/* ---- settling ---- */

/* Several names as one, with commas between; of one, itself. */
static const char *join_names(const struct wish_texts *texts, char **memory)
{
    size_t size = 1;
    for (unsigned i = 0; i < texts->count; i++)
        size += strlen(texts->given[i]) + 1;
    char *joined = *memory = malloc(size);
    for (unsigned i = 0; joined && i < texts->count; i++)
        joined += sprintf(joined, "%s%s", i ? "," : "", texts->given[i]);
    return *memory;
}

/* What the lineage notes: numbers as ever, the first column not at all. */
static bool note_columns(struct wish *wish, struct error *error)
{
    const struct wish_texts *texts = &wish->text_columns;
    uint64_t label = wish_number(wish->label_column);
    wish->label_number = label > 1 ? label : 0;
    wish->label_name = is_name(wish->label_column) ? wish->label_column : NULL;
    wish->text_number = texts->count == 1 ? wish_number(texts->given[0]) : 0;
    if (texts->count && !wish->text_number)
        wish->text_names = join_names(texts, &wish->memory);
    if (wish->text_keys.count)
        wish->text_key_names = join_names(&wish->text_keys, &wish->key_memory);
    return ((!texts->count || wish->text_number || wish->text_names) &&
            (!wish->text_keys.count || wish->text_key_names)) ||
           error_memory(error, "reading options");
}

static bool parse_keys(struct wish *wish, struct error *error)
{
    struct wish_texts *keys = &wish->text_keys;
    const char *only[] = {"text"};
    unsigned count = keys->count ? keys->count : 1, at = 0;
    if (wish->labelled &&
        !member_path_parse(wish->label_key ? wish->label_key : "label", &wish->paths[at++], error))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!member_path_parse(keys->count ? keys->given[i] : only[0], &wish->paths[at++], error))
            return false;
    return !wish->keep || wish_keeps_line(wish) ||
           member_path_parse(wish->keep, &wish->paths[at], error);
}

static bool parse_delimiter(struct wish *wish, struct error *error)
{
    const char *given = wish->delimiter;
    if (!given)
        return true;
    bool tab = strcmp(given, "tab") == 0 || strcmp(given, "TAB") == 0 || strcmp(given, "\\t") == 0;
    wish->separator = tab ? '\t' : given[0];
    if (tab)
        wish->delimiter = "tab";
    return (tab || (given[0] && !given[1] && (unsigned char)given[0] < 0x80 &&
                    !strchr("\"\r\n", given[0]))) ||
           error_set(error, STATUS_USAGE,
                     "--delimiter '%s': give one character, such as ';', or tab", given);
}

static bool has_keys(const struct wish *wish)
{
    return wish->label_key || wish->text_keys.count;
}

static bool has_columns(const struct wish *wish)
{
    return wish->label_column || wish->text_columns.count;
}

static bool is_table(const struct wish *wish)
{
    return wish->delimiter || wish->header || wish->no_header || wish_has_names(wish);
}

bool wish_is_given(const struct wish *wish)
{
    return has_columns(wish) || has_keys(wish) || is_table(wish) || wish->from != FROM_AUTO ||
           wish->skips;
}

static bool check_together(const struct wish *wish, struct error *error)
{
    if (wish->header && wish->no_header)
        return error_set(error, STATUS_USAGE, "--header and --no-header exclude each other");
    if (wish->no_header && (wish_has_names(wish) || wish_keeps_name(wish)))
        return error_set(error, STATUS_USAGE,
                         "--no-header: columns have no names: give their numbers");
    if (has_keys(wish) && (has_columns(wish) || is_table(wish)))
        return error_set(error, STATUS_USAGE,
                         "keys are for JSON, columns for tables: give one or the other");
    if (wish->from == FROM_JSON && (has_columns(wish) || is_table(wish)))
        return error_set(error, STATUS_USAGE,
                         "--from json has no columns: give --label-key and --text-key");
    if ((wish->from == FROM_TSV || wish->from == FROM_CSV || wish->from == FROM_LINES) &&
        has_keys(wish))
        return error_set(error, STATUS_USAGE, "keys are for --from json: give columns");
    if (wish->from == FROM_LINES && is_table(wish))
        return error_set(error, STATUS_USAGE,
                         "--from lines has no header and only TABs: try --from tsv or csv");
    if (wish->from == FROM_TSV && wish->delimiter && wish->separator != '\t')
        return error_set(error, STATUS_USAGE, "--from tsv is separated by TABs: try --from csv");
    return true;
}

bool wish_settle(struct wish *wish, const char *way_out, struct error *error)
{
    return parse_delimiter(wish, error) && check_together(wish, error) &&
           check_columns(wish, way_out, error) && note_columns(wish, error) &&
           parse_keys(wish, error);
}

void wish_free(struct wish *wish)
{
    for (int i = 0; i < MEMBERS_MOST; i++)
        member_path_free(&wish->paths[i]);
    free(wish->memory);
    free(wish->key_memory);
}

/* ---- the form of a file ---- */

static enum wish_from form_by_name(const char *path)
{
    static const struct {
        const char *ending;
        enum wish_from from;
    } endings[] = {
        {".csv", FROM_CSV}, {".json", FROM_JSON}, {".jsonl", FROM_JSON}, {".ndjson", FROM_JSON}};
    for (size_t i = 0; path && i < sizeof endings / sizeof *endings; i++)
        if (path_ends_with(path, endings[i].ending))
            return endings[i].from;
    return FROM_AUTO;
}

bool wish_form(const struct wish *wish, const char *path, enum wish_from *from, struct error *error)
{
    enum wish_from named = form_by_name(path);
    *from = (enum wish_from)wish->from;
    if (*from != FROM_AUTO)
        return true;
    if (has_keys(wish))
        *from = FROM_JSON;
    else if (named == FROM_JSON && (has_columns(wish) || is_table(wish)))
        return error_set(error, STATUS_USAGE,
                         "%s: is JSON by its name: give --label-key and --text-key, or --from",
                         path);
    else if (named != FROM_AUTO)
        *from = named;
    else if (!is_table(wish) && !wish_keeps_name(wish))
        *from = FROM_LINES;
    return true;
}

void wish_note(struct wish *wish, const char *form)
{
    bool same = wish->noted_forms && strcmp(wish->noted_forms, form) == 0;
    wish->noted_forms = !wish->noted_forms || same ? form : "several";
    wish->noted_from = strcmp(wish->noted_forms, "lines") == 0 ? NULL : wish->noted_forms;
}

/* ---- the beginning of a file ---- */

static void begin_lines(const struct wish *wish, struct form *form)
{
    unsigned text = (unsigned)wish->text_number;
    unsigned label = (unsigned)wish_number(wish->label_column);
    bool first = wish->labelled ? !label : wish->passes && !text;
    int keep = wish_keeps_line(wish) ? DOCUMENTS_LINE : (int)wish_number(wish->keep);
    *form = (struct form){.kind = FORM_LINES,
                          .labelled = wish->labelled,
                          .columns = {first ? 1 : label, text, wish->rewrites ? 0 : keep,
                                      wish->passes, wish->unlabelled},
                          .kept = wish->rewrites ? FORMS_RECORD : 0,
                          .rewritten = wish->rewrites};
}

static void begin_json(const struct wish *wish, struct form *form)
{
    *form = (struct form){.kind = FORM_JSON,
                          .labelled = wish->labelled,
                          .paths = wish->paths,
                          .kept = wish_keeps_line(wish) ? FORMS_RECORD : wish->keep != NULL,
                          .rewritten = wish->rewrites,
                          .text_count = wish->text_keys.count ? wish->text_keys.count : 1};
}

/* A table, behind the line that says what separates its fields where there is one. */
static enum wish_next begin_table(const struct wish *wish, enum wish_from from,
                                  const struct wish_head *head, struct wish_start *start,
                                  struct error *error)
{
    struct wish_head rest = *head;
    struct wish said = *wish;
    char separator = '\0';
    bool spreadsheet = from == FROM_AUTO || from == FROM_CSV;
    size_t passed = spreadsheet ? table_separator_line(head->bytes, head->size, &separator) : 0;
    if (passed && !wish->delimiter) {
        said.separator = separator;
        said.delimiter = "sep";
    }
    rest.bytes += passed;
    rest.size -= passed;
    enum wish_next next = wish_begin_table(&said, from, &rest, start, error);
    start->header = passed;
    start->skipped += passed;
    start->lines += passed != 0;
    return next;
}

enum wish_next wish_begin(const struct wish *wish, enum wish_from from,
                          const struct wish_head *head, struct wish_start *start,
                          struct error *error)
{
    *start = (struct wish_start){.skipped = 0};
    bool several = wish->text_columns.count > 1;
    if (from == FROM_JSON)
        begin_json(wish, &start->form);
    else if (from == FROM_LINES && !several)
        begin_lines(wish, &start->form);
    else
        return begin_table(wish, from, head, start, error);
    return WISH_DONE;
}
