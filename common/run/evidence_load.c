/*
 * Loading is a pipeline of two threads: one reads and checks records, the calling one puts what
 * they hold into tables, in the stream's order.
 *
 * Parts grow as their blocks arrive, so that no number of the header takes memory by itself.
 */
#include "base/memory.h"
#include "linear/tfidf.h"
#include "run/evidence.h"
#include "run/reading.h"
#include "stream/linear.h"
#include "stream/numbers.h"

#include <stdlib.h>

enum {
    RARITIES = 1024, /* documents that hold a term: most terms are held by fewer */
    AHEAD = 16,      /* terms whose slots are on their way into the cache */
    AT_ONCE = 16     /* times as many terms as a block has are made room for */
};

/* `reader` belongs to the reading stage, the rest to the others. */
struct loading {
    struct stream_reader *reader;
    struct evidence *evidence;
    double rarity[RARITIES]; /* of the terms that so many documents hold; 0: not known yet */
    uint64_t *hashes;        /* of a block's terms */
    size_t hashes_capacity;
};

/* ---- terms ---- */

/* Hashes the block's terms, and makes room for them. */
static bool prepare_terms(struct loading *loading, struct evidence_part *part,
                          const struct linear_block *block, struct error *error)
{
    size_t room = part->terms.count + (size_t)block->rows * AT_ONCE;
    if (room > block->part->terms)
        room = block->part->terms;
    if (!memory_reserve(&loading->hashes, &loading->hashes_capacity, block->rows,
                        sizeof *loading->hashes) ||
        !words_reserve(&part->terms, room))
        return error_memory(error, "reading the evidence");
    for (uint32_t row = 0; row < block->rows; row++) {
        struct text term = stream_text(block->terms, row);
        loading->hashes[row] = words_hash(term.data, term.size);
    }
    return true;
}

/* A term that stands twice would leave a row of weights without one. */
static bool add_term(const struct loading *loading, struct evidence_part *part,
                     const struct linear_block *block, uint32_t row,
                     const struct stream_record *record, struct error *error)
{
    bool added;
    if (row + AHEAD < block->rows)
        words_prefetch(&part->terms, loading->hashes[row + AHEAD]);
    if (words_add_hashed(&part->terms, stream_text(block->terms, row), loading->hashes[row],
                         &added) == WORDS_NONE)
        return error_memory(error, "reading the evidence");
    return added || stream_damaged(record, error, "term %u stands twice", (unsigned)row + 1);
}

static double rarity(struct loading *loading, uint32_t held)
{
    uint64_t samples = loading->evidence->header.samples;
    if (held >= RARITIES)
        return tfidf_rarity(samples, held);
    if (loading->rarity[held] == 0)
        loading->rarity[held] = tfidf_rarity(samples, held);
    return loading->rarity[held];
}

static bool load_view(struct loading *loading, struct evidence_part *part,
                      const struct linear_block *block, const struct stream_record *record,
                      struct error *error)
{
    uint32_t classes = loading->evidence->header.class_count;
    float *weights = memory_array(classes, sizeof *weights);
    bool done = (weights || error_memory(error, "reading the evidence")) &&
                prepare_terms(loading, part, block, error);
    for (uint32_t row = 0; done && row < block->rows; row++) {
        uint32_t held = (uint32_t)numbers_int32(block->documents.bytes, row);
        numbers_copy(weights, block->weights.bytes + (size_t)row * classes * sizeof *weights,
                     classes, sizeof *weights);
        done = add_term(loading, part, block, row, record, error) &&
               (scorer_add(&part->scorer, weights, rarity(loading, held)) ||
                error_memory(error, "reading the evidence"));
    }
    free(weights);
    return done;
}

static bool load_bayes(struct loading *loading, struct evidence_part *part,
                       const struct linear_block *block, const struct stream_record *record,
                       struct error *error)
{
    size_t all = block->labels.size / sizeof(uint32_t), at = 0;
    uint32_t *labels = memory_array(all, sizeof *labels);
    uint32_t *counts = memory_array(all, sizeof *counts);
    bool done = ((labels && counts) || error_memory(error, "reading the evidence")) &&
                prepare_terms(loading, part, block, error);
    if (done) {
        numbers_copy(labels, block->labels.bytes, all, sizeof *labels);
        numbers_copy(counts, block->counts.bytes, all, sizeof *counts);
    }
    for (uint32_t row = 0; done && row < block->rows; row++) {
        uint32_t pairs = (uint32_t)numbers_int32(block->pairs.bytes, row);
        done = add_term(loading, part, block, row, record, error) &&
               (bayes_add(&part->bayes, labels + at, counts + at, pairs) ||
                error_memory(error, "reading the evidence"));
        at += pairs;
    }
    free(labels);
    free(counts);
    return done;
}

/* ---- documents ---- */

/* By hash, then label, from one block to the next as within each. */
static bool follows(const struct evidence *evidence)
{
    size_t at = evidence->trained;
    if (!at)
        return true;
    uint64_t hash = evidence->hashes[at], before = evidence->hashes[at - 1];
    return hash > before ||
           (hash == before && evidence->own[at].label > evidence->own[at - 1].label);
}

