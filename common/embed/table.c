/*
 * Loading is a pipeline of three: one thread reads records and checks them, one decodes their
 * words and hashes them, and the calling thread puts them into the table, in the stream's order.
 * A record's bytes then stay with the table, and its batch goes back for another.
 */
#include "embed/table.h"

#include "base/memory.h"
#include "embed/tokens.h"
#include "par/pipeline.h"
#include "stream/numbers.h"
#include "stream/vectors.h"

#include <stdlib.h>

enum { BATCHES = 4, CACHE_LINE = 64, PREFETCHED = 8 * CACHE_LINE };

/* ---- loading ---- */

struct load_batch {
    struct stream_record record;
    struct vectors_block block;
    uint64_t *hashes; /* of the block's words */
    size_t hash_capacity;
};

/* `reader` belongs to the reading stage, `table` to the writing one. */
struct loading {
    struct stream_reader *reader;
    struct stream_header header;
    struct table *table;
};

static enum pipeline_read read_record(void *shared, void *batch, struct error *error)
{
    struct loading *loading = shared;
    struct load_batch *load = batch;
    switch (stream_next(loading->reader, &load->record, error)) {
    case STREAM_BLOCK:
        return PIPELINE_BATCH;
    case STREAM_END:
        return PIPELINE_END;
    case STREAM_FAILED:
        break;
    }
    return PIPELINE_FAILED;
}

static bool hash_words(void *shared, void *batch, struct error *error)
{
    const struct loading *loading = shared;
    struct load_batch *load = batch;
    struct vectors_block *block = &load->block;
    if (!vectors_decode(&loading->header, &load->record, block, error))
        return false;
    if (!memory_reserve(&load->hashes, &load->hash_capacity, block->rows, sizeof *load->hashes))
        return error_memory(error, "reading the vectors");
    for (uint32_t i = 0; i < block->rows; i++) {
        struct text word = stream_text(&block->words[i]);
        load->hashes[i] = words_hash(word.data, word.size);
    }
    return true;
}

/* The block's floats as the host has them: on most hosts they are so already. */
static const unsigned char *host_floats(struct stream_record *record, const struct column *x)
{
    unsigned char *floats = record->bytes + (x->bytes - record->bytes);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    for (size_t at = 0; at < x->size; at += sizeof(float)) {
        float value = numbers_float32(floats + at, 0);
        memcpy(floats + at, &value, sizeof value);
    }
#endif
    return floats;
}

/* Gives the record's bytes to the table. */
static bool keep_record(struct table *table, struct stream_record *record)
{
    if (!memory_reserve(&table->records, &table->record_capacity, table->record_count + 1,
                        sizeof *table->records))
        return false;
    table->records[table->record_count++] = record->bytes;
    record->bytes = NULL;
    record->size = record->capacity = 0;
    return true;
}

static bool insert_words(void *shared, void *batch, struct error *error)
{
    struct table *table = ((struct loading *)shared)->table;
    struct load_batch *load = batch;
    const struct vectors_block *block = &load->block;
    const unsigned char *floats = host_floats(&load->record, &block->x);
    size_t most = table->words.count + block->rows;
    if (!keep_record(table, &load->record) ||
        !memory_reserve(&table->vectors, &table->vector_capacity, most, sizeof *table->vectors))
        return error_memory(error, "reading the vectors");
    for (uint32_t i = 0; i < block->rows; i++) {
        struct text word = stream_text(&block->words[i]);
        uint32_t number = words_add_borrowed(&table->words, word, load->hashes[i], NULL);
        if (number == WORDS_NONE)
            return error_memory(error, "reading the vectors");
        table->vectors[number] = floats + (size_t)i * table->dim * sizeof(float);
    }
    return true;
}

static bool load_blocks(struct loading *loading, struct error *error)
{
    struct load_batch batches[BATCHES] = {0};
    void *pointers[BATCHES];
    for (size_t i = 0; i < BATCHES; i++)
        pointers[i] = &batches[i];
    const struct pipeline pipeline = {
        .shared = loading, .read = read_record, .work = hash_words, .write = insert_words};
    bool loaded = pipeline_run(&pipeline, 1, pointers, BATCHES, error);
    for (size_t i = 0; i < BATCHES; i++) {
        stream_record_free(&batches[i].record);
        free(batches[i].hashes);
    }
    return loaded;
}

bool table_load(struct table *table, struct stream_reader *reader, struct error *error)
{
    struct loading loading = {.reader = reader, .table = table};
    if (!stream_read_header(reader, STREAM_VECTORS, &loading.header, error))
        return false;
    table->dim = loading.header.dim;
    bool loaded = load_blocks(&loading, error);
    if (loaded) {
        table->lineage = loading.header.lineage;
        loading.header.lineage = (struct lineage){0};
        lineage_complete(&table->lineage, stream_read_digest(reader));
    } else {
        table_free(table);
    }
    stream_header_free(&loading.header);
    return loaded;
}

/* ---- looking up ---- */

/*
 * In a large table nearly every look-up misses the cache three times: slot, word and vector.
 * Going over the batch once for each lets the misses overlap.
 */
size_t table_find(const struct table *table, const struct text *tokens, size_t count,
                  const unsigned char **vectors)
{
    uint64_t hashes[TOKENS_BATCH];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = words_hash(tokens[i].data, tokens[i].size);
        words_prefetch(&table->words, hashes[i]);
    }
    size_t size = table->dim * sizeof(float), ahead = size < PREFETCHED ? size : PREFETCHED;
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = words_find_hashed(&table->words, tokens[i], hashes[i]);
        if (number == WORDS_NONE)
            continue;
        const unsigned char *vector = table->vectors[number];
        for (size_t at = 0; at < ahead; at += CACHE_LINE)
            __builtin_prefetch(vector + at);
        vectors[known++] = vector;
    }
    return known;
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->record_count; i++)
        free(table->records[i]);
    free(table->records);
    free(table->vectors);
    words_free(&table->words);
    lineage_free(&table->lineage);
    *table = (struct table){0};
}
