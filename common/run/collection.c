/*
 * Each file's form is found by the thread that reads, and handed on with its chunks, which others
 * work on when the next file is open already; so forms are kept until all is done.
 */
#include "run/collection.h"

#include "base/path.h"
#include "base/place.h"
#include "base/report.h"
#include "run/path_twice.h"
#include "text/doubt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD_SIZE = 256, LONGEST_FIRST = 1024 };

struct kept_form {
    struct kept_form *before;
    struct wish_start start;
    bool marked;        /* the file begins with a byte order mark */
    struct text header; /* owned; of a table that has one */
    struct text first;  /* owned; of one that has none by options: its first line, if it is short */
};

struct collection {
    struct collection_settings *settings;
    const char *first; /* of the paths; borrowed */
    struct texts_rules rules;
    struct texts *texts;
    struct table_ways ways;  /* of the file that is opened */
    struct kept_form *forms; /* the last one first */
    struct form files;       /* of folders */
    struct output *defects;  /* NULL: not wanted */
    char told[TOLD_SIZE];
    char doubted[DOUBT_SIZE];
};

/* ---- telling ---- */

static void tell_table(struct collection *collection, const char *name,
                       const struct wish_start *start)
{
    const struct form *form = &start->form;
    char separator = form->rule.separator, columns[160] = "";
    size_t used = 0;
    if (form->labelled)
        used = (size_t)snprintf(columns, sizeof columns, "label %u, ", form->label);
    used += (size_t)snprintf(columns + used, sizeof columns - used, "text %u", form->texts[0]);
    for (unsigned i = 1; i < form->text_count; i++)
        used += (size_t)snprintf(columns + used, sizeof columns - used, "+%u", form->texts[i]);
    snprintf(collection->told, sizeof collection->told,
             "%s: a table of %u %s, separated by %s%c%s, %s header: %s", name, form->width,
             report_noun(form->width, "column", "columns"), separator == '\t' ? "TAB" : "'",
             separator == '\t' ? 's' : separator, separator == '\t' ? "" : "'",
             start->skipped ? "with a" : "without", columns);
}

static void tell_form(struct collection *collection, const char *name,
                      const struct wish_start *start)
{
    if (collection->told[0])
        return;
    if (start->form.kind == FORM_TABLE && start->form.width != UINT32_MAX)
        tell_table(collection, name, start);
    else if (start->form.kind == FORM_JSON)
        snprintf(collection->told, sizeof collection->told, "%s: lines of JSON", name);
}

const char *collection_told(const struct collection *collection)
{
    return collection->told[0] ? collection->told : NULL;
}

const char *collection_doubted(const struct collection *collection)
{
    return collection->doubted[0] ? collection->doubted : NULL;
}

/* ---- forms ---- */

static bool keep_header(struct kept_form *kept, const char *bytes, struct error *error)
{
    char *header = malloc(kept->start.skipped);
    if (!header)
        return error_memory(error, "opening a file");
    memcpy(header, bytes, kept->start.skipped);
    kept->header = (struct text){header, kept->start.skipped};
    size_t size = kept->start.skipped;
    while (size && (header[size - 1] == '\n' || header[size - 1] == '\r'))
        size--;
    if (size > kept->start.header)
        kept->start.form.header =
            (struct text){header + kept->start.header, size - kept->start.header};
    return true;
}

/* The first line of a table whose options say that it is no header, to be held to the next one's.
 */
static bool keep_first(struct kept_form *kept, const struct texts_head *head, struct error *error)
{
    struct text rest = {head->bytes, head->size}, line = text_line(text_cut(&rest, '\n'));
    if (line.size > LONGEST_FIRST)
        return true;
    char *first = malloc(line.size + 1);
    if (!first)
        return error_memory(error, "opening a file");
    memcpy(first, line.data, line.size);
    kept->first.data = first;
    kept->first.size = line.size;
    return true;
}

static void doubt_tables(struct collection *collection, const struct kept_form *kept,
                         const char *name)
{
    const struct kept_form *before = kept->before;
    if (!before || collection->doubted[0])
        return;
    doubt_header(&before->start.form, &kept->start.form, name, collection->doubted);
    if (before->first.size && kept->first.size)
        doubt_first(&before->start.form, before->first, &kept->start.form, kept->first, name,
                    collection->doubted);
}

static const struct kept_form *find_form(const struct collection *collection,
                                         const struct form *form)
{
    const struct kept_form *kept = collection->forms;
    while (kept && &kept->start.form != form)
        kept = kept->before;
    return kept;
}

struct text collection_header(const struct collection *collection, const struct form *form)
{
    const struct kept_form *kept = find_form(collection, form);
    return kept ? kept->header : (struct text){NULL, 0};
}

bool collection_marked(const struct collection *collection, const struct form *form)
{
    const struct kept_form *kept = find_form(collection, form);
    return kept && kept->marked;
}

