/*
 * Loading is a pipeline of two threads: one reads and checks records, the calling one puts terms
 * into tables, in the stream's order. Terms, weights and scores are most of a record, and stay: of
 * a file where they were read to (stream_keep), else they are copied.
 *
 * No number of the header takes memory by itself: tables grow as blocks arrive. But where a file is
 * as long as its header says, they are made once, by the reading thread before the part's first
 * block goes on: that the system clears fresh memory is a good part of the work.
 */
#include "base/memory.h"
#include "run/evidence.h"
#include "run/reading.h"
#include "stream/linear.h"
#include "stream/numbers.h"

#include <stdlib.h>
#include <string.h>

enum {
    AT_ONCE = 16, /* times as many terms as a block has are made room for */
    HASHED = 512  /* terms that are hashed one after the other, then looked for */
};

/* `reader` belongs to the reading stage, the rest to the calling thread. */
struct loading {
    struct stream_reader *reader;
    struct evidence *evidence;
    bool long_enough; /* it is a file that may hold all that its header says */
    struct text terms[HASHED];
    uint64_t hashes[HASHED];
};

/* A record and what is in it. */
struct batch {
    struct stream_record record;
    struct linear_block block;
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

/* Makes the tables of a part that begins, of which the calling thread knows nothing yet. */
static bool make_tables(const struct loading *loading, const struct linear_block *block)
{
    const struct stream_part *told = block->part;
    if (!told || block->first || !loading->long_enough)
        return true;
    struct evidence_part *part = &loading->evidence->parts[told - loading->evidence->header.parts];
    return words_prepare(&part->terms, told->terms);
}

/* ---- what stays of a block ---- */

/* Bytes of a record, for longer than the record. NULL: memory is out. */
static const void *keep(const struct loading *loading, const struct batch *batch, const void *bytes,
                        size_t size)
{
    if (batch->record.stays)
        return bytes;
    char *copy = pool_take(&loading->evidence->pool, size);
    if (copy && size)
        memcpy(copy, bytes, size);
    return copy;
}

/* The same for numbers, in this machine's order. */
static const void *keep_numbers(const struct loading *loading, const struct batch *batch,
                                struct column column)
{
    if (NUMBERS_OURS)
        return keep(loading, batch, column.bytes, column.size);
    void *copy = pool_take(&loading->evidence->pool, column.size);
    if (copy)
        numbers_copy(copy, column.bytes, column.size / sizeof(float), sizeof(float));
    return copy;
}

/* ---- terms ---- */

/* The next `count` of them, from `*at` on; `*done` are added, fewer where the next one is there. */
static bool add_some(struct loading *loading, struct words *words, const unsigned char **at,
                     const unsigned char *end, size_t count, size_t *done)
{
    for (size_t i = 0; i < count; i++) {
        struct text term = loading->terms[i] = stream_list_next(at);
        loading->hashes[i] = end - *at >= WORDS_BEHIND ? words_hash_inside(term.data, term.size)
                                                       : words_hash(term.data, term.size);
    }
    return words_add_new(words, loading->terms, loading->hashes, count, done);
}

/* One that stands twice would leave numbers without one. */
static bool add_terms(struct loading *loading, struct evidence_part *part,
                      const struct batch *batch, struct error *error)
{
    const struct stream_list *list = &batch->block.terms;
    const unsigned char *at = keep(loading, batch, list->names, list->size);
    if (!at || !words_reserve(&part->terms, room_of(loading, &batch->block)))
        return error_memory(error, "reading the evidence");
    const unsigned char *end = at + list->size;
    for (uint32_t added = 0; added < list->count;) {
        uint32_t count = list->count - added < HASHED ? list->count - added : HASHED;
        size_t done;
        if (!add_some(loading, &part->terms, &at, end, count, &done))
            return error_memory(error, "reading the evidence");
        added += (uint32_t)done;
        if (done < count)
            return stream_damaged(&batch->record, error, "term %zu stands twice",
                                  (size_t)added + 1);
    }
    return true;
}

static bool add_weights(const struct loading *loading, struct evidence_part *part,
                        const struct batch *batch)
{
    const struct linear_block *block = &batch->block;
    const void *weights = keep_numbers(loading, batch, block->weights);
    const void *documents = keep_numbers(loading, batch, block->documents);
    return weights && documents && scorer_add(&part->scorer, weights, documents, block->rows);
}

static bool load_view(struct loading *loading, struct evidence_part *part,
                      const struct batch *batch, struct error *error)
{
    return add_terms(loading, part, batch, error) &&
           (add_weights(loading, part, batch) || error_memory(error, "reading the evidence"));
}

/* Whole numbers in this machine's order, at any alignment; `*room`, for free(), may hold them. */
static const void *ours(struct column column, void **room)
{
    const size_t count = column.size / sizeof(uint32_t);
    *room = NUMBERS_OURS ? NULL : memory_array(count, sizeof(uint32_t));
    if (!NUMBERS_OURS && !*room)
        return NULL;
    return numbers_view(*room, column.bytes, count, sizeof(uint32_t));
}

static bool add_counts(struct bayes *bayes, const struct linear_block *block)
{
    void *room[3];
    const void *pairs = ours(block->pairs, &room[0]), *labels = ours(block->labels, &room[1]),
               *counts = ours(block->counts, &room[2]);
    bool done = pairs && labels && counts && bayes_add(bayes, block->rows, pairs, labels, counts);
    for (int i = 0; i < 3; i++)
        free(room[i]);
    return done && (block->first + block->rows < block->part->terms || bayes_settle(bayes));
}

static bool load_bayes(struct loading *loading, struct evidence_part *part,
                       const struct batch *batch, struct error *error)
{
    return add_terms(loading, part, batch, error) &&
           (add_counts(&part->bayes, &batch->block) || error_memory(error, "reading the evidence"));
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

static bool make_room(struct evidence *evidence, size_t count)
{
    return memory_reserve(&evidence->hashes, &evidence->hashes_capacity, count,
                          sizeof *evidence->hashes) &&
           memory_reserve(&evidence->own, &evidence->own_capacity, count, sizeof *evidence->own) &&
           memory_reserve(&evidence->scores, &evidence->scores_capacity, evidence->score_blocks + 1,
                          sizeof *evidence->scores);
}

static bool load_documents(struct loading *loading, const struct batch *batch, struct error *error)
{
    struct evidence *evidence = loading->evidence;
    const struct linear_block *block = &batch->block;
    size_t first = evidence->trained, count = first + block->rows;
    const unsigned char *scores = keep(loading, batch, block->scores.bytes, block->scores.size);
    if (!scores || !make_room(evidence, count))
        return error_memory(error, "reading the evidence");
    numbers_copy(evidence->hashes + first, block->hashes.bytes, block->rows,
                 sizeof *evidence->hashes);
    for (uint32_t row = 0; row < block->rows; row++)
        evidence->own[first + row] =
            (struct bayes_own){(uint32_t)numbers_int32(block->labels.bytes, row),
                               (uint32_t)numbers_int32(block->copies.bytes, row)};
    if (!follows(evidence))
        return stream_damaged(&batch->record, error, "the documents are out of order");
    evidence->scores[evidence->score_blocks++] = (struct evidence_scores){first, scores};
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
        if (!part->is_bayes &&
            !scorer_start(&part->scorer, told->intercepts, header->class_count, header->samples))
            return error_memory(error, "reading the evidence");
    }
    return true;
}

static enum pipeline_read read_block(void *shared, void *item, struct error *error)
{
    const struct loading *loading = shared;
    struct batch *batch = item;
    enum pipeline_read read = reading_record(loading->reader, &batch->record, error);
    if (read != PIPELINE_BATCH)
        return read;
    if (!linear_decode(&loading->evidence->header, &batch->record, &batch->block, error))
        return PIPELINE_FAILED;
    if (make_tables(loading, &batch->block))
        return PIPELINE_BATCH;
    error_memory(error, "reading the evidence");
    return PIPELINE_FAILED;
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
        return load_documents(loading, batch, error);
    struct evidence_part *part = &evidence->parts[block->part - evidence->header.parts];
    return (part->is_bayes ? load_bayes : load_view)(loading, part, batch, error);
}

static void free_batch(void *item)
{
    stream_record_free(&((struct batch *)item)->record);
}

static bool load_blocks(struct evidence *evidence, struct stream_reader *reader,
                        struct error *error)
{
    struct loading loading = {.reader = reader, .evidence = evidence};
    loading.long_enough = is_long_enough(&evidence->header, stream_file_size(reader));
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .most_batches = 4,
                                      .shared = &loading,
                                      .release = free_batch,
                                      .read = read_block,
                                      .work = pass_block,
                                      .write = load_block};
    bool loaded = pipeline_run(&pipeline, 1, error);
    if (!loaded)
        return false;
    uint64_t rows = stream_read_totals(reader).rows;
    return rows == linear_rows(&evidence->header) ||
           error_set(error, STATUS_INPUT, "%s: has %llu rows, and its header says %llu",
                     stream_name(reader), (unsigned long long)rows,
                     (unsigned long long)linear_rows(&evidence->header));
}

bool evidence_load(struct evidence *evidence, struct stream_reader *reader, struct error *error)
{
    *evidence = (struct evidence){0};
    stream_keep(reader, &evidence->pool);
    if (stream_read_header(reader, STREAM_LINEAR, &evidence->header, error) &&
        start_parts(evidence, stream_name(reader), error) && load_blocks(evidence, reader, error)) {
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
        buffer_string(text, EVIDENCE_MARGIN);
}
