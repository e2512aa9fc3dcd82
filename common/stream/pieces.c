/* Blocks of numbers alone. */
#include "stream/pieces.h"

bool pieces_decode(const struct stream_record *record, struct column *x, struct error *error)
{
    return stream_column(record, "x", record->rows, sizeof(float), x, error);
}

bool pieces_write(struct stream_writer *writer, const float *x, uint32_t count, struct error *error)
{
    return stream_block(writer, count, 1, error) &&
           stream_put_numbers(writer, "x", x, count, sizeof *x, error);
}