static enum texts_begun begin_file(void *context, const struct texts_head *head,
                                   struct texts_start *start, struct error *error)
{
    struct collection *collection = context;
    const struct wish *wish = &collection->settings->wish;
    if (!head->again)
        collection->ways = (struct table_ways){.count = 0};
    const struct wish_head first = {head->name, head->bytes, head->size,       head->whole,
                                    head->last, head->waits, &collection->ways};
    struct wish_start found;
    enum wish_from from;
    const char *path = path_is_standard(head->path) ? NULL : head->path;
    if (!wish_form(wish, path, &from, error))
        return TEXTS_FAILED;
    enum wish_next next = wish_begin(wish, from, &first, &found, error);
    if (next != WISH_DONE)
        return next == WISH_MORE ? TEXTS_MORE : TEXTS_FAILED;
    if (found.form.kind == FORM_LINES && !collection->doubted[0] &&
        !doubt_lines(wish, &found.form, &first, collection->doubted))
        return TEXTS_MORE;
    struct kept_form *kept = malloc(sizeof *kept);
    if (!kept) {
        error_memory(error, "opening a file");
        return TEXTS_FAILED;
    }
    *kept = (struct kept_form){.before = collection->forms, .start = found, .marked = head->marked};
    kept->start.form.skips = wish->skips;
    collection->forms = kept;
    if ((found.skipped && !keep_header(kept, head->bytes, error)) ||
        (wish->no_header && !keep_first(kept, head, error)))
        return TEXTS_FAILED;
    if (found.named && !collection->doubted[0])
        snprintf(collection->doubted, DOUBT_SIZE,
                 "%s:1: the first record is read as a document: if it names columns, say --header, "
                 "else --no-header",
                 head->name);
    doubt_tables(collection, kept, head->name);
    tell_form(collection, head->name, &found);
    *start = (struct texts_start){.skipped = found.skipped,
                                  .lines = found.lines,
                                  .rule = found.form.rule.behind ? &kept->start.form.rule : NULL,
                                  .form = &kept->start.form};
    return TEXTS_BEGUN;
}

/* ---- opening ---- */

/* Columns and keys are of tables and JSON; in a folder each file is a document as it is. */
static bool check_folders(const struct collection *collection, char *const *paths, size_t count,
                          struct error *error)
{
    const struct wish *wish = &collection->settings->wish;
    bool chosen = wish->label_column || wish->text_columns.count || wish->label_key ||
                  wish->text_keys.count || wish->from > FROM_LINES;
    for (size_t i = 0; i < count; i++)
        if (!texts_is_folder(collection->texts, i))
            return true;
    return !chosen || error_set(error, STATUS_USAGE,
                                "%s: is a folder, of which each file is a document, with no "
                                "columns or members: name the files that have them",
                                paths[0]);
}

static void warn_of_paths(const struct collection *collection, char *const *paths, size_t count,
                          const struct common *common)
{
    if (report_told())
        return;
    const char *twice = path_twice((const char *const *)paths, count);
    if (twice)
        report_warning(common, "%s is named twice, and its documents count twice", twice);
    for (size_t i = 0; collection->settings->wish.labelled && i < count; i++)
        if (texts_are_splits(collection->texts, i))
            report_warning(common,
                           "%s: its labels are names such as 'train' and 'test': name the folder "
                           "of one of them",
                           paths[i]);
}

static bool note_forms(struct collection *collection, char *const *paths, size_t count,
                       struct error *error)
{
    struct wish *wish = &collection->settings->wish;
    for (size_t i = 0; i < count; i++) {
        enum wish_from from = FROM_LINES;
        bool is_folder = texts_is_folder(collection->texts, i);
        const char *path = path_is_standard(paths[i]) ? NULL : paths[i];
        if (!is_folder && !wish_form(wish, path, &from, error))
            return false;
        if (is_folder && wish->keep && !wish_keeps_line(wish))
            return error_set(error, STATUS_USAGE,
                             "%s: is a folder: --keep line keeps the paths of its files", paths[i]);
        const char *form = from == FROM_AUTO ? "table" : wish_forms[from];
        wish_note(wish, is_folder ? "files" : form);
    }
    return true;
}

static bool open_defects(struct collection *collection, const struct common *common,
                         struct error *error)
{
    struct common place = *common;
    place.output = collection->settings->defects;
    if (!place.output)
        return true;
    if (path_is_standard(place.output) && path_is_standard(common->output))
        return error_set(error, STATUS_USAGE,
                         "standard output can't be both result and defects: name a file");
    if (place_same(place.output, common->output))
        return error_set(error, STATUS_USAGE, "result and defects can't both go to %s",
                         place.output);
    collection->defects = output_open(&place, OUTPUT_TEXT, error);
    return collection->defects;
}