static bool load_documents(struct evidence *evidence, const struct linear_block *block,
                           const struct stream_record *record, struct error *error)
{
    size_t count = evidence->trained + block->rows;
    size_t width = (size_t)evidence->views * evidence->header.class_count;
    if (!memory_reserve(&evidence->hashes, &evidence->hashes_capacity, count,
                        sizeof *evidence->hashes) ||
        !memory_reserve(&evidence->own, &evidence->own_capacity, count, sizeof *evidence->own) ||
        !memory_reserve(&evidence->scores, &evidence->scores_capacity, count * width,
                        sizeof *evidence->scores))
        return error_memory(error, "reading the evidence");
    numbers_copy(evidence->hashes + evidence->trained, block->hashes.bytes, block->rows,
                 sizeof *evidence->hashes);
    numbers_copy(evidence->scores + evidence->trained * width, block->scores.bytes,
                 block->rows * width, sizeof *evidence->scores);
    for (uint32_t row = 0; row < block->rows; row++)
        evidence->own[evidence->trained + row] =
            (struct bayes_own){(uint32_t)numbers_int32(block->labels.bytes, row),
                               (uint32_t)numbers_int32(block->copies.bytes, row)};
    if (!follows(evidence))
        return stream_damaged(record, error, "the documents are out of order");
    evidence->trained = count;
    return true;
}

/* ---- the whole ---- */

static bool start_parts(struct evidence *evidence, const char *name, struct error *error)
{
    const struct stream_header *header = &evidence->header;
    evidence->parts = calloc(header->part_count, sizeof *evidence->parts);
    if (!evidence->parts)
        return error_memory(error, "reading the evidence");
    for (uint32_t i = 0; i < header->part_count; i++) {
        struct evidence_part *part = &evidence->parts[i];
        const struct stream_part *told = &header->parts[i];
        part->is_bayes = linear_is_bayes(told);
        part->bayes.labels = header->class_count;
        evidence->views += !part->is_bayes;
        if (!part->is_bayes && !view_find(told->name, &part->view))
            return error_set(error, STATUS_INPUT,
                             "%s: has a view '%.*s', which this program does not know", name,
                             (int)told->name.size, told->name.data);
        if (!part->is_bayes && !scorer_start(&part->scorer, told->intercepts, header->class_count))
            return error_memory(error, "reading the evidence");
    }
    return true;
}

static enum pipeline_read read_block(void *shared, void *record, struct error *error)
{
    return reading_record(((const struct loading *)shared)->reader, record, error);
}

/* Nothing to be done apart from the order. */
static bool pass_block(void *shared, unsigned worker, void *record, struct error *error)
{
    (void)shared, (void)worker, (void)record, (void)error;
    return true;
}

static bool load_block(void *shared, void *record, struct error *error)
{
    struct loading *loading = shared;
    struct evidence *evidence = loading->evidence;
    struct linear_block block;
    if (!linear_decode(&evidence->header, record, &block, error))
        return false;
    if (!block.part)
        return load_documents(evidence, &block, record, error);
    struct evidence_part *part = &evidence->parts[block.part - evidence->header.parts];
    return (part->is_bayes ? load_bayes : load_view)(loading, part, &block, record, error);
}

static void free_record(void *record)
{
    stream_record_free(record);
}

static bool load_blocks(struct evidence *evidence, struct stream_reader *reader,
                        struct error *error)
{
    struct loading loading = {.reader = reader, .evidence = evidence};
    const struct pipeline pipeline = {.batch_size = sizeof(struct stream_record),
                                      .most_batches = 2,
                                      .shared = &loading,
                                      .release = free_record,
                                      .read = read_block,
                                      .work = pass_block,
                                      .write = load_block};
    bool loaded = pipeline_run(&pipeline, 1, error);
    free(loading.hashes);
    if (!loaded)
        return false;
    uint64_t rows = stream_read_totals(reader).rows;
    return rows == linear_rows(&evidence->header) ||
           error_set(error, STATUS_INPUT, "%s: has %llu rows, and its header says %llu",
                     stream_name(reader), (unsigned long long)rows,
                     (unsigned long long)linear_rows(&evidence->header));
}

/* Counts of no tokens have no begin. */
static bool settle_parts(struct evidence *evidence, struct error *error)
{
    for (uint32_t i = 0; i < evidence->header.part_count; i++) {
        struct bayes *bayes = &evidence->parts[i].bayes;
        if (evidence->parts[i].is_bayes && bayes->terms && !bayes_settle(bayes))
            return error_memory(error, "reading the evidence");
    }
    return true;
}

bool evidence_load(struct evidence *evidence, struct stream_reader *reader, struct error *error)
{
    *evidence = (struct evidence){0};
    if (stream_read_header(reader, STREAM_LINEAR, &evidence->header, error) &&
        start_parts(evidence, stream_name(reader), error) && load_blocks(evidence, reader, error) &&
        settle_parts(evidence, error)) {
        lineage_complete(&evidence->header.lineage, stream_read_digest(reader));
        return true;
    }
    evidence_free(evidence);
    return false;
}

void evidence_free(struct evidence *evidence)
{
    for (uint32_t i = 0; evidence->parts && i < evidence->header.part_count; i++) {
        words_free(&evidence->parts[i].terms);
        scorer_free(&evidence->parts[i].scorer);
        bayes_free(&evidence->parts[i].bayes);
    }
    free(evidence->parts);
    free(evidence->hashes);
    free(evidence->own);
    free(evidence->scores);
    stream_header_free(&evidence->header);
    *evidence = (struct evidence){0};
}

/* ---- columns ---- */

size_t evidence_width(const struct evidence *evidence)
{
    return 2 * (size_t)evidence->header.part_count * evidence->header.class_count;
}

void evidence_name(const struct evidence *evidence, size_t number, size_t column,
                   struct buffer *text)
{
    const struct stream_header *header = &evidence->header;
    struct text part = header->parts[column / (2 * (size_t)header->class_count)].name;
    size_t place = column % (2 * (size_t)header->class_count);
    struct text label = header->classes[place % header->class_count];
    buffer_bytes(text, part.data, part.size);
    if (number > 1)
        buffer_print(text, "%zu", number);
    buffer_byte(text, ':');
    buffer_bytes(text, label.data, label.size);
    if (place >= header->class_count)
        buffer_string(text, "-margin");
}
