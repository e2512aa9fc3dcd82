/*
 * Who owns what: the reading stage has `chunks`; a worker has its batch, and looks at the
 * orders and at `enough`; all else belongs to the writing stage, which alone counts lines, knows
 * which words came before and decides what is in the top. `enough` goes from the writing stage
 * to the workers and only spares them work that would be thrown away.
 *
 * A block of the stream is a chunk's rows, or where these are few, several chunks' (gather.h); so
 * blocks, too, depend on the file's bytes alone.
 */
#include "run/load_inner.h"

#include "base/crc32.h"
#include "base/memory.h"
#include "base/report.h"
#include "par/pipeline.h"
#include "run/load_faults.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RING_MEMORY = 32 * 1024 * 1024, /* all batches together, at the worst */
    LEAST_BATCHES = 3,
    MOST_WORDS = 1 << 30, /* that are expected */
    PREFETCHED = 16       /* rows that are looked ahead for repeated words */
};

_Static_assert((int)CHUNKS_PADDING >= (int)FIELDS_PADDING, "kernels read that far");

/* ---- loading ---- */

/* A chunk and what is made of it. */
struct batch {
    struct chunk chunk;
    struct digest digest; /* of its fresh bytes */
    uint64_t first;       /* of what is not text: its first vector, counted from 0 */
    struct parsed_vectors rows;
};

/* ---- batches ---- */

static bool prepare_batch(void *shared, void *item, struct error *error)
{
    const struct load_work *run = shared;
    struct batch *batch = item;
    size_t size = run->load->chunks.size;
    return (chunk_init(&batch->chunk, size) &&
            parsed_vectors_init(&batch->rows, size, run->parser.dim)) ||
           error_memory(error, "loading word vectors");
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    chunk_free(&batch->chunk);
    parsed_vectors_free(&batch->rows);
}

/* ---- reading and working ---- */

/* A chunk of records. A word that fills one is none. */
static enum pipeline_read read_records(struct load *load, struct batch *batch, struct error *error)
{
    struct chunks *chunks = &load->chunks;
    size_t most = parsed_vectors_most(chunks->size, load->shape.dim);
    batch->first = load->read;
    switch (chunks_read_rows(chunks, most, &batch->chunk, error)) {
    case CHUNKS_CHUNK:
        break;
    case CHUNKS_END:
        return PIPELINE_END;
    default:
        return PIPELINE_FAILED;
    }
    load->read += batch->chunk.rows;
    if (!chunks->skipping && !batch->chunk.long_line)
        return PIPELINE_BATCH;
    error_set(error, STATUS_INPUT, "%s: vector %llu: no word ends there: it is damaged",
              source_name(chunks->source), (unsigned long long)load->read + 1);
    return PIPELINE_FAILED;
}

static enum pipeline_read read_batch(void *shared, void *item, struct error *error)
{
    struct load_work *run = shared;
    struct batch *batch = item;
    if (run->load->form != LOAD_TEXT)
        return read_records(run->load, batch, error);
    switch (chunks_read(&run->load->chunks, &batch->chunk, error)) {
    case CHUNKS_CHUNK:
        return PIPELINE_BATCH;
    case CHUNKS_END:
        return PIPELINE_END;
    default:
        return PIPELINE_FAILED;
    }
}

static bool parse_records(const struct load_work *run, struct batch *batch, struct error *error)
{
    const struct load *load = run->load;
    const struct chunk *chunk = &batch->chunk;
    const struct vector_records records = {.dim = load->shape.dim,
                                           .packed = load->packed,
                                           .vocabulary = run->parser.vocabulary,
                                           .words = load->list ? load->list->words : NULL};
    const uint64_t left = load->shape.count > batch->first ? load->shape.count - batch->first : 0;
    const size_t size = chunk->end - chunk->begin;
    if (load->list && size > left * load->rule.size)
        return error_set(error, STATUS_INPUT,
                         "%s: something follows the array's %llu %s: is it one array?",
                         source_name(load->chunks.source), (unsigned long long)load->shape.count,
                         report_noun(load->shape.count, "row", "rows"));
    if (vector_records_parse(&records, chunk->bytes + chunk->begin, size, batch->first,
                             &batch->rows))
        return true;
    if (batch->first + batch->rows.line_count >= load->shape.count)
        return error_set(error, STATUS_INPUT,
                         "%s: something that is no vector follows the %llu of the header: is it "
                         "one file?",
                         source_name(load->chunks.source), (unsigned long long)load->shape.count);
    return error_set(error, STATUS_CUT, "%s: ends amid vector %llu of %llu: fetch it again",
                     source_name(load->chunks.source),
                     (unsigned long long)(batch->first + batch->rows.line_count + 1),
                     (unsigned long long)load->shape.count);
}

