/* Blocks of samples, and all of them in memory, as training wants them. */
#include "stream/samples.h"

#include "base/memory.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool samples_decode(const struct stream_header *header, const struct stream_record *record,
                    struct samples_block *block, struct error *error)
{
    block->rows = (uint32_t)record->rows;
    block->labels = block->kept = NULL;
    block->weight = (struct column){0};
    return stream_column(record, "x", block->rows, header->dim * sizeof(float), &block->x, error) &&
           stream_column(record, "tokens", block->rows, sizeof(int32_t), &block->tokens, error) &&
           stream_column(record, "known", block->rows, sizeof(int32_t), &block->known, error) &&
           (!header->labelled ||
            stream_names(record, "labels", block->rows, &block->labels, error)) &&
           (!header->kept || stream_names(record, "kept", block->rows, &block->kept, error)) &&
           (!object_find(record->map, "weight") ||
            stream_column(record, "weight", block->rows, sizeof(double), &block->weight, error));
}

bool samples_write(struct stream_writer *writer, uint32_t dim, const struct samples_rows *rows,
                   struct error *error)
{
    size_t n = rows->rows;
    return stream_block(writer, rows->rows, 3u + !!rows->labels + !!rows->kept, error) &&
           stream_put_numbers(writer, "x", rows->x, n * dim, sizeof *rows->x, error) &&
           stream_put_numbers(writer, "tokens", rows->tokens, n, sizeof *rows->tokens, error) &&
           stream_put_numbers(writer, "known", rows->known, n, sizeof *rows->known, error) &&
           (!rows->labels || stream_put_names(writer, "labels", rows->labels, n, error)) &&
           (!rows->kept || stream_put_names(writer, "kept", rows->kept, n, error));
}

/* Whether one of `count` values is infinite or missing. */
static inline uint32_t any_beyond(const float *x, size_t count)
{
    const uint32_t exponent = 0x7f800000;
    uint32_t any = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        any |= (bits & exponent) == exponent;
    }
    return any;
}

/* Of a number of values that it knows a compiler makes vector code. */
static bool all_finite(const float *x, size_t dim)
{
    enum { STEP = 32 };
    uint32_t beyond = 0;
    size_t i = 0;
    for (; i + STEP <= dim; i += STEP)
        beyond |= any_beyond(x + i, STEP);
    return !(beyond | any_beyond(x + i, dim - i));
}

static bool any_infinite(const float *x, uint32_t dim)
{
    for (uint32_t i = 0; i < dim; i++)
        if (isinf(x[i]))
            return true;
    return false;
}

bool samples_check_finite(const struct stream_record *record, const float *x, size_t rows,
                          uint32_t dim, size_t *missing, struct error *error)
{
    for (size_t row = 0; row < rows; row++) {
        if (all_finite(x + row * dim, dim))
            continue;
        ++*missing;
        if (any_infinite(x + row * dim, dim))
            return error_set(error, STATUS_INPUT,
                             "%s: row %llu holds a value that is infinite: look for one in the "
                             "vectors",
                             record->source, (unsigned long long)(record->row + row + 1));
    }
    return true;
}

/* ---- a whole stream in memory ---- */

struct loading {
    struct samples *samples;
    const struct samples_room *room; /* NULL: nobody is told */
    uint64_t file_size;              /* 0: no file is read */
    size_t x_capacity, class_capacity, weight_capacity;
};

/*
 * Room for so many values. Of a file there is, from the first block on, room for all that it holds:
 * so they are not moved, unless the disk has it compressed, and lie on large pages.
 */
static bool reserve_values(struct loading *loading, size_t needed)
{
    float **x = &loading->samples->x;
    size_t *capacity = &loading->x_capacity;
    const uint64_t all = loading->file_size / sizeof **x;
    if (!*capacity && all > needed && all <= SIZE_MAX / sizeof **x &&
        memory_reserve_large(x, capacity, (size_t)all, sizeof **x)) {
        if (loading->room)
            loading->room->made(loading->room->context, *x, *capacity * sizeof **x);
        return true;
    }
    return memory_reserve_large(x, capacity, needed, sizeof **x);
}

/* Where rows are labelled there are classes, even for none. */
static bool reserve_classes(struct loading *loading, const struct stream_header *header,
                            size_t rows)
{
    return !header->labelled ||
           memory_reserve(&loading->samples->class_of, &loading->class_capacity, rows + 1,
                          sizeof(uint32_t));
}

static bool load_labels(struct loading *loading, const struct samples_block *block,
                        struct error *error)
{
    struct samples *samples = loading->samples;
    if (!block->labels)
        return true;
    for (uint32_t i = 0; i < block->rows; i++) {
        uint32_t number = words_add(&samples->names, stream_text(block->labels, i), NULL);
        if (number == WORDS_NONE)
            return error_memory(error, "reading the samples");
        samples->class_of[samples->rows + i] = number;
    }
    return true;
}

