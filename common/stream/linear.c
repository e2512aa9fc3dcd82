/* A block's place among the rows before it tells of which part it is. */
#include "stream/linear.h"

#include "stream/numbers.h"

enum { BLOCK_BYTES = 1 << 20 };

uint32_t linear_views(const struct stream_header *header)
{
    uint32_t views = 0;
    for (uint32_t i = 0; i < header->part_count; i++)
        views += !linear_is_bayes(&header->parts[i]);
    return views;
}

uint64_t linear_rows(const struct stream_header *header)
{
    uint64_t rows = header->scored;
    for (uint32_t i = 0; i < header->part_count; i++)
        rows += header->parts[i].terms;
    return rows;
}

/* ---- checks ---- */

static uint32_t number_at(struct column column, size_t index)
{
    return (uint32_t)numbers_int32(column.bytes, index);
}

static bool check_labels(const struct stream_record *record, struct column labels, size_t count,
                         uint32_t classes, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (number_at(labels, i) >= classes)
            return stream_damaged(record, error, "label %zu is class %u of %u", i + 1,
                                  (unsigned)number_at(labels, i), (unsigned)classes);
    return true;
}

/* x - x is 0, or no number where x is none or infinite. Sums of several make no chain. */
static bool check_finite(const struct stream_record *record, const char *key, struct column column,
                         struct error *error)
{
    enum { LANES = 8 };
    float zeros[LANES] = {0}, sum = 0;
    size_t count = column.size / sizeof *zeros, at = 0;
    for (; at + LANES <= count; at += LANES) {
        float x[LANES];
        numbers_copy(x, column.bytes + at * sizeof *x, LANES, sizeof *x);
        for (int lane = 0; lane < LANES; lane++)
            zeros[lane] += x[lane] - x[lane];
    }
    for (; at < count; at++)
        sum += numbers_float32(column.bytes, at) - numbers_float32(column.bytes, at);
    for (int lane = 0; lane < LANES; lane++)
        sum += zeros[lane];
    return sum == 0 || stream_damaged(record, error, "column %s is not finite", key);
}

/* Each term was seen with some labels, in ascending order, and at least once with each. */
static bool check_pairs(const struct stream_header *header, const struct stream_record *record,
                        const struct linear_block *block, struct error *error)
{
    size_t at = 0;
    for (uint32_t row = 0; row < block->rows; row++) {
        size_t end = at + number_at(block->pairs, row);
        if (end == at)
            return stream_damaged(record, error, "term %u has no label", (unsigned)row + 1);
        for (size_t first = at; at < end; at++)
            if (number_at(block->counts, at) == 0 ||
                (at > first && number_at(block->labels, at) <= number_at(block->labels, at - 1)))
                return stream_damaged(record, error, "the counts of term %u are out of order",
                                      (unsigned)row + 1);
    }
    return check_labels(record, block->labels, at, header->class_count, error);
}

static bool check_documents(const struct stream_header *header, const struct stream_record *record,
                            const struct linear_block *block, struct error *error)
{
    for (uint32_t row = 0; row < block->rows; row++) {
        uint32_t count = number_at(block->documents, row);
        if (count == 0 || count > header->samples)
            return stream_damaged(record, error, "%u of %llu documents hold term %u",
                                  (unsigned)count, (unsigned long long)header->samples,
                                  (unsigned)row + 1);
    }
    return true;
}

/* ---- decoding ---- */

static bool decode_view(const struct stream_header *header, const struct stream_record *record,
                        struct linear_block *block, struct error *error)
{
    size_t width = header->class_count * sizeof(float);
    return stream_list(record, "terms", block->rows, &block->terms, error) &&
           stream_column(record, "documents", block->rows, sizeof(uint32_t), &block->documents,
                         error) &&
           stream_column(record, "weights", block->rows, width, &block->weights, error) &&
           check_documents(header, record, block, error) &&
           check_finite(record, "weights", block->weights, error);
}

static bool decode_bayes(const struct stream_header *header, const struct stream_record *record,
                         struct linear_block *block, struct error *error)
{
    uint64_t pairs = 0;
    if (!stream_list(record, "terms", block->rows, &block->terms, error) ||
        !stream_column(record, "pairs", block->rows, sizeof(uint32_t), &block->pairs, error))
        return false;
    for (uint32_t row = 0; row < block->rows; row++)
        pairs += number_at(block->pairs, row);
    if (pairs > UINT32_MAX) /* its bins have no more bytes, and sizes may have 32 bits */
        return stream_damaged(record, error, "the block has %llu pairs", (unsigned long long)pairs);
    return stream_column(record, "labels", pairs, sizeof(uint32_t), &block->labels, error) &&
           stream_column(record, "counts", pairs, sizeof(uint32_t), &block->counts, error) &&
           check_pairs(header, record, block, error);
}

