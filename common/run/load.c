/*
 * Who owns what: the reading stage has `chunks`; a worker has its batch, and looks at the
 * orders and at `enough`; all else belongs to the writing stage, which alone counts lines, knows
 * which words came before and decides what is in the top. `enough` goes from the writing stage
 * to the workers and only spares them work that would be thrown away.
 *
 * A block of the stream is a chunk's rows. Where these are few, as with a vocabulary, they are
 * gathered until they make a block; that, too, depends on the file's bytes alone.
 */
#include "run/load.h"

#include "base/memory.h"
#include "input/chunks.h"
#include "input/sniff.h"
#include "par/pipeline.h"
#include "stream/vectors.h"
#include "vectors/repeats.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONG_LINE = 64 * 1024,          /* vectors of longer lines are read in large chunks */
    RING_MEMORY = 32 * 1024 * 1024, /* all batches together, at the worst */
    LEAST_BATCHES = 3,
    WHOLE_BLOCK = 32 * 1024, /* rows of so many bytes are a block by themselves */
    PREFETCHED = 8           /* rows that are looked ahead for repeated words */
};

_Static_assert((int)CHUNKS_PADDING >= (int)FIELDS_PADDING, "kernels read that far");

struct loader {
    struct chunks chunks;
    struct vector_shape shape;
    struct digest peeked;
};

/* ---- opening ---- */

static bool peek(struct loader *loader, size_t size, enum vector_shape_result *result,
                 struct error *error)
{
    struct chunks *chunks = &loader->chunks;
    if (!chunks_peek(chunks, size, error))
        return false;
    *result = vector_shape_find(chunks->held, chunks->held_size, chunks->source_ended,
                                STREAM_MAX_DIM, &loader->shape);
    return true;
}

static bool refuse(const struct loader *loader, enum vector_shape_result result,
                   struct error *error)
{
    const struct chunks *chunks = &loader->chunks;
    const char *name = source_name(chunks->source);
    const char *what = sniff(chunks->held, chunks->held_size, result != SHAPE_NONE);
    if (chunks->held_size == 0)
        return error_set(error, STATUS_INPUT, "%s: is empty: give a file of word vectors", name);
    if (what)
        return error_set(error, STATUS_INPUT, "%s: %s", name, what);
    if (result == SHAPE_WIDE)
        return error_set(error, STATUS_INPUT, "%s: has vectors of %u dimensions: %d are the most",
                         name, (unsigned)loader->shape.dim, STREAM_MAX_DIM);
    if (result == SHAPE_NONE)
        return error_set(error, STATUS_INPUT,
                         "%s: has no line of a word and its numbers: give a file of word vectors",
                         name);
    return true;
}

static bool find_shape(struct loader *loader, struct error *error)
{
    struct chunks *chunks = &loader->chunks;
    enum vector_shape_result result;
    if (!peek(loader, CHUNKS_SMALL, &result, error) ||
        (result == SHAPE_NONE && !peek(loader, CHUNKS_LARGE, &result, error)) ||
        !refuse(loader, result, error))
        return false;
    digest_update(&loader->peeked, chunks->held, chunks->held_size);
    chunks_start(chunks, loader->shape.header_size,
                 loader->shape.line_size > LONG_LINE ? CHUNKS_LARGE : CHUNKS_SMALL, 0);
    return true;
}

struct loader *loader_open(struct source *source, struct error *error)
{
    struct loader *loader = calloc(1, sizeof *loader);
    if (!loader) {
        error_memory(error, "opening word vectors");
        return NULL;
    }
    if (chunks_open(&loader->chunks, source, error) && find_shape(loader, error))
        return loader;
    loader_close(loader);
    return NULL;
}

void loader_close(struct loader *loader)
{
    if (!loader)
        return;
    chunks_close(&loader->chunks);
    free(loader);
}

const struct vector_shape *loader_shape(const struct loader *loader)
{
    return &loader->shape;
}

/* ---- the batches ---- */

/* A chunk and what is made of it. */
struct batch {
    struct chunk chunk;
    struct digest digest; /* of its fresh bytes */
    struct parsed_vectors rows;
};

struct ring {
    struct batch *batches;
    size_t count;
};

static void ring_free(struct ring *ring)
{
    for (size_t i = 0; ring->batches && i < ring->count; i++) {
        chunk_free(&ring->batches[i].chunk);
        parsed_vectors_free(&ring->batches[i].rows);
    }
    free(ring->batches);
}

static bool ring_fill(struct ring *ring, size_t chunk_size, uint32_t dim)
{
    if (!ring->batches)
        return false;
    for (size_t i = 0; i < ring->count; i++) {
        struct batch *batch = &ring->batches[i];
        if (!chunk_init(&batch->chunk, chunk_size) ||
            !parsed_vectors_init(&batch->rows, chunk_size, dim))
            return false;
    }
    return true;
}