bool collection_spares(const struct texts *texts, const struct common *common, struct error *error)
{
    struct stat status;
    for (size_t i = 0; i < common->output_count; i++) {
        const char *document =
            place_file(common->outputs[i], &status) ? texts_document(texts, &status) : NULL;
        if (document)
            return error_set(error, STATUS_USAGE,
                             "%s: is read, and can't be what is written as well: name another file",
                             document);
    }
    return true;
}

static bool open_all(struct collection *collection, char *const *paths, size_t count,
                     const char *way_out, const struct common *common, struct error *error)
{
    struct wish *wish = &collection->settings->wish;
    if (!wish_settle(wish, way_out, error))
        return false;
    collection->files = (struct form){
        .kind = FORM_FILES, .labelled = wish->labelled, .kept = wish->keep ? FORMS_RECORD : 0};
    collection->rules = (struct texts_rules){.begin = begin_file,
                                             .context = collection,
                                             .labelled = wish->labelled,
                                             .files_form = &collection->files};
    collection->texts = texts_open_documents(paths, count, &collection->rules, error);
    if (!collection->texts || !check_folders(collection, paths, count, error) ||
        !note_forms(collection, paths, count, error) ||
        !collection_spares(collection->texts, common, error) ||
        !open_defects(collection, common, error))
        return false;
    warn_of_paths(collection, paths, count, common);
    return true;
}

struct collection *collection_open(struct collection_settings *settings, char *const *paths,
                                   size_t count, const char *way_out, const struct common *common,
                                   struct error *error)
{
    struct collection *collection = calloc(1, sizeof *collection);
    if (!collection) {
        error_memory(error, "opening documents");
        return NULL;
    }
    collection->settings = settings;
    collection->first = count ? paths[0] : "-";
    if (open_all(collection, paths, count, way_out, common, error))
        return collection;
    collection_close(collection);
    return NULL;
}

bool collection_check_any(const struct collection *collection, uint64_t count,
                          const struct repairs *repairs, struct error *error)
{
    const char *name = path_called(collection->first);
    if (!count && repairs->counts[REPAIR_REFUSED])
        return error_set(error, STATUS_INPUT, "no document can be read; the first: %s",
                         repairs->refused);
    return count || error_set(error, STATUS_INPUT, "%s: is empty: there are no documents", name);
}

void collection_rest(struct collection *collection)
{
    texts_close(collection->texts);
    collection->texts = NULL;
    while (collection->forms) {
        struct kept_form *form = collection->forms;
        collection->forms = form->before;
        free((char *)form->header.data);
        free((char *)form->first.data);
        free(form);
    }
}

void collection_close(struct collection *collection)
{
    if (!collection)
        return;
    output_discard(collection->defects);
    collection_rest(collection);
    wish_free(&collection->settings->wish);
    free(collection);
}

/* ---- reading ---- */

bool collection_read(struct collection *collection, size_t most_rows, struct texts_chunk *chunk,
                     struct error *error)
{
    return texts_read(collection->texts, most_rows, chunk, error);
}

enum pipeline_read collection_chunk(struct collection *collection, size_t most_rows,
                                    struct texts_chunk *chunk, struct error *error)
{
    if (!collection_read(collection, most_rows, chunk, error))
        return PIPELINE_FAILED;
    return chunk->rows ? PIPELINE_BATCH : PIPELINE_END;
}

struct forms_cursor collection_cursor(const struct collection *collection,
                                      const struct texts_chunk *chunk, struct repairs_list *list)
{
    struct forms_cursor cursor =
        forms_cursor(chunk->form, chunk->bytes, chunk->size, chunk->name, chunk->line);
    cursor.files = chunk->files;
    cursor.file_count = chunk->files ? chunk->rows : 0;
    list->count = 0;
    cursor.at.list = collection->defects ? list : NULL;
    return cursor;
}

/* A name in one field: what would break a line of the list is shown as `?`, as in messages. */
static bool print_name(struct output *output, const char *name, struct error *error)
{
    for (; *name; name++) {
        char byte = (unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name;
        if (!output_write(output, &byte, 1, error))
            return false;
    }
    return true;
}

bool collection_note(struct collection *collection, const struct repairs_list *list,
                     struct error *error)
{
    for (size_t i = 0; collection->defects && i < list->count; i++) {
        const struct repairs_item *item = &list->items[i];
        if (!print_name(collection->defects, item->name, error) ||
            !output_print(collection->defects, error, "\t%llu\t%s\t%s\n",
                          (unsigned long long)item->line, repair_reason(item->repair),
                          repair_action(item->repair)))
            return false;
    }
    return true;
}

bool collection_commit(struct collection *collection, struct error *error)
{
    struct output *defects = collection->defects;
    collection->defects = NULL;
    return !defects || output_commit(defects, error);
}

struct texts *collection_texts(const struct collection *collection)
{
    return collection->texts;
}

struct digest collection_digest(const struct collection *collection)
{
    return texts_digest(collection->texts);
}