static bool parse_batch(void *shared, unsigned worker, void *item, struct error *error)
{
    struct load_work *run = shared;
    struct batch *batch = item;
    struct chunk *chunk = &batch->chunk;
    (void)worker;
    batch->digest = (struct digest){0};
    digest_update(&batch->digest, chunk->bytes + chunk->fresh, chunk->filled - chunk->fresh);
    if (atomic_load_explicit(&run->enough, memory_order_relaxed))
        return true;
    if (run->load->form != LOAD_TEXT)
        return parse_records(run, batch, error);
    vector_lines_parse(&run->parser, chunk->bytes + chunk->begin, chunk->end - chunk->begin,
                       &batch->rows);
    return true;
}

/* ---- counting and telling ---- */

static bool note_defect(struct load_work *run, uint64_t line, enum vector_defect defect,
                        struct error *error)
{
    struct load_totals *totals = run->totals;
    const struct load_orders *orders = run->orders;
    char *quoted = totals->first_faults[defect];
    if (totals->defects[defect]++ == 0) {
        totals->first_lines[defect] = line;
        if (run->load->form == LOAD_TEXT)
            load_quote(run->chunk, line - totals->lines - 1, defect, quoted);
    }
    if (orders->strict && defect != DEFECT_INFINITE)
        return error_set(error, STATUS_INPUT, "%s:%s%llu: %s%s%s",
                         source_name(run->load->chunks.source),
                         run->load->form == LOAD_TEXT ? "" : " vector ", (unsigned long long)line,
                         vector_defect_reason(defect), *quoted ? ": " : "", quoted);
    return !orders->defective || orders->defective(orders->context, line, defect, error);
}

