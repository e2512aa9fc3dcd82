/*
 * Lines are cut from what was read so far; a line is kept whole, so memory goes by the longest.
 *
 * Text has no end record. What a writer that failed leaves behind may end amid a line, and that is
 * noticed; an end between two lines looks like the right one.
 */
#include "run/evaluate_text.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/report.h"
#include "base/utf8.h"
#include "vectors/number.h"

#include <stdlib.h>
#include <string.h>

enum { READ_SIZE = 64 * 1024, MOST_QUOTED = 60 };

#define BESIDE                                                                                     \
    "where sets (--coverage), or what is kept (--keep), stand beside the answers, "                \
    "rf-eval reads a stream: rf-predict --format mp"

struct reading {
    struct stream_reader *reader;
    struct answers *answers;
    char *bytes; /* bytes[from .. to-1] are not cut into lines yet */
    size_t from, to, capacity;
    unsigned long long line; /* the number of the last one */
    struct text *fields;     /* of the line */
    size_t field_count, field_capacity;
    size_t expected; /* fields of each line; 0: not known yet */
    float *proba;    /* of a row; NULL: the text has none */
    bool beside;     /* the first line may have more than classes: see is_beside */
};

/* "name:line: what"; status INPUT. */
static bool wrong(const struct reading *reading, struct error *error, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: %s", stream_name(reading->reader),
                     reading->line, what);
}

/* The same, of one field, which is quoted, up to a whole character. */
static bool wrong_field(const struct reading *reading, struct text field, struct error *error,
                        const char *what)
{
    struct buffer text = {0};
    bool whole = field.size <= MOST_QUOTED;
    if (!whole)
        field.size = MOST_QUOTED;
    while (!whole && !utf8_valid(field.data, field.size))
        field.size--;
    buffer_byte(&text, '\'');
    buffer_name(&text, field);
    buffer_print(&text, "%s' %s", whole ? "" : "...", what);
    buffer_byte(&text, '\0');
    if (buffer_check(&text, error))
        wrong(reading, error, text.bytes);
    buffer_free(&text);
    return false;
}

/* ---- lines ---- */

/* Reads more behind what is there; `*got` is 0 at the end. */
static bool read_more(struct reading *reading, size_t *got, struct error *error)
{
    if (reading->from) {
        memmove(reading->bytes, reading->bytes + reading->from, reading->to - reading->from);
        reading->to -= reading->from;
        reading->from = 0;
    }
    if (!memory_reserve(&reading->bytes, &reading->capacity, reading->to + READ_SIZE, 1))
        return error_memory(error, "reading the predictions");
    if (!stream_read_bytes(reading->reader, reading->bytes + reading->to, READ_SIZE, got, error))
        return false;
    reading->to += *got;
    return true;
}

enum next { NEXT_LINE, NEXT_END, NEXT_FAILED };

static enum next next_line(struct reading *reading, struct text *line, struct error *error)
{
    size_t searched = 0, got = 1;
    for (;;) {
        char *start = reading->bytes + reading->from;
        size_t size = reading->to - reading->from;
        char *end = size > searched ? memchr(start + searched, '\n', size - searched) : NULL;
        if (end) {
            *line = (struct text){start, (size_t)(end - start)};
            reading->from += line->size + 1;
            reading->line++;
            return NEXT_LINE;
        }
        if (got == 0)
            break;
        searched = size;
        if (!read_more(reading, &got, error))
            return NEXT_FAILED;
    }
    if (reading->from == reading->to)
        return NEXT_END;
    error_set(error, STATUS_CUT, "%s:%llu: upstream ended early: the last line has no end",
              stream_name(reading->reader), reading->line + 1);
    return NEXT_FAILED;
}

