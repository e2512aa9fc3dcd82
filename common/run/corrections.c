/* Lines come as the other lists of words do, so that they may be packed as well. */
#include "run/corrections.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "input/texts.h"

#include <stdlib.h>

struct reading {
    struct corrections *corrections;
    const struct kept *kept;
    struct words shown; /* the labels of the documents, as buffer_name spells them, */
    uint32_t *label_at; /* and a document that has it */
    size_t label_capacity;
    struct buffer spelled;
    const char *name;
    uint64_t line;
};

static bool wrong(const struct reading *reading, struct error *error, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: %s", reading->name,
                     (unsigned long long)reading->line, what);
}

static struct text spell(struct reading *reading, struct text label)
{
    reading->spelled.size = 0;
    buffer_name(&reading->spelled, label);
    return (struct text){reading->spelled.bytes, reading->spelled.size};
}

static bool list_labels(struct reading *reading)
{
    const struct kept *kept = reading->kept;
    for (uint32_t i = 0; i < kept->count; i++) {
        bool added;
        uint32_t number = words_add(&reading->shown, spell(reading, kept->rows[i].label), &added);
        if (number == WORDS_NONE || reading->spelled.out_of_memory ||
            !memory_reserve(&reading->label_at, &reading->label_capacity, (size_t)number + 1,
                            sizeof *reading->label_at))
            return false;
        if (added)
            reading->label_at[number] = i;
    }
    return true;
}

/* The document's number from 0; SIZE_MAX: it is none. */
static size_t number_of(struct text field, size_t documents)
{
    size_t number = 0;
    for (size_t i = 0; i < field.size; i++) {
        unsigned digit = (unsigned)(field.data[i] - '0');
        if (digit > 9 || number > documents)
            return SIZE_MAX;
        number = number * 10 + digit;
    }
    return number && number <= documents ? number - 1 : SIZE_MAX;
}

static bool take_line(struct reading *reading, struct text line, struct error *error)
{
    struct corrections *corrections = reading->corrections;
    const struct kept *kept = reading->kept;
    line = text_line(line);
    struct text number = text_cut(&line, '\t');
    size_t document = number_of(number, kept->count);
    struct text old = text_cut(&line, '\t'), label = text_cut(&line, '\t');
    if (document == SIZE_MAX && number_of(number, SIZE_MAX - 1) != SIZE_MAX)
        return wrong(reading, error, "the texts have no document of that number");
    if (document == SIZE_MAX)
        return wrong(reading, error,
                     "no number of a document: expected document, label and new "
                     "label, separated by TABs");
    if (!text_equal(spell(reading, kept->rows[document].label), old))
        return wrong(reading, error, "the document has another label: are these its texts?");
    if (!label.size)
        return wrong(reading, error, "no new label");
    if (!utf8_valid(label.data, label.size))
        return wrong(reading, error, "the new label is not valid UTF-8");
    uint32_t known = words_find(&reading->shown, label);
    if (known != WORDS_NONE)
        label = kept->rows[reading->label_at[known]].label;
    corrections->label_of[document] = words_add(&corrections->labels, label, NULL);
    return corrections->label_of[document] != WORDS_NONE ||
           error_memory(error, "correcting labels");
}

static bool take_chunk(struct reading *reading, const struct texts_chunk *chunk,
                       struct error *error)
{
    const char *at = chunk->bytes, *end = at + chunk->size;
    reading->line = chunk->line;
    for (; at < end; reading->line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct text line = {at, (size_t)((stop ? stop : end) - at)};
        if (line.size && !take_line(reading, line, error))
            return false;
        at = stop ? stop + 1 : end;
    }
    return true;
}

static bool take_all(struct reading *reading, const char *path, struct error *error)
{
    char *paths[] = {(char *)path};
    struct texts *texts = texts_open(paths, 1, &texts_documents, error);
    struct texts_chunk chunk = {0};
    bool done = texts != NULL;
    while (done && (done = texts_read(texts, SIZE_MAX, &chunk, error)) && chunk.size) {
        reading->name = chunk.name;
        done = take_chunk(reading, &chunk, error);
    }
    texts_chunk_free(&chunk);
    texts_close(texts);
    return done;
}

bool corrections_read(struct corrections *corrections, const char *path, const struct kept *kept,
                      struct error *error)
{
    struct reading reading = {.corrections = corrections, .kept = kept};
    corrections->label_of = memory_array(kept->count + 1, sizeof *corrections->label_of);
    for (size_t i = 0; corrections->label_of && i < kept->count; i++)
        corrections->label_of[i] = WORDS_NONE;
    bool done = (corrections->label_of && list_labels(&reading)) ||
                error_memory(error, "correcting labels");
    done = done && take_all(&reading, path, error);
    for (size_t i = 0; done && i < kept->count; i++)
        corrections->changed +=
            !text_equal(corrections_label(corrections, kept, i), kept->rows[i].label);
    words_free(&reading.shown);
    free(reading.label_at);
    buffer_free(&reading.spelled);
    return done;
}

struct text corrections_label(const struct corrections *corrections, const struct kept *kept,
                              size_t document)
{
    uint32_t label = corrections->label_of[document];
    return label == WORDS_NONE ? kept->rows[document].label
                               : words_text(&corrections->labels, label);
}

void corrections_free(struct corrections *corrections)
{
    free(corrections->label_of);
    words_free(&corrections->labels);
    *corrections = (struct corrections){0};
}