static bool note_word(struct load_work *run, const struct parsed_vectors *rows, size_t row,
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
static bool note_lines(struct load_work *run, const struct parsed_vectors *rows, size_t count,
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
static bool note_others(struct load_work *run, const struct parsed_vectors *rows,
                        struct error *error)
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

/* With the first words: makes room for all, as many as the source's bytes should hold by these. */
static void expect_words(struct load_work *run, const struct batch *batch)
{
    const struct load_orders *orders = run->orders;
    const struct parsed_vectors *rows = &batch->rows;
    if (run->repeats.count || run->others.count)
        return;
    double chunks = (double)run->expected / (double)(batch->chunk.end - batch->chunk.begin);
    double most = MOST_WORDS;
    repeats_expect(&run->others, (uint64_t)fmin(chunks * (double)rows->other_count, most));
    if (orders->vocabulary)
        most = fmin(most, (double)orders->vocabulary->count);
    if (orders->top)
        most = fmin(most, (double)orders->top);
    repeats_expect(&run->repeats, (uint64_t)fmin(chunks * (double)rows->rows, most));
}

/* ---- the writing stage ---- */

bool load_write_rows(struct load_work *run, const struct parsed_vectors *rows, struct error *error)
{
    struct load_totals *totals = run->totals;
    size_t count = rows->rows;
    uint32_t last = rows->line_count - 1;
    if (run->orders->top && run->orders->top - totals->rows <= count) {
        count = (size_t)(run->orders->top - totals->rows);
        last = rows->lines[count - 1];
        totals->topped = true;
        atomic_store_explicit(&run->enough, true, memory_order_relaxed);
    }
    if (totals->rows == 0 && count && run->load->form == LOAD_TEXT)
        totals->doubt = load_doubt(rows->words, count);
    if (!note_lines(run, rows, count, last, error) || !note_others(run, rows, error))
        return false;
    totals->lines += last + UINT64_C(1);
    totals->rows += count;
    return gather_write(&run->gather, rows, count, error);
}

static bool write_batch(void *shared, void *item, struct error *error)
{
    struct load_work *run = shared;
    struct load_totals *totals = run->totals;
    const struct batch *batch = item;
    totals->digest = digest_joined(totals->digest, batch->digest);
    totals->account.singly += batch->rows.account.singly;
    totals->account.short_groups += batch->rows.account.short_groups;
    run->chunk = &batch->chunk;
    if (totals->topped)
        return true;
    if (batch->chunk.long_line && !note_defect(run, ++totals->lines, DEFECT_LONG, error))
        return false;
    if (batch->rows.line_count) {
        expect_words(run, batch);
        if (!load_write_rows(run, &batch->rows, error))
            return false;
    }
    if (run->orders->progressed)
        run->orders->progressed(run->orders->context, totals->rows);
    return true;
}

/* ---- running ---- */

static bool check_header(const struct load_work *run, struct error *error)
{
    const struct vector_shape *shape = &run->load->shape;
    const struct load_totals *totals = run->totals;
    bool binary = run->load->form != LOAD_TEXT;
    if (!shape->has_header || totals->topped || shape->count == totals->entries)
        return true;
    if (binary && shape->count > totals->entries)
        return error_set(
            error, STATUS_CUT, "%s: the header says %llu %s, but %llu %s: fetch it again",
            source_name(run->load->chunks.source), (unsigned long long)shape->count,
            report_noun(shape->count, "vector", "vectors"), (unsigned long long)totals->entries,
            report_noun(totals->entries, "follows", "follow"));
    if (!run->orders->strict)
        return true;
    return error_set(error, STATUS_INPUT, "%s:1: the header says %llu %s, but %llu %s",
                     source_name(run->load->chunks.source), (unsigned long long)shape->count,
                     report_noun(shape->count, "vector", "vectors"),
                     (unsigned long long)totals->entries,
                     report_noun(totals->entries, "follows", "follow"));
}

static bool run_stages(struct load_work *run, struct error *error)
{
    if (run->load->form == LOAD_SUBWORDS)
        return load_words(run, error);

    size_t chunk_size = run->load->chunks.size;
    size_t most = RING_MEMORY / (chunk_size + parsed_vectors_memory(chunk_size, run->parser.dim));
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .most_batches = most < LEAST_BATCHES ? LEAST_BATCHES : most,
                                      .shared = run,
                                      .prepare = prepare_batch,
                                      .release = free_batch,
                                      .read = read_batch,
                                      .work = parse_batch,
                                      .write = write_batch};
    return pipeline_run(&pipeline, run->orders->jobs, error);
}

void load_kernels(enum cpu_level level, char *text, size_t size)
{
    snprintf(text, size, "fields %s, CRC-32 %s", fields_kernel_name(level), crc32_kernel_name());
}

bool load_run(struct load *load, const struct load_orders *orders, struct stream_writer *writer,
              struct load_totals *totals, struct error *error)
{
    struct load_work run = {.load = load,
                            .orders = orders,
                            .parser = {.kernel = fields_kernel_of(orders->level),
                                       .dim = load->shape.dim,
                                       .vocabulary = orders->vocabulary},
                            .expected = source_expected(load->chunks.source),
                            .totals = totals};
    bool header = load->form == LOAD_TEXT && load->shape.has_header;
    *totals = (struct load_totals){.lines = header, .digest = load->peeked};
    bool done = gather_start(&run.gather, writer, run.parser.dim, error) &&
                run_stages(&run, error) && gather_flush(&run.gather, error) &&
                (load->form == LOAD_SUBWORDS ||
                 source_verify(load->chunks.source, totals->digest.crc32, error));
    totals->words = run.repeats.count;
    totals->more_words = run.repeats.full;
    totals->found = run.repeats.count + run.others.count;
    totals->more_found = run.repeats.full || run.others.full;
    totals->entries = totals->lines - header - totals->defects[DEFECT_EMPTY];
    gather_free(&run.gather);
    repeats_free(&run.repeats);
    repeats_free(&run.others);
    return done && check_header(&run, error) &&
           load_check_share(totals, load->shape.dim, source_name(load->chunks.source), error);
}