static uint64_t hash_at(struct column column, size_t index)
{
    uint64_t hash;
    numbers_copy(&hash, column.bytes + index * sizeof hash, 1, sizeof hash);
    return hash;
}

static bool check_keys(const struct stream_record *record, const struct linear_block *block,
                       struct error *error)
{
    for (uint32_t row = 0; row < block->rows; row++) {
        uint64_t hash = hash_at(block->hashes, row);
        uint64_t before = row ? hash_at(block->hashes, row - 1) : 0;
        bool later =
            !row || hash > before ||
            (hash == before && number_at(block->labels, row) > number_at(block->labels, row - 1));
        if (!later || number_at(block->copies, row) == 0)
            return stream_damaged(record, error, "document %u is out of order", (unsigned)row + 1);
    }
    return true;
}

static bool decode_documents(const struct stream_header *header, const struct stream_record *record,
                             struct linear_block *block, struct error *error)
{
    size_t width = (size_t)linear_views(header) * header->class_count * sizeof(float);
    return stream_column(record, "hashes", block->rows, sizeof(uint64_t), &block->hashes, error) &&
           stream_column(record, "labels", block->rows, sizeof(uint32_t), &block->labels, error) &&
           stream_column(record, "copies", block->rows, sizeof(uint32_t), &block->copies, error) &&
           stream_column(record, "scores", block->rows, width, &block->scores, error) &&
           check_keys(record, block, error) &&
           check_labels(record, block->labels, block->rows, header->class_count, error) &&
           check_finite(record, "scores", block->scores, error);
}

/* Finds the part that the block is of, and where in it. */
static bool find_part(const struct stream_header *header, const struct stream_record *record,
                      struct linear_block *block, struct error *error)
{
    uint64_t left = header->scored;
    block->first = record->row;
    for (uint32_t i = 0; i < header->part_count && !block->part; i++) {
        uint64_t terms = header->parts[i].terms;
        if (block->first < terms) {
            block->part = &header->parts[i];
            left = terms;
        } else {
            block->first -= terms;
        }
    }
    return (block->first <= left && record->rows <= left - block->first) ||
           stream_damaged(record, error, "the block goes beyond its part");
}

bool linear_decode(const struct stream_header *header, const struct stream_record *record,
                   struct linear_block *block, struct error *error)
{
    *block = (struct linear_block){.rows = (uint32_t)record->rows};
    if (!find_part(header, record, block, error))
        return false;
    if (!block->part)
        return decode_documents(header, record, block, error);
    return linear_is_bayes(block->part) ? decode_bayes(header, record, block, error)
                                        : decode_view(header, record, block, error);
}

/* ---- writing ---- */

uint32_t linear_block_terms(const struct text *terms, uint32_t count, uint32_t width)
{
    size_t most = stream_block_rows(width ? width : 1), bytes = 0;
    uint32_t rows = 0;
    while (rows < count && rows < most && bytes < BLOCK_BYTES)
        bytes += terms[rows++].size;
    return rows;
}

bool linear_write_view(struct stream_writer *writer, uint32_t rows, uint32_t classes,
                       const struct text *terms, const uint32_t *documents, const float *weights,
                       struct error *error)
{
    return stream_block(writer, rows, 3, error) &&
           stream_put_names(writer, "terms", terms, rows, error) &&
           stream_put_numbers(writer, "documents", documents, rows, sizeof *documents, error) &&
           stream_put_numbers(writer, "weights", weights, (size_t)rows * classes, sizeof *weights,
                              error);
}

bool linear_write_bayes(struct stream_writer *writer, uint32_t rows, const struct text *terms,
                        const uint32_t *pairs, const uint32_t *labels, const uint32_t *counts,
                        struct error *error)
{
    size_t sum = 0;
    for (uint32_t row = 0; row < rows; row++)
        sum += pairs[row];
    return stream_block(writer, rows, 4, error) &&
           stream_put_names(writer, "terms", terms, rows, error) &&
           stream_put_numbers(writer, "pairs", pairs, rows, sizeof *pairs, error) &&
           stream_put_numbers(writer, "labels", labels, sum, sizeof *labels, error) &&
           stream_put_numbers(writer, "counts", counts, sum, sizeof *counts, error);
}

bool linear_write_documents(struct stream_writer *writer, uint32_t rows, size_t width,
                            const uint64_t *hashes, const uint32_t *labels, const uint32_t *copies,
                            const float *scores, struct error *error)
{
    return stream_block(writer, rows, 4, error) &&
           stream_put_numbers(writer, "hashes", hashes, rows, sizeof *hashes, error) &&
           stream_put_numbers(writer, "labels", labels, rows, sizeof *labels, error) &&
           stream_put_numbers(writer, "copies", copies, rows, sizeof *copies, error) &&
           stream_put_numbers(writer, "scores", scores, rows * width, sizeof *scores, error);
}