/* All blocks have weights, or none has. */
static bool load_weights(struct loading *loading, const struct stream_record *record,
                         const struct samples_block *block, struct error *error)
{
    struct samples *samples = loading->samples;
    if (samples->rows && !block->weight.bytes != !samples->weight)
        return stream_damaged(record, error, "some blocks have weights, and others do not");
    if (!block->weight.bytes)
        return true;
    if (!memory_reserve(&samples->weight, &loading->weight_capacity, samples->rows + block->rows,
                        sizeof *samples->weight))
        return error_memory(error, "reading the samples");
    double *weight = samples->weight + samples->rows;
    numbers_copy(weight, block->weight.bytes, block->rows, sizeof *weight);
    for (uint32_t i = 0; i < block->rows; i++)
        if (!(weight[i] >= 0 && weight[i] <= DBL_MAX))
            return error_set(error, STATUS_INPUT, "%s: row %llu weighs no number from 0 on",
                             record->source, (unsigned long long)(record->row + i + 1));
    return true;
}

static bool load_block(struct loading *loading, const struct stream_header *header,
                       const struct stream_record *record, struct error *error)
{
    struct samples *samples = loading->samples;
    struct samples_block block;
    if (!samples_decode(header, record, &block, error))
        return false;
    size_t rows = samples->rows + block.rows;
    if (!reserve_values(loading, rows * header->dim) || !reserve_classes(loading, header, rows))
        return error_memory(error, "reading the samples");
    float *x = samples->x + samples->rows * header->dim;
    numbers_copy(x, block.x.bytes, (size_t)block.rows * header->dim, sizeof(float));
    if (!samples_check_finite(record, x, block.rows, header->dim, &samples->missing, error) ||
        !load_labels(loading, &block, error) || !load_weights(loading, record, &block, error))
        return false;
    samples->rows = rows;
    return true;
}

static int compare_names(const void *left, const void *right)
{
    const struct text *l = left, *r = right;
    return text_compare(*l, *r);
}

/* Renumbers the classes, so far in order of appearance, by their names. */
static bool sort_classes(struct samples *samples, struct error *error)
{
    samples->class_count = (uint32_t)samples->names.count;
    samples->classes = memory_array(samples->class_count, sizeof *samples->classes);
    uint32_t *rank = memory_array(samples->class_count, sizeof *rank);
    if (!samples->classes || !rank) {
        free(rank);
        return error_memory(error, "sorting the classes");
    }
    for (uint32_t i = 0; i < samples->class_count; i++)
        samples->classes[i] = words_text(&samples->names, i);
    qsort(samples->classes, samples->class_count, sizeof *samples->classes, compare_names);
    for (uint32_t i = 0; i < samples->class_count; i++)
        rank[words_find(&samples->names, samples->classes[i])] = i;
    for (size_t row = 0; row < samples->rows; row++)
        samples->class_of[row] = rank[samples->class_of[row]];
    free(rank);
    return true;
}

static bool load_blocks(struct stream_reader *reader, struct loading *loading,
                        const struct stream_header *header, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        if (!load_block(loading, header, &record, error))
            break;
    stream_record_free(&record);
    return next == STREAM_END;
}

bool samples_load_told(struct stream_reader *reader, struct samples *samples,
                       const struct samples_room *room, struct error *error)
{
    *samples = (struct samples){0};
    struct stream_header header;
    if (!stream_read_header(reader, STREAM_SAMPLES, &header, error))
        return false;
    struct loading loading = {
        .samples = samples, .room = room, .file_size = stream_file_size(reader)};
    samples->dim = header.dim;
    bool loaded =
        reserve_classes(&loading, &header, 0) || error_memory(error, "reading the samples");
    loaded = loaded && load_blocks(reader, &loading, &header, error) &&
             (!header.labelled || sort_classes(samples, error));
    if (loaded) {
        samples->lineage = header.lineage;
        header.lineage = (struct lineage){0};
        samples->features = header.features;
        header.features = NULL;
        lineage_complete(&samples->lineage, stream_read_digest(reader));
        samples->digest = stream_read_totals(reader).digest;
    }
    stream_header_free(&header);
    if (!loaded)
        samples_free(samples);
    return loaded;
}

bool samples_load(struct stream_reader *reader, struct samples *samples, struct error *error)
{
    return samples_load_told(reader, samples, NULL, error);
}

void samples_free(struct samples *samples)
{
    free(samples->x);
    free(samples->features);
    free(samples->classes);
    free(samples->class_of);
    free(samples->weight);
    lineage_free(&samples->lineage);
    words_free(&samples->names);
    *samples = (struct samples){0};
}

/* Some rows at a time, so that what is read once is written before it is out of the cache. */
void samples_to_columns(const struct samples *samples, float *columns)
{
    enum { ROWS = 16 };
    const size_t rows = samples->rows, dim = samples->dim;
    for (size_t first = 0; first < rows; first += ROWS)
        for (size_t f = 0; f < dim; f++)
            for (size_t row = first; row < rows && row < first + ROWS; row++)
                columns[f * rows + row] = samples->x[row * dim + f];
}