static bool cut_fields(struct reading *reading, struct text line, struct error *error)
{
    line = text_line(line);
    if (!utf8_valid(line.data, line.size))
        return wrong(reading, error, "is not valid UTF-8");
    reading->field_count = 0;
    for (const char *at = line.data, *end = at + line.size; at <= end; reading->field_count++) {
        const char *tab = at < end ? memchr(at, '\t', (size_t)(end - at)) : NULL;
        if (!tab)
            tab = end;
        if (!memory_reserve(&reading->fields, &reading->field_capacity, reading->field_count + 1,
                            sizeof *reading->fields))
            return error_memory(error, "reading the predictions");
        reading->fields[reading->field_count] = (struct text){at, (size_t)(tab - at)};
        at = tab + 1;
    }
    return true;
}

/* ---- the first line ---- */

static bool is(struct text field, const char *name)
{
    return text_equal(field, text_of(name));
}

static bool take_classes(struct reading *reading, struct error *error)
{
    struct answers *answers = reading->answers;
    size_t count = reading->field_count - 2;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = answers_class(answers, reading->fields[i + 2]);
        if (number == WORDS_NONE)
            return error_memory(error, "reading the predictions");
        if (number != i)
            return wrong_field(reading, reading->fields[i + 2], error, "names two columns");
    }
    answers->classes_known = answers->proba = true;
    reading->proba = memory_array(count, sizeof *reading->proba);
    return reading->proba || error_memory(error, "reading the predictions");
}

static bool refuse_columns(const struct reading *reading, struct error *error)
{
    float number;
    const struct text *fields = reading->fields;
    if (is(fields[0], "predicted"))
        return wrong(reading, error,
                     "the rows have no labels to compare with: vectorize without --no-label");
    if (reading->field_count == 1)
        return wrong(reading, error,
                     "no TAB: expected a stream of predictions, or a label, a TAB and the "
                     "predicted label a line, as rf-predict writes them for labelled samples");
    if (number_parse(fields[2].data, fields[2].size, &number))
        return wrong(reading, error,
                     "more than a label and a predicted one: probabilities need the line before "
                     "them that names their classes: rf-predict without --header never");
    return wrong(reading, error, "more than a label and a predicted one: " BESIDE);
}

/* Sets and what is kept are columns too, but so they would be where classes are called that: which
   it is, the rows tell. */
static bool is_beside(const struct reading *reading)
{
    return reading->field_count > 2 &&
           (is(reading->fields[2], "set") || is(reading->fields[reading->field_count - 1], "kept"));
}

/* Whether the first line names the columns, which are taken then. */
static bool take_first(struct reading *reading, bool *heading, struct error *error)
{
    const struct text *fields = reading->fields;
    *heading = reading->field_count > 1 && is(fields[0], "label") && is(fields[1], "predicted");
    if (!*heading && reading->field_count != 2)
        return refuse_columns(reading, error);
    if (reading->field_count > 3 && is(fields[2], "top_1") && is(fields[3], "proba_1"))
        return wrong(reading, error,
                     "the probabilities of some classes are not enough: rf-predict with --proba in "
                     "place of --top, or with neither");
    reading->beside = is_beside(reading);
    reading->expected = reading->field_count;
    return reading->field_count == 2 || take_classes(reading, error);
}

/* ---- rows ---- */

static bool take_proba(struct reading *reading, struct error *error)
{
    size_t count = reading->expected - 2;
    for (size_t i = 0; i < count; i++) {
        struct text field = reading->fields[i + 2];
        if (!number_parse(field.data, field.size, &reading->proba[i]))
            return wrong_field(reading, field, error,
                               reading->beside ? "is no number: " BESIDE : "is no number");
    }
    const char *why = answers_check(reading->proba, count);
    return !why || wrong(reading, error, why);
}

/* ANSWERS_NO_CLASS, which is WORDS_NONE too, where there is no answer. */
static uint32_t take_class(struct answers *answers, struct text field)
{
    bool none = is(field, ANSWERS_NO_ANSWER) && words_find(&answers->classes, field) == WORDS_NONE;
    return none ? (uint32_t)ANSWERS_NO_CLASS : answers_class(answers, field);
}

