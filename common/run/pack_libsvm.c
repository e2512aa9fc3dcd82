/*
 * How many features there are, and whether they are counted from 0 or 1, the last row may tell; so
 * all rows are held, by the numbers that are in them, and written then.
 */
#include "run/pack_rows.h"

#include "base/memory.h"
#include "input/texts.h"
#include "stream/stream.h"
#include "vectors/number.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint32_t index;
    float value;
};

struct row {
    size_t end; /* of its entries, among those of all */
    size_t label_end;
    uint64_t line;
};

struct run {
    const struct pack *pack;
    struct texts *texts;
    struct entry *entries;
    struct row *rows;
    char *labels;
    size_t entry_count, entry_capacity, row_count, row_capacity, label_size, label_capacity;
    uint32_t least, most; /* indices */
    const char *name;     /* of the file, and the line in hand */
    uint64_t line;
};

static bool refuse(const struct run *run, struct error *error, struct text token, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: '%.*s' %s", run->name,
                     (unsigned long long)run->line, token.size < 60 ? (int)token.size : 60,
                     token.data, what);
}

/* The next token of the line; false: there are no more. */
static bool next_token(const char **at, const char *end, struct text *token)
{
    while (*at < end && (**at == ' ' || **at == '\t' || **at == '\r'))
        ++*at;
    token->data = *at;
    while (*at < end && **at != ' ' && **at != '\t' && **at != '\r')
        ++*at;
    token->size = (size_t)(*at - token->data);
    return token->size > 0;
}

/* ---- a line ---- */

static bool parse_index(struct text token, size_t *digits, uint32_t *index)
{
    uint64_t number = 0;
    for (*digits = 0; *digits < token.size && *digits < 9; ++*digits) {
        char digit = token.data[*digits];
        if (digit < '0' || digit > '9')
            break;
        number = number * 10 + (uint64_t)(digit - '0');
    }
    *index = (uint32_t)number;
    return *digits && *digits < token.size && token.data[*digits] == ':';
}

static bool add_entry(struct run *run, struct text token, size_t row_begin, struct error *error)
{
    struct entry entry;
    size_t digits;
    if (token.size > 4 && memcmp(token.data, "qid:", 4) == 0)
        return refuse(run, error, token, "is of a ranking, which is not read: take it out");
    if (!parse_index(token, &digits, &entry.index))
        return refuse(run, error, token, "is no index:value");
    if (!number_parse(token.data + digits + 1, token.size - digits - 1, &entry.value))
        return refuse(run, error, token, "has no number behind the colon");
    if (entry.index > STREAM_MAX_DIM)
        return refuse(run, error, token, "is beyond 65,536 features, the most that samples have");
    if (run->entry_count > row_begin && run->entries[run->entry_count - 1].index >= entry.index)
        return refuse(run, error, token, "does not come behind a smaller index");
    if (!memory_reserve(&run->entries, &run->entry_capacity, run->entry_count + 1,
                        sizeof *run->entries))
        return error_memory(error, "reading libsvm's rows");
    run->least = entry.index < run->least ? entry.index : run->least;
    run->most = entry.index > run->most ? entry.index : run->most;
    run->entries[run->entry_count++] = entry;
    return true;
}

static bool add_label(struct run *run, struct text label, struct error *error)
{
    if (memchr(label.data, ':', label.size))
        return refuse(run, error, label, "stands where the label belongs");
    if (memchr(label.data, ',', label.size))
        return refuse(run, error, label, "are several labels: a sample has one");
    if (!memory_reserve(&run->labels, &run->label_capacity, run->label_size + label.size, 1))
        return error_memory(error, "reading libsvm's rows");
    memcpy(run->labels + run->label_size, label.data, label.size);
    run->label_size += label.size;
    return true;
}

