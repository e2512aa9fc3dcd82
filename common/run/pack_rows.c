/*
 * Labels of a block stand one behind the other; they become texts when the block is whole, and
 * their memory moves no more.
 */
#include "run/pack_rows.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "stream/stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool begin_stream(struct pack_rows *rows, struct text *features, struct output *output,
                         struct error *error)
{
    struct stream_header header = {.kind = STREAM_SAMPLES,
                                   .dim = rows->dim,
                                   .features = features,
                                   .labelled = rows->totals->labelled};
    if (lineage_append_program(&header.lineage, rows->pack->program, true, error))
        rows->writer = stream_begin(output, &header, error);
    lineage_free(&header.lineage);
    return rows->writer;
}

bool pack_rows_begin(struct pack_rows *rows, const struct pack *pack, uint32_t dim,
                     struct text *features, bool labelled, struct output *output,
                     struct pack_totals *totals, struct error *error)
{
    size_t most = stream_block_rows(dim);
    *rows = (struct pack_rows){.pack = pack,
                               .totals = totals,
                               .dim = dim,
                               .most = (uint32_t)most,
                               .x = memory_array(most, dim * sizeof *rows->x),
                               .zeros = calloc(most, sizeof *rows->zeros),
                               .ends = memory_array(most, sizeof *rows->ends),
                               .labels = memory_array(most, sizeof *rows->labels)};
    totals->dim = dim;
    totals->labelled = labelled;
    if (!rows->x || !rows->zeros || !rows->ends || !rows->labels)
        return error_memory(error, "packing a table");
    return begin_stream(rows, features, output, error);
}

float *pack_rows_next(struct pack_rows *rows)
{
    return rows->x + (size_t)rows->rows * rows->dim;
}

static bool write_block(struct pack_rows *rows, struct error *error)
{
    const struct samples_rows block = {.rows = rows->rows,
                                       .x = rows->x,
                                       .tokens = rows->zeros,
                                       .known = rows->zeros,
                                       .labels = rows->totals->labelled ? rows->labels : NULL};
    size_t at = 0;
    for (uint32_t i = 0; i < rows->rows; at = rows->ends[i], i++)
        rows->labels[i] = (struct text){rows->bytes + at, rows->ends[i] - at};
    rows->rows = 0;
    return samples_write(rows->writer, rows->dim, &block, error);
}

/* Counts what is missing, and finds what is infinite. */
static bool check_row(struct pack_rows *rows, const char *name, uint64_t line, struct error *error)
{
    const float *x = pack_rows_next(rows);
    for (uint32_t i = 0; i < rows->dim; i++) {
        if (isfinite(x[i]))
            continue;
        if (!isnan(x[i]))
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: feature %u is infinite as float32, and no forest takes it",
                             name, (unsigned long long)line, (unsigned)i + 1);
        rows->totals->missing++;
    }
    return true;
}

static bool put_label(struct pack_rows *rows, struct text label, const char *name, uint64_t line,
                      struct error *error)
{
    size_t used = rows->rows ? rows->ends[rows->rows - 1] : 0;
    if (!utf8_valid(label.data, label.size))
        return error_set(error, STATUS_INPUT, "%s:%llu: the label is not valid UTF-8", name,
                         (unsigned long long)line);
    if (label.size > TEXT_NAME_MOST)
        return error_set(error, STATUS_INPUT,
                         "%s:%llu: the label is longer than 1 MiB: is this the right column?", name,
                         (unsigned long long)line);
    if (!memory_reserve(&rows->bytes, &rows->capacity, used + label.size + 1, 1))
        return error_memory(error, "packing a table");
    if (label.size)
        memcpy(rows->bytes + used, label.data, label.size);
    rows->ends[rows->rows] = used + label.size;
    return true;
}

bool pack_rows_add(struct pack_rows *rows, struct text label, const char *name, uint64_t line,
                   struct error *error)
{
    if (!check_row(rows, name, line, error) || !put_label(rows, label, name, line, error))
        return false;
    rows->rows++;
    rows->totals->rows++;
    return rows->rows < rows->most || write_block(rows, error);
}

static void free_rows(struct pack_rows *rows)
{
    free(rows->x);
    free(rows->zeros);
    free(rows->ends);
    free(rows->labels);
    free(rows->bytes);
    *rows = (struct pack_rows){.pack = NULL};
}

bool pack_rows_end(struct pack_rows *rows, struct digest read, struct error *error)
{
    bool done = !rows->rows || write_block(rows, error);
    if (done)
        done = stream_end(rows->writer, read, error);
    else
        stream_abandon(rows->writer);
    free_rows(rows);
    return done;
}

void pack_rows_abandon(struct pack_rows *rows)
{
    stream_abandon(rows->writer);
    free_rows(rows);
}