static bool take_row(struct reading *reading, struct error *error)
{
    struct answers *answers = reading->answers;
    const struct text *fields = reading->fields;
    if (reading->field_count != reading->expected)
        return error_set(error, STATUS_INPUT, "%s:%llu: %zu %s, and the first line has %zu: %s",
                         stream_name(reading->reader), reading->line, reading->field_count,
                         report_noun(reading->field_count, "field", "fields"), reading->expected,
                         reading->beside ? BESIDE : "the lines are not of one run of rf-predict");
    size_t known = answers->classes.count;
    uint32_t class = take_class(answers, fields[1]);
    if (class == WORDS_NONE && !is(fields[1], ANSWERS_NO_ANSWER))
        return error_memory(error, "reading the predictions");
    if (answers->classes_known && class == known)
        return wrong_field(reading, fields[1], error,
                           reading->beside
                               ? "is predicted, but the first line does not name it: " BESIDE
                               : "is predicted, but the first line does not name it");
    if (reading->proba && !take_proba(reading, error))
        return false;
    return answers_row(answers, fields[0], class, reading->proba) ||
           error_memory(error, "counting the rows");
}

static bool take_line(struct reading *reading, struct text line, struct error *error)
{
    bool heading = false;
    if (!cut_fields(reading, line, error))
        return false;
    if (!reading->expected && !take_first(reading, &heading, error))
        return false;
    return heading || take_row(reading, error);
}

/* Whether what was read of the first line can be text. */
static bool begins_as_text(const struct reading *reading)
{
    enum { LONGEST = 4 }; /* of a character, whose end may not have been read yet */
    const char *start = reading->bytes + reading->from;
    size_t size = reading->to - reading->from;
    const char *end = memchr(start, '\n', size);
    if (end)
        size = (size_t)(end - start);
    if (memchr(start, '\0', size))
        return false;
    for (size_t at = 0, step; at < size; at += step) {
        step = utf8_sequence(start + at, size - at);
        if (!step)
            return !end && size - at < LONGEST;
    }
    return true;
}

/* What begins as other kinds of file do is called by its name; a byte order mark is passed over. */
static bool look_at_start(struct reading *reading, struct error *error)
{
    size_t got = 1;
    while (got && reading->to < 4)
        if (!read_more(reading, &got, error))
            return false;
    const char *name = stream_name(reading->reader);
    if (reading->to >= 2 && memcmp(reading->bytes, "\x1f\x8b", 2) == 0)
        return error_set(error, STATUS_INPUT, "%s: is gzip data: gzip -dc into a pipe", name);
    if (reading->to >= 4 && memcmp(reading->bytes, "PK\x03\x04", 4) == 0)
        return error_set(error, STATUS_INPUT, "%s: is a zip: unzip -p into a pipe", name);
    if (reading->to >= 2 &&
        (memcmp(reading->bytes, "\xff\xfe", 2) == 0 || memcmp(reading->bytes, "\xfe\xff", 2) == 0))
        return error_set(error, STATUS_INPUT, "%s: is UTF-16: turn it into UTF-8", name);
    if (reading->to >= 3 && memcmp(reading->bytes, "\xef\xbb\xbf", 3) == 0)
        reading->from = 3;
    if (begins_as_text(reading))
        return true;
    if (!memchr(reading->bytes + reading->from, '\0', reading->to - reading->from))
        return error_set(error, STATUS_INPUT,
                         "%s:1: is no text in UTF-8: turn it into that, with iconv -f LATIN1 -t "
                         "UTF-8 or what it is in",
                         name);
    return error_set(error, STATUS_INPUT,
                     "%s: byte 0: not a glovepipe stream, and no text: expected what rf-predict "
                     "writes",
                     name);
}

bool evaluate_text(struct stream_reader *reader, struct answers *answers, struct error *error)
{
    struct reading reading = {.reader = reader, .answers = answers};
    struct text line;
    enum next next = NEXT_FAILED;
    if (look_at_start(&reading, error))
        while ((next = next_line(&reading, &line, error)) == NEXT_LINE)
            if (!take_line(&reading, line, error)) {
                next = NEXT_FAILED;
                break;
            }
    free(reading.bytes);
    free(reading.fields);
    free(reading.proba);
    return next == NEXT_END;
}