/* A line without its '\n'. An empty one, or a comment, is no row. */
static bool add_line(struct run *run, const char *line, size_t size, struct error *error)
{
    const char *comment = memchr(line, '#', size), *end = comment ? comment : line + size;
    size_t begin = run->entry_count;
    struct text token;
    if (!next_token(&line, end, &token))
        return true;
    if (!add_label(run, token, error))
        return false;
    while (next_token(&line, end, &token))
        if (!add_entry(run, token, begin, error))
            return false;
    if (!memory_reserve(&run->rows, &run->row_capacity, run->row_count + 1, sizeof *run->rows))
        return error_memory(error, "reading libsvm's rows");
    run->rows[run->row_count++] = (struct row){run->entry_count, run->label_size, run->line};
    return true;
}

static bool add_chunk(struct run *run, const struct texts_chunk *chunk, struct error *error)
{
    const char *at = chunk->bytes, *end = at + chunk->size;
    run->name = chunk->name;
    for (size_t row = 0; row < chunk->rows; row++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((newline ? newline : end) - at);
        run->line = chunk->line + row;
        if (!add_line(run, at, size, error))
            return false;
        at += size + 1;
    }
    return true;
}

static bool read_rows(struct run *run, struct error *error)
{
    struct texts_chunk chunk = {0};
    bool good;
    do
        good = texts_read(run->texts, SIZE_MAX, &chunk, error) && add_chunk(run, &chunk, error);
    while (good && chunk.rows);
    texts_chunk_free(&chunk);
    return good;
}

/* ---- writing ---- */

static bool find_width(const struct run *run, uint32_t first, uint32_t *dim, struct text **features,
                       struct error *error)
{
    uint32_t there = run->entry_count ? run->most + 1 - first : 0;
    *dim = there;
    if (run->pack->like && !pack_read_like(run->pack, features, dim, error))
        return false;
    if (run->pack->dim)
        *dim = (uint32_t)run->pack->dim;
    if (there > *dim)
        return error_set(error, STATUS_INPUT, "%s: has %u features, which are more than %u",
                         run->name, (unsigned)there, (unsigned)*dim);
    return *dim || error_set(error, STATUS_INPUT, "%s: has no feature in any row",
                             run->name ? run->name : "the input");
}

static bool write_rows(const struct run *run, uint32_t first, struct pack_rows *rows,
                       struct error *error)
{
    size_t entry = 0, label = 0;
    for (size_t i = 0; i < run->row_count; i++) {
        const struct row *row = &run->rows[i];
        float *x = pack_rows_next(rows);
        memset(x, 0, rows->dim * sizeof *x);
        for (; entry < row->end; entry++)
            x[run->entries[entry].index - first] = run->entries[entry].value;
        struct text text = {run->labels + label, row->label_end - label};
        label = row->label_end;
        if (!pack_rows_add(rows, text, run->name, row->line, error))
            return false;
    }
    return true;
}

static bool write_all(struct run *run, struct output *output, struct pack_totals *totals,
                      struct error *error)
{
    uint32_t first = run->pack->first_index ? run->pack->first_index - 1u : run->least != 0, dim;
    struct text *features = NULL;
    struct pack_rows rows = {.pack = NULL};
    if (run->entry_count && run->least < first)
        return error_set(error, STATUS_INPUT, "%s: there is an index 0: give --first-index 0",
                         run->name);
    totals->counted_from_1 = run->entry_count && first && !run->pack->first_index;
    bool done = find_width(run, first, &dim, &features, error) &&
                pack_rows_begin(&rows, run->pack, dim, features, !run->pack->no_label, output,
                                totals, error) &&
                write_rows(run, first, &rows, error);
    free(features);
    totals->may_be_from_0 = totals->counted_from_1 && run->pack->like && done && run->most < dim;
    if (done)
        return pack_rows_end(&rows, texts_digest(run->texts), error);
    pack_rows_abandon(&rows);
    return false;
}

bool pack_libsvm(const struct pack *pack, struct output *output, struct pack_totals *totals,
                 struct error *error)
{
    char *paths[] = {(char *)(uintptr_t)(pack->path ? pack->path : "-")};
    struct run run = {.pack = pack, .least = UINT32_MAX};
    run.texts = texts_open(paths, 1, &texts_documents, error);
    bool done = run.texts && read_rows(&run, error) && write_all(&run, output, totals, error);
    texts_close(run.texts);
    free(run.entries);
    free(run.rows);
    free(run.labels);
    return done;
}
