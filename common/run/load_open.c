/*
 * What the first bytes are decides: numpy's and fastText's magic numbers, then text; and where that
 * has no shape, word2vec's header before bytes that no text has.
 */
#include "run/load_inner.h"

#include "base/report.h"
#include "input/npy.h"
#include "input/sniff.h"
#include "stream/stream.h"
#include "vectors/vector_fault.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONG_LINE = 64 * 1024, /* vectors of longer lines are read in large chunks */
    TOLD_BY = 4096,        /* bytes that tell text from what is none */
    LEAST_SHARE = 256      /* in text, fewer than one in so many bytes are control characters */
};

/* ---- text ---- */

static bool peek(struct load *load, size_t size, enum vector_shape_result *result,
                 struct error *error)
{
    struct chunks *chunks = &load->chunks;
    if (!chunks_peek(chunks, size, error))
        return false;
    *result = vector_shape_find(chunks->held, chunks->held_size, chunks->source_ended,
                                STREAM_MAX_DIM, &load->shape);
    return true;
}

/* No shape was found: the first line that has none shows why. */
static bool refuse_line(const struct load *load, enum vector_shape_result result,
                        struct error *error)
{
    const struct vector_shape *shape = &load->shape;
    const char *name = source_name(load->chunks.source);
    char fault[VECTOR_FAULT_SIZE] = "";
    if (shape->odd)
        vector_fault(shape->odd, shape->odd_size, fault);
    if (result == SHAPE_UNCERTAIN)
        return error_set(error, STATUS_INPUT,
                         "%s: no two lines have a word and the same number of values: line %llu: "
                         "%s",
                         name, (unsigned long long)shape->odd_line,
                         *fault ? fault : "it has another number of values");
    if (shape->odd)
        return error_set(error, STATUS_INPUT,
                         "%s: has no line of a word and its numbers: line %llu: %s", name,
                         (unsigned long long)shape->odd_line, fault);
    return error_set(error, STATUS_INPUT,
                     "%s: has no line of a word and its numbers: give a file of word vectors",
                     name);
}

/* Whether there are more control characters than stray ones in text: one in ten or twenty bytes of
   numbers is one. What ends lines or separates fields does not count, so that such text keeps its
   advice. */
static bool has_controls(const char *bytes, size_t size)
{
    size_t controls = 0;
    size = size < TOLD_BY ? size : TOLD_BY;
    for (size_t i = 0; i < size; i++)
        controls += (unsigned char)bytes[i] < ' ' && !memchr("\t\n\v\f\r", bytes[i], 5);
    return controls > size / LEAST_SHARE + 1;
}

/* What begins like word2vec's binary form, and can't be read as that. */
static bool is_odd_word2vec(const struct chunks *chunks)
{
    uint64_t count, dim;
    size_t size;
    return vector_shape_header(chunks->held, chunks->held_size, &count, &dim, &size) &&
           has_controls(chunks->held, chunks->held_size);
}

static bool refuse(const struct load *load, enum vector_shape_result result, struct error *error)
{
    const struct chunks *chunks = &load->chunks;
    const char *name = source_name(chunks->source);
    const char *what = sniff(chunks->held, chunks->held_size, result == SHAPE_FOUND);
    if (chunks->held_size == 0)
        return error_set(error, STATUS_INPUT, "%s: is empty: give a file of word vectors", name);
    if (result != SHAPE_FOUND && is_odd_word2vec(chunks))
        return error_set(error, STATUS_INPUT,
                         "%s: begins like word2vec's binary form, but no words and little-endian "
                         "32-bit numbers follow: fetch it again, in binary mode, or save it as "
                         "text",
                         name);
    if (what)
        return error_set(error, STATUS_INPUT, "%s: %s", name, what);
    if (result != SHAPE_FOUND && has_controls(chunks->held, chunks->held_size))
        return error_set(error, STATUS_INPUT,
                         "%s: is not text: word vectors are lines of a word and its numbers", name);
    if (result == SHAPE_NONE && !memchr(chunks->held, '\n', chunks->held_size) &&
        !chunks->source_ended)
        return error_set(error, STATUS_INPUT,
                         "%s:1: the line is longer than 2 MiB: is this a word and its numbers a "
                         "line?",
                         name);
    if (result == SHAPE_WIDE)
        return error_set(error, STATUS_INPUT, "%s: has vectors of %u dimensions: %d are the most",
                         name, (unsigned)load->shape.dim, STREAM_MAX_DIM);
    if (result == SHAPE_HEADER)
        return error_set(error, STATUS_INPUT,
                         "%s:1: the header says %llu %s, but none follows: did the download end "
                         "early?",
                         name, (unsigned long long)load->shape.count,
                         report_noun(load->shape.count, "vector", "vectors"));
    return result == SHAPE_FOUND || refuse_line(load, result, error);
}

