/*
 * Loading is a pipeline of two threads: one reads and checks records, the calling one puts terms
 * into tables, in the stream's order. Terms and weights are most of a record: they are copied in
 * one piece each, to where they are in it, and stay. Keeping the records themselves would save the
 * copy and cost more: the system clears what they would be read into, page by page.
 *
 * No number of the header takes memory by itself: tables grow as blocks arrive. But where a file is
 * as long as its header says, they are made once.
 */
#include "base/memory.h"
#include "linear/tfidf.h"
#include "run/evidence.h"
#include "run/reading.h"
#include "stream/linear.h"
#include "stream/numbers.h"

#include <stdlib.h>

enum { AT_ONCE = 16 }; /* times as many terms as a block has are made room for */

/* `reader` belongs to the reading stage, the rest to the others. */
struct loading {
    struct stream_reader *reader;
    struct evidence *evidence;
    bool long_enough;   /* it is a file that may hold all that its header says */
    struct tfidf tfidf; /* of the samples */
    /* Of a block. */
    char *copy; /* of its record's terms and weights, in the pool */
    struct text *terms;
    uint64_t *hashes;
    size_t terms_capacity, hashes_capacity;
};

/* ---- room ---- */

/* The bytes that a part's terms take in a stream, at least. */
static uint64_t part_bytes(const struct stream_header *header, const struct stream_part *part)
{
    uint64_t numbers = linear_is_bayes(part) ? 3 : 1 + (uint64_t)header->class_count;
    return part->terms * (1 + numbers * sizeof(uint32_t));
}

static bool is_long_enough(const struct stream_header *header, uint64_t file_size)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < header->part_count; i++)
        bytes += part_bytes(header, &header->parts[i]);
    return bytes < file_size;
}

/* For how many terms of the block's part there is to be room. */
static size_t room_of(const struct loading *loading, const struct linear_block *block)
{
    uint64_t room = block->first + (uint64_t)block->rows * AT_ONCE;
    return loading->long_enough || room > block->part->terms ? block->part->terms : room;
}

/* ---- terms ---- */

/* One that stands twice would leave numbers without one. */
static bool add_terms(struct loading *loading, struct evidence_part *part,
                      const struct linear_block *block, const struct stream_record *record,
                      struct error *error)
{
    size_t done;
    if (!memory_reserve(&loading->terms, &loading->terms_capacity, block->rows,
                        sizeof *loading->terms) ||
        !memory_reserve(&loading->hashes, &loading->hashes_capacity, block->rows,
                        sizeof *loading->hashes) ||
        !words_reserve(&part->terms, room_of(loading, block)))
        return error_memory(error, "reading the evidence");
    stream_texts(record, block->terms, block->rows, loading->copy, loading->terms);
    for (uint32_t row = 0; row < block->rows; row++)
        loading->hashes[row] = words_hash(loading->terms[row].data, loading->terms[row].size);
    if (!words_add_new(&part->terms, loading->terms, loading->hashes, block->rows, &done))
        return error_memory(error, "reading the evidence");
    return done == block->rows || stream_damaged(record, error, "term %zu stands twice", done + 1);
}

static bool add_weights(struct loading *loading, struct evidence_part *part,
                        const struct linear_block *block, const struct stream_record *record)
{
    struct scorer *scorer = &part->scorer;
    char *weights = loading->copy + (block->weights.bytes - record->bytes);
    numbers_copy(weights, block->weights.bytes, block->weights.size / sizeof(float), sizeof(float));
    if (!scorer_reserve(scorer, (uint32_t)room_of(loading, block)) ||
        !scorer_add(scorer, weights, block->rows))
        return false;
    double *rarities = scorer->rarity + scorer->features - block->rows;
    for (uint32_t row = 0; row < block->rows; row++)
        rarities[row] =
            tfidf_rarity_of(&loading->tfidf, (uint32_t)numbers_int32(block->documents.bytes, row));
    return true;
}

static bool load_view(struct loading *loading, struct evidence_part *part,
                      const struct linear_block *block, const struct stream_record *record,
                      struct error *error)
{
    return add_terms(loading, part, block, record, error) &&
           (add_weights(loading, part, block, record) ||
            error_memory(error, "reading the evidence"));
}

static uint32_t *copy_numbers(struct column column)
{
    size_t count = column.size / sizeof(uint32_t);
    uint32_t *numbers = memory_array(count, sizeof *numbers);
    if (numbers)
        numbers_copy(numbers, column.bytes, count, sizeof *numbers);
    return numbers;
}

static bool load_bayes(struct loading *loading, struct evidence_part *part,
                       const struct linear_block *block, const struct stream_record *record,
                       struct error *error)
{
    uint32_t *pairs = copy_numbers(block->pairs);
    uint32_t *labels = copy_numbers(block->labels), *counts = copy_numbers(block->counts);
    bool done = add_terms(loading, part, block, record, error);
    if (done && (!pairs || !labels || !counts ||
                 !bayes_add(&part->bayes, block->rows, pairs, labels, counts)))
        done = error_memory(error, "reading the evidence");
    free(pairs);
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
        !memory_reserve_large(&evidence->scores, &evidence->scores_capacity, count * width,
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

/* A record and what is in it. */
struct batch {
    struct stream_record record;
    struct linear_block block;
};

static enum pipeline_read read_block(void *shared, void *item, struct error *error)
{
    const struct loading *loading = shared;
    struct batch *batch = item;
    enum pipeline_read read = reading_record(loading->reader, &batch->record, error);
    if (read == PIPELINE_BATCH &&
        !linear_decode(&loading->evidence->header, &batch->record, &batch->block, error))
        return PIPELINE_FAILED;
    return read;
}

/* Nothing to be done apart from the order. */
static bool pass_block(void *shared, unsigned worker, void *item, struct error *error)
{
    (void)shared, (void)worker, (void)item, (void)error;
    return true;
}

static bool load_block(void *shared, void *item, struct error *error)
{
    struct loading *loading = shared;
    struct evidence *evidence = loading->evidence;
    const struct batch *batch = item;
    const struct linear_block *block = &batch->block;
    if (!block->part)
        return load_documents(evidence, block, &batch->record, error);
    struct evidence_part *part = &evidence->parts[block->part - evidence->header.parts];
    loading->copy = pool_take(&evidence->pool, batch->record.size);
    if (!loading->copy)
        return error_memory(error, "reading the evidence");
    return (part->is_bayes ? load_bayes : load_view)(loading, part, block, &batch->record, error);
}

static void free_batch(void *item)
{
    stream_record_free(&((struct batch *)item)->record);
}

static bool load_blocks(struct evidence *evidence, struct stream_reader *reader,
                        struct error *error)
{
    struct loading loading = {
        .reader = reader, .evidence = evidence, .tfidf = {.rows = evidence->header.samples}};
    loading.long_enough = is_long_enough(&evidence->header, stream_file_size(reader));
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .most_batches = 2,
                                      .shared = &loading,
                                      .release = free_batch,
                                      .read = read_block,
                                      .work = pass_block,
                                      .write = load_block};
    bool loaded = pipeline_run(&pipeline, 1, error);
    free(loading.terms);
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
    pool_free(&evidence->pool);
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