static bool ring_init(struct ring *ring, unsigned jobs, size_t chunk_size, uint32_t dim,
                      struct error *error)
{
    size_t wanted = 2 * (size_t)jobs + 2;
    size_t most = RING_MEMORY / (chunk_size + parsed_vectors_memory(chunk_size, dim));
    if (most < LEAST_BATCHES)
        most = LEAST_BATCHES;
    ring->count = wanted < most ? wanted : most;
    ring->batches = calloc(ring->count, sizeof *ring->batches);
    if (ring_fill(ring, chunk_size, dim))
        return true;
    ring_free(ring);
    return error_memory(error, "loading word vectors");
}

/* ---- reading and working ---- */

/* Rows that wait until they make a block. */
struct gather {
    struct text *words; /* they point into `bytes` */
    char *bytes;
    float *x;
    size_t rows, size; /* size: of words and vectors together */
    size_t bytes_used;
};

struct run {
    struct loader *loader;
    const struct loader_orders *orders;
    struct vector_parser parser;
    atomic_bool enough; /* no more rows are wanted */

    /* The writing stage's. */
    struct stream_writer *writer;
    struct loader_totals *totals;
    struct repeats repeats, others; /* of the words that are kept, and of those that are not */
    struct gather gather;
};

static enum pipeline_read read_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    switch (chunks_read(&run->loader->chunks, &batch->chunk, error)) {
    case CHUNKS_CHUNK:
        return PIPELINE_BATCH;
    case CHUNKS_END:
        return PIPELINE_END;
    default:
        return PIPELINE_FAILED;
    }
}

static bool parse_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    struct chunk *chunk = &batch->chunk;
    (void)error;
    batch->digest = (struct digest){0};
    digest_update(&batch->digest, chunk->bytes + chunk->fresh, chunk->filled - chunk->fresh);
    if (!atomic_load_explicit(&run->enough, memory_order_relaxed))
        vector_lines_parse(&run->parser, chunk->bytes + chunk->begin, chunk->end - chunk->begin,
                           &batch->rows);
    return true;
}

/* ---- writing blocks ---- */

static bool gather_init(struct gather *gather, uint32_t dim, struct error *error)
{
    /* Less than a whole block waits, and less than one is added. */
    size_t most = 2 * WHOLE_BLOCK, most_rows = most / (dim * sizeof(float) + 1) + 1;
    *gather = (struct gather){.words = memory_array(most_rows, sizeof *gather->words),
                              .bytes = malloc(most),
                              .x = memory_array(most_rows, dim * sizeof *gather->x)};
    return (gather->words && gather->bytes && gather->x) ||
           error_memory(error, "loading word vectors");
}

static void gather_free(struct gather *gather)
{
    free(gather->words);
    free(gather->bytes);
    free(gather->x);
}

static bool gather_flush(struct run *run, struct error *error)
{
    struct gather *gather = &run->gather;
    if (gather->rows && !vectors_write(run->writer, (uint32_t)gather->rows, run->parser.dim,
                                       gather->words, gather->x, error))
        return false;
    gather->rows = gather->size = gather->bytes_used = 0;
    return true;
}

/* Adds `count` rows of `size` bytes, less than WHOLE_BLOCK. */
static void gather_add(struct gather *gather, const struct parsed_vectors *rows, size_t count,
                       uint32_t dim, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        struct text word = rows->words[i];
        char *copy = gather->bytes + gather->bytes_used;
        memcpy(copy, word.data, word.size);
        gather->words[gather->rows + i] = (struct text){copy, word.size};
        gather->bytes_used += word.size;
    }
    memcpy(gather->x + gather->rows * dim, rows->x, count * dim * sizeof *rows->x);
    gather->rows += count;
    gather->size += size;
}

/* Writes the first `count` rows of a batch, or puts them by. */
static bool write_rows(struct run *run, const struct parsed_vectors *rows, size_t count,
                       struct error *error)
{
    uint32_t dim = run->parser.dim;
    size_t size = count * dim * sizeof *rows->x;
    for (size_t i = 0; i < count && size < WHOLE_BLOCK; i++)
        size += rows->words[i].size;
    if (size < WHOLE_BLOCK) {
        gather_add(&run->gather, rows, count, dim, size);
        return run->gather.size < WHOLE_BLOCK || gather_flush(run, error);
    }
    if (!gather_flush(run, error))
        return false;
    for (size_t at = 0; at < count; at += STREAM_MAX_ROWS) {
        size_t some = count - at < STREAM_MAX_ROWS ? count - at : STREAM_MAX_ROWS;
        if (!vectors_write(run->writer, (uint32_t)some, dim, rows->words + at, rows->x + at * dim,
                           error))
            return false;
    }
    return true;
}

/* ---- counting and telling ---- */

static bool note_defect(struct run *run, uint64_t line, enum vector_defect defect,
                        struct error *error)
{
    struct loader_totals *totals = run->totals;
    const struct loader_orders *orders = run->orders;
    if (totals->defects[defect]++ == 0)
        totals->first_lines[defect] = line;
    if (orders->strict)
        return error_set(error, STATUS_INPUT, "%s:%llu: %s",
                         source_name(run->loader->chunks.source), (unsigned long long)line,
                         vector_defect_reason(defect));
    return !orders->defective || orders->defective(orders->context, line, defect, error);
}