/* ---- what is not text ---- */

/* Whether it is word2vec's binary form; fills the shape then. */
static bool find_word2vec(struct load *load)
{
    const struct chunks *chunks = &load->chunks;
    struct vector_shape *shape = &load->shape;
    uint64_t dim;
    *shape = (struct vector_shape){.has_header = true};
    if (!vector_shape_header(chunks->held, chunks->held_size, &shape->count, &dim,
                             &shape->header_size) ||
        dim > STREAM_MAX_DIM ||
        !vector_records_plausible(chunks->held + shape->header_size,
                                  chunks->held_size - shape->header_size, chunks->source_ended,
                                  shape->count, (uint32_t)dim))
        return false;
    shape->dim = (uint32_t)dim;
    load->form = LOAD_WORD2VEC;
    load->packed = (struct packed){PACKED_FLOAT32, false};
    load->rule = (struct records_rule){.behind = vector_records_word2vec,
                                       .size = shape->dim * sizeof(float)};
    return true;
}

static bool find_array(struct load *load, struct error *error)
{
    const struct chunks *chunks = &load->chunks;
    const char *name = source_name(chunks->source);
    struct npy npy;
    if (!npy_read_header(chunks->held, chunks->held_size, name, &npy, error))
        return false;
    if (!load->list)
        return error_set(error, STATUS_USAGE,
                         "%s: is a numpy array without words: list them, one a row, with "
                         "--word-list FILE",
                         name);
    if (npy.columns == 0 || npy.columns > STREAM_MAX_DIM)
        return error_set(error, STATUS_INPUT, "%s: has vectors of %llu dimensions: %d are the most",
                         name, (unsigned long long)npy.columns, STREAM_MAX_DIM);
    if (npy.rows != load->list->count)
        return error_set(error, STATUS_INPUT, "%s: has %llu %s, and the list %zu %s", name,
                         (unsigned long long)npy.rows, report_noun(npy.rows, "row", "rows"),
                         load->list->count, report_noun(load->list->count, "word", "words"));
    load->form = LOAD_ARRAY;
    load->packed = npy.packed;
    load->shape = (struct vector_shape){.dim = (uint32_t)npy.columns,
                                        .has_header = true,
                                        .count = npy.rows,
                                        .header_size = npy.header_size};
    load->rule = (struct records_rule){.behind = vector_records_array,
                                       .size = npy.columns * packed_width(npy.packed.type)};
    return true;
}

static bool find_text(struct load *load, struct error *error)
{
    enum vector_shape_result result;
    if (!peek(load, CHUNKS_SMALL, &result, error))
        return false;
    bool found = result == SHAPE_FOUND && load->shape.has_header;
    if (!found && find_word2vec(load))
        return true;
    return peek(load, result == SHAPE_FOUND ? CHUNKS_SMALL : CHUNKS_LARGE, &result, error) &&
           refuse(load, result, error);
}

static bool find_form(struct load *load, struct error *error)
{
    struct chunks *chunks = &load->chunks;
    if (!chunks_peek(chunks, CHUNKS_SMALL, error))
        return false;
    if (npy_is(chunks->held, chunks->held_size))
        return find_array(load, error);
    if (load->list)
        return error_set(error, STATUS_USAGE,
                         "%s: is no numpy array: it has its words: leave --word-list out",
                         source_name(chunks->source));
    if (subwords_is(chunks->held, chunks->held_size)) {
        load->form = LOAD_SUBWORDS;
        return load_map_model(load, error);
    }
    return find_text(load, error);
}

static bool find_shape(struct load *load, struct error *error)
{
    struct chunks *chunks = &load->chunks;
    if (!find_form(load, error))
        return false;
    if (load->form == LOAD_SUBWORDS)
        return true;
    if (load->form != LOAD_TEXT) {
        load->shape.line_size = load->rule.size;
        chunks_cut_by(chunks, &load->rule);
    }
    digest_update(&load->peeked, chunks->held, chunks->held_size);
    chunks_start(chunks, load->shape.header_size,
                 load->shape.line_size > LONG_LINE ? CHUNKS_LARGE : CHUNKS_SMALL, 0);
    return true;
}

struct load *load_open(struct source *source, const struct word_list *list, struct error *error)
{
    struct load *load = calloc(1, sizeof *load);
    if (!load) {
        error_memory(error, "opening word vectors");
        return NULL;
    }
    load->list = list;
    if (chunks_open(&load->chunks, source, error) && find_shape(load, error))
        return load;
    load_close(load);
    return NULL;
}

void load_close(struct load *load)
{
    if (!load)
        return;
    chunks_close(&load->chunks);
    load_unmap_model(load);
    free(load);
}

const struct vector_shape *load_shape(const struct load *load)
{
    return &load->shape;
}

enum load_form load_form(const struct load *load)
{
    return load->form;
}
