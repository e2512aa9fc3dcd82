/* Rows are cut off the array as they come; their labels stand in a list of their own. */
#include "run/pack_rows.h"

#include "base/records.h"
#include "base/report.h"
#include "input/chunks.h"
#include "input/npy.h"
#include "stream/stream.h"

#include <stdlib.h>

struct run {
    const struct pack *pack;
    struct source *source;
    struct chunks chunks;
    struct npy npy;
    struct digest digest;
    struct word_list labels;
    struct pack_rows rows;
    bool begun;
};

static size_t behind_row(const struct records_rule *rule, const char *bytes, size_t size,
                         struct records_scan *scan)
{
    (void)bytes;
    return size - scan->at < rule->size ? 0 : scan->at + rule->size;
}

static bool read_header(struct run *run, struct error *error)
{
    const char *name = source_name(run->source);
    struct chunks *chunks = &run->chunks;
    if (!chunks_open(chunks, run->source, error) || !chunks_peek(chunks, NPY_HEAD, error))
        return false;
    if (!npy_is(chunks->held, chunks->held_size))
        return error_set(error, STATUS_INPUT,
                         "%s: is no numpy array, which begins with \\x93NUMPY: see --from", name);
    if (!npy_read_header(chunks->held, chunks->held_size, name, &run->npy, error))
        return false;
    if (run->npy.is_list)
        return error_set(error, STATUS_INPUT,
                         "%s: is a numpy array of one dimension: save rows of numbers, with "
                         "x.reshape(len(x), -1)",
                         name);
    if (run->npy.columns == 0 || run->npy.columns > STREAM_MAX_DIM)
        return error_set(error, STATUS_INPUT,
                         "%s: is an array of %llu columns: rows of 1 to %d numbers are read", name,
                         (unsigned long long)run->npy.columns, STREAM_MAX_DIM);
    digest_update(&run->digest, chunks->held, chunks->held_size);
    return true;
}

static bool read_labels(struct run *run, struct error *error)
{
    if (!run->pack->labels)
        return true;
    if (!word_list_read(run->pack->labels, &run->labels, error))
        return false;
    for (size_t i = 0; i < run->labels.count; i++)
        if (run->labels.words[i].size == 0)
            return error_set(error, STATUS_INPUT, "%s:%zu: the label is empty", run->pack->labels,
                             i + 1);
    return run->labels.count == run->npy.rows ||
           error_set(error, STATUS_INPUT, "%s: has %zu %s, and the array %llu %s",
                     run->pack->labels, run->labels.count,
                     report_noun(run->labels.count, "label", "labels"),
                     (unsigned long long)run->npy.rows, report_noun(run->npy.rows, "row", "rows"));
}

/* The names of what these shall be like, or none. */
static bool begin_rows(struct run *run, struct output *output, struct pack_totals *totals,
                       struct error *error)
{
    struct text *features = NULL;
    uint32_t dim = (uint32_t)run->npy.columns, wanted = dim;
    if (run->pack->like && !pack_read_like(run->pack, &features, &wanted, error))
        return false;
    bool done =
        wanted == dim ||
        error_set(error, STATUS_INPUT, "%s: has %u %s, and %s %u %s", source_name(run->source),
                  (unsigned)dim, report_noun(dim, "column", "columns"), run->pack->like,
                  (unsigned)wanted, report_noun(wanted, "feature", "features"));
    run->begun = done;
    done = done && pack_rows_begin(&run->rows, run->pack, dim, features, run->pack->labels, output,
                                   totals, error);
    free(features);
    return done;
}

static bool add_rows(struct run *run, const struct chunk *chunk, struct error *error)
{
    size_t width = (size_t)run->npy.columns * packed_width(run->npy.packed.type);
    const char *name = source_name(run->source);
    uint64_t row = run->rows.totals->rows;
    for (size_t at = chunk->begin; at < chunk->end; at += width, row++) {
        if (row == run->npy.rows)
            return error_set(error, STATUS_INPUT,
                             "%s: something follows the array's %llu %s: is it one array?", name,
                             (unsigned long long)row, report_noun(row, "row", "rows"));
        if (chunk->end - at < width)
            return error_set(error, STATUS_CUT, "%s: ends amid row %llu of %llu: fetch it again",
                             name, (unsigned long long)row + 1, (unsigned long long)run->npy.rows);
        packed_floats(run->npy.packed, chunk->bytes + at, (size_t)run->npy.columns,
                      pack_rows_next(&run->rows));
        struct text label = {NULL, 0};
        if (run->pack->labels)
            label = run->labels.words[row];
        if (!pack_rows_add(&run->rows, label, name, row + 1, error))
            return false;
    }
    return true;
}

static bool read_rows(struct run *run, struct error *error)
{
    const struct records_rule rule = {.behind = behind_row,
                                      .size = (size_t)run->npy.columns *
                                              packed_width(run->npy.packed.type)};
    struct chunk chunk = {0};
    enum chunks_next next = CHUNKS_END;
    chunks_start(&run->chunks, run->npy.header_size, CHUNKS_LARGE, 0);
    chunks_cut_by(&run->chunks, &rule);
    bool good = true;
    while (good &&
           (next = chunks_read_rows(&run->chunks, SIZE_MAX, &chunk, error)) == CHUNKS_CHUNK) {
        digest_update(&run->digest, chunk.bytes + chunk.fresh, chunk.filled - chunk.fresh);
        good = add_rows(run, &chunk, error);
    }
    chunk_free(&chunk);
    if (!good || next == CHUNKS_FAILED)
        return false;
    if (run->rows.totals->rows < run->npy.rows)
        return error_set(error, STATUS_CUT, "%s: %llu rows of %llu follow: fetch it again",
                         source_name(run->source), (unsigned long long)run->rows.totals->rows,
                         (unsigned long long)run->npy.rows);
    return source_verify(run->source, run->digest.crc32, error);
}

bool pack_array(const struct pack *pack, struct output *output, struct pack_totals *totals,
                struct error *error)
{
    struct run run = {.pack = pack, .source = source_open_only(pack->path, error)};
    bool done = run.source && read_header(&run, error) && read_labels(&run, error) &&
                begin_rows(&run, output, totals, error) && read_rows(&run, error);
    if (done)
        done = pack_rows_end(&run.rows, run.digest, error);
    else if (run.begun)
        pack_rows_abandon(&run.rows);
    chunks_close(&run.chunks);
    source_close(run.source);
    word_list_free(&run.labels);
    return done;
}
