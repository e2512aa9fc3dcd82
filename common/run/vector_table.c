/*
 * Loading is a pipeline of two threads: one reads and checks records, and makes room for their
 * words and floats in a pool; the calling one copies them there, hashes the words, and puts them
 * into the table, in the stream's order. The pool is the reading thread's, the table the other's.
 * That the system clears fresh memory when it is first touched is half of the work, so that this is
 * the reading thread's, too. Keeping the records themselves would save the copy and cost more: they
 * would have to be read into fresh memory each time, on small pages, where the buffers of a few
 * records that are used again and again stay in the cache.
 */
#include "run/vector_table.h"

#include "base/ahead.h"
#include "base/memory.h"
#include "run/reading.h"
#include "stream/numbers.h"
#include "stream/vectors.h"
#include "text/tokens.h"

#include <stdlib.h>
#include <string.h>

enum {
    CACHE_LINE = 64,
    PREFETCHED_BYTES = 8 * CACHE_LINE, /* of a vector */
    SMALLEST_PAGE = 4096,
    MOST_FORESEEN = 2 << 20 /* words that the first block and the file's size may foretell */
};

/* ---- loading ---- */

struct load_batch {
    struct stream_record record;
    char *room; /* in the pool, for all that is kept of the record */
    uint32_t rows;
    struct text *words; /* of the block, in that room */
    uint64_t *hashes;
    size_t word_capacity, hash_capacity;
    const float *x; /* likewise */
};

/* `reader` and the table's pool belong to the reading stage, the rest of the table to the others.
 */
struct loading {
    struct stream_reader *reader;
    struct stream_header header;
    struct vector_table *table;
};

static enum pipeline_read read_block(void *shared, void *batch, struct error *error)
{
    const struct loading *loading = shared;
    struct load_batch *load = batch;
    enum pipeline_read read = reading_record(loading->reader, &load->record, error);
    if (read != PIPELINE_BATCH)
        return read;
    load->room = pool_take(&loading->table->pool, load->record.size);
    if (!load->room) {
        error_memory(error, "reading the vectors");
        return PIPELINE_FAILED;
    }
    for (size_t at = 0; at < load->record.size; at += SMALLEST_PAGE)
        load->room[at] = 0; /* the page is cleared now, while the other thread is at work */
    return PIPELINE_BATCH;
}

/* Copies the words to `to`, one behind the other, and hashes them. */
static void keep_words(struct load_batch *load, const struct vectors_block *block, char *to)
{
    for (uint32_t i = 0; i < block->rows; i++) {
        struct text word = stream_text(block->words, i);
        if (word.size)
            memcpy(to, word.data, word.size);
        load->words[i] = (struct text){to, word.size};
        load->hashes[i] = words_hash(to, word.size);
        to += word.size;
    }
}

static bool keep_block(void *shared, unsigned worker, void *batch, struct error *error)
{
    const struct loading *loading = shared;
    struct load_batch *load = batch;
    struct vectors_block block;
    (void)worker;
    if (!vectors_decode(&loading->header, &load->record, &block, error))
        return false;
    /* Both stand in the record, so that its size is room enough. */
    size_t numbers = (size_t)block.rows * loading->header.dim;
    float *x = (void *)load->room;
    if (!memory_reserve(&load->words, &load->word_capacity, block.rows, sizeof *load->words) ||
        !memory_reserve(&load->hashes, &load->hash_capacity, block.rows, sizeof *load->hashes))
        return error_memory(error, "reading the vectors");
    numbers_copy(x, block.x.bytes, numbers, sizeof *x);
    keep_words(load, &block, load->room + numbers * sizeof *x);
    load->rows = block.rows;
    load->x = x;
    return true;
}

/* How many words the whole file has, if its other blocks are as the first; 0: not known. */
static size_t foresee(const struct loading *loading, const struct load_batch *first)
{
    uint64_t size = stream_file_size(loading->reader);
    double count = (double)first->rows * (double)size / (double)first->record.size;
    return count < MOST_FORESEEN ? (size_t)count : MOST_FORESEEN;
}

static bool insert_words(void *shared, void *batch, struct error *error)
{
    const struct loading *loading = shared;
    struct vector_table *table = loading->table;
    const struct load_batch *load = batch;
    size_t most = table->words.count + load->rows;
    const size_t foreseen = table->words.count ? 0 : foresee(loading, load);
    if (most < foreseen) /* asked for once: the file may change, or its size be refused */
        most = foreseen;
    if (!words_reserve(&table->words, most) ||
        !memory_reserve(&table->vectors, &table->vector_capacity, most, sizeof *table->vectors))
        return error_memory(error, "reading the vectors");
    for (uint32_t i = 0; i < load->rows; i++) {
        if (i + AHEAD < load->rows)
            words_prefetch(&table->words, load->hashes[i + AHEAD]);
        uint32_t number = words_add_borrowed(&table->words, load->words[i], load->hashes[i], NULL);
        if (number == WORDS_NONE)
            return error_memory(error, "reading the vectors");
        table->vectors[number] = load->x + (size_t)i * table->dim;
    }
    return true;
}

static void free_batch(void *batch)
{
    struct load_batch *load = batch;
    stream_record_free(&load->record);
    free(load->words);
    free(load->hashes);
}

static bool load_blocks(struct loading *loading, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct load_batch),
                                      .shared = loading,
                                      .release = free_batch,
                                      .read = read_block,
                                      .work = keep_block,
                                      .write = insert_words};
    return pipeline_run(&pipeline, 1, error);
}

bool vector_table_load(struct vector_table *table, struct stream_reader *reader,
                       struct error *error)
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
        vector_table_free(table);
    }
    stream_header_free(&loading.header);
    return loaded;
}

/* ---- looking up ---- */

static void prefetch(const void *bytes, size_t size)
{
    for (size_t at = 0; at < size && at < PREFETCHED_BYTES; at += CACHE_LINE)
        __builtin_prefetch((const char *)bytes + at);
}

/* Vectors are fetched as words are: where they lie, then they themselves. */
size_t vector_table_find(const struct vector_table *table, const struct text *tokens, size_t count,
                         const float **vectors)
{
    struct hashed sought[TOKENS_BATCH];
    uint32_t numbers[TOKENS_BATCH];
    size_t known = 0;
    if (!count)
        return 0;
    for (size_t i = 0; i < count; i++)
        sought[i] = (struct hashed){tokens[i], words_hash(tokens[i].data, tokens[i].size)};
    words_find_batch(&table->words, sought, count, numbers);
    for (size_t i = 0; i < count; i++)
        if (numbers[i] != WORDS_NONE)
            __builtin_prefetch(&table->vectors[numbers[i]]);
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == WORDS_NONE)
            continue;
        vectors[known++] = table->vectors[numbers[i]];
        prefetch(vectors[known - 1], table->dim * sizeof(float));
    }
    return known;
}

void vector_table_free(struct vector_table *table)
{
    pool_free(&table->pool);
    free(table->vectors);
    words_free(&table->words);
    lineage_free(&table->lineage);
    *table = (struct vector_table){0};
}