static bool note_word(struct run *run, const struct parsed_vectors *rows, size_t row,
                      struct error *error)
{
    bool again;
    if (row + PREFETCHED < rows->rows)
        repeats_prefetch(&run->repeats, rows->hashes[row + PREFETCHED]);
    if (!repeats_add(&run->repeats, rows->hashes[row], &again))
        return error_memory(error, "looking for repeated words");
    return !again ||
           note_defect(run, run->totals->lines + rows->lines[row] + 1, DEFECT_REPEATED, error);
}

/* Notes what is wrong with the lines up to number `last`, words included, in their order. */
static bool note_lines(struct run *run, const struct parsed_vectors *rows, size_t count,
                       uint32_t last, struct error *error)
{
    size_t row = 0;
    for (size_t i = 0; i < rows->note_count && rows->notes[i].line <= last; i++) {
        const struct vector_note *note = &rows->notes[i];
        for (; row < count && rows->lines[row] < note->line; row++)
            if (!note_word(run, rows, row, error))
                return false;
        if (!note_defect(run, run->totals->lines + note->line + 1, note->defect, error))
            return false;
    }
    for (; row < count; row++)
        if (!note_word(run, rows, row, error))
            return false;
    return true;
}

/* Tells the words that the vocabulary lacks apart, to say how many there are. */
static bool note_others(struct run *run, const struct parsed_vectors *rows, struct error *error)
{
    bool again;
    for (size_t i = 0; i < rows->other_count; i++) {
        if (i + PREFETCHED < rows->other_count)
            repeats_prefetch(&run->others, rows->others[i + PREFETCHED]);
        if (!repeats_add(&run->others, rows->others[i], &again))
            return error_memory(error, "counting words");
    }
    return true;
}

/* ---- the writing stage ---- */

static bool write_lines(struct run *run, const struct parsed_vectors *rows, struct error *error)
{
    struct loader_totals *totals = run->totals;
    size_t count = rows->rows;
    uint32_t last = rows->line_count - 1;
    if (run->orders->top && run->orders->top - totals->rows <= count) {
        count = (size_t)(run->orders->top - totals->rows);
        last = rows->lines[count - 1];
        totals->topped = true;
        atomic_store_explicit(&run->enough, true, memory_order_relaxed);
    }
    if (!note_lines(run, rows, count, last, error) || !note_others(run, rows, error))
        return false;
    totals->lines += last + UINT64_C(1);
    totals->rows += count;
    return write_rows(run, rows, count, error);
}

static bool write_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct loader_totals *totals = run->totals;
    const struct batch *batch = item;
    totals->digest = digest_joined(totals->digest, batch->digest);
    if (totals->topped)
        return true;
    if (batch->chunk.long_line && !note_defect(run, ++totals->lines, DEFECT_LONG, error))
        return false;
    if (batch->rows.line_count && !write_lines(run, &batch->rows, error))
        return false;
    if (run->orders->progressed)
        run->orders->progressed(run->orders->context, totals->rows);
    return true;
}

/* ---- running ---- */

static bool check_header(const struct run *run, struct error *error)
{
    const struct vector_shape *shape = &run->loader->shape;
    const struct loader_totals *totals = run->totals;
    if (!run->orders->strict || !shape->has_header || totals->topped ||
        shape->count == totals->entries)
        return true;
    return error_set(error, STATUS_INPUT, "%s:1: the header says %llu vectors, but %llu follow",
                     source_name(run->loader->chunks.source), (unsigned long long)shape->count,
                     (unsigned long long)totals->entries);
}

static bool run_stages(struct run *run, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = run,
                                      .read = read_batch,
                                      .work = parse_batch,
                                      .write = write_batch};
    unsigned jobs = run->orders->jobs;
    struct ring ring;
    if (!ring_init(&ring, jobs, run->loader->chunks.size, run->parser.dim, error))
        return false;
    if (jobs > ring.count)
        jobs = (unsigned)ring.count;
    bool done = pipeline_run(&pipeline, jobs, ring.batches, ring.count, error);
    ring_free(&ring);
    return done;
}

bool loader_run(struct loader *loader, const struct loader_orders *orders,
                struct stream_writer *writer, struct loader_totals *totals, struct error *error)
{
    struct run run = {.loader = loader,
                      .orders = orders,
                      .parser = {.kernel = fields_kernel_of(orders->level),
                                 .dim = loader->shape.dim,
                                 .vocabulary = orders->vocabulary},
                      .writer = writer,
                      .totals = totals};
    *totals = (struct loader_totals){.lines = loader->shape.has_header, .digest = loader->peeked};
    bool done = gather_init(&run.gather, run.parser.dim, error) && run_stages(&run, error) &&
                gather_flush(&run, error) &&
                source_verify(loader->chunks.source, totals->digest.crc32, error);
    totals->words = run.repeats.count;
    totals->more_words = run.repeats.full;
    totals->found = run.repeats.count + run.others.count;
    totals->more_found = run.repeats.full || run.others.full;
    totals->entries = totals->lines - loader->shape.has_header - totals->defects[DEFECT_EMPTY];
    gather_free(&run.gather);
    repeats_free(&run.repeats);
    repeats_free(&run.others);
    return done && check_header(&run, error);
}
