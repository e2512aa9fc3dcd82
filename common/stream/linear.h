/*
 * linear: evidence of words, in parts.
 *
 * Blocks come in the order of the header's parts, then those of the documents that were trained on;
 * each belongs to one part. The rows of a part are its terms, as many as the header says; where
 * their blocks end tells where the next part begins.
 *
 * A view's columns:
 *
 *   terms      n strings
 *   documents  n uint32         how many of the training documents hold the term
 *   weights    n x classes float32
 *
 * Those of `bayes`, a part without intercepts:
 *
 *   terms      n strings
 *   pairs      n uint32         with how many labels the term was seen; m in all
 *   labels     m uint32         these, as numbers of classes, ascending in each term
 *   counts     m uint32         how often, at least once
 *
 * Those of documents, ascending by hash, then label:
 *
 *   hashes     n uint64         of the lower-cased tokens, with one space between them
 *   labels     n uint32
 *   copies     n uint32         how many training documents these two are of
 *   scores     n x views x classes float32, what models say that have not seen the document
 */
#ifndef STREAM_LINEAR_H
#define STREAM_LINEAR_H

#include "stream/stream.h"

/* A decoded block, which points into its record: that of a view, of bayes, or of documents. */
struct linear_block {
    const struct stream_part *part; /* NULL: documents */
    uint64_t first;                 /* row of the part, or document */
    uint32_t rows;
    struct stream_list terms;             /* views, bayes */
    struct column documents, weights;     /* views */
    struct column pairs, counts;          /* bayes */
    struct column labels;                 /* bayes, documents */
    struct column hashes, copies, scores; /* documents */
};

/* Whether the part holds counts rather than weights. */
static inline bool linear_is_bayes(const struct stream_part *part)
{
    return part->intercepts == NULL;
}

/* How many parts are views. */
uint32_t linear_views(const struct stream_header *header);

/* How many rows all the blocks have together. */
uint64_t linear_rows(const struct stream_header *header);

/*
 * Decodes and checks a block: that it lies in one part, its lengths and order, labels below
 * classes, finite numbers, counts above zero. Status INPUT.
 */
bool linear_decode(const struct stream_header *header, const struct stream_record *record,
                   struct linear_block *block, struct error *error);

/* ---- writing ---- */

/* How many of `count` terms make a block: `width` numbers of 4 bytes each, about 1 MiB of either.
 */
uint32_t linear_block_terms(const struct text *terms, uint32_t count, uint32_t width);

bool linear_write_view(struct stream_writer *writer, uint32_t rows, uint32_t classes,
                       const struct text *terms, const uint32_t *documents, const float *weights,
                       struct error *error);

/* `labels` and `counts` have as many as `pairs` add up to. */
bool linear_write_bayes(struct stream_writer *writer, uint32_t rows, const struct text *terms,
                        const uint32_t *pairs, const uint32_t *labels, const uint32_t *counts,
                        struct error *error);

/* `width` is views x classes. */
bool linear_write_documents(struct stream_writer *writer, uint32_t rows, size_t width,
                            const uint64_t *hashes, const uint32_t *labels, const uint32_t *copies,
                            const float *scores, struct error *error);

#endif
