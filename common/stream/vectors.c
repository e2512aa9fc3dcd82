/* Blocks of words and their vectors. */
#include "stream/vectors.h"

bool vectors_decode(const struct stream_header *header, const struct stream_record *record,
                    struct vectors_block *block, struct error *error)
{
    block->rows = (uint32_t)record->rows;
    return stream_names(record, "words", block->rows, &block->words, error) &&
           stream_column(record, "x", block->rows, header->dim * sizeof(float), &block->x, error);
}

bool vectors_write(struct stream_writer *writer, uint32_t rows, uint32_t dim,
                   const struct text *words, const float *x, struct error *error)
{
    return stream_block(writer, rows, 2, error) &&
           stream_put_names(writer, "words", words, rows, error) &&
           stream_put_numbers(writer, "x", x, (size_t)rows * dim, sizeof *x, error);
}
