/* Blocks of predictions, checked for classes that are not there. */
#include "stream/predictions.h"

#include "stream/numbers.h"

static bool check_predicted(const struct stream_header *header, const struct stream_record *record,
                            const struct predictions_block *block, struct error *error)
{
    for (uint32_t row = 0; row < block->rows; row++) {
        int32_t number = numbers_int32(block->predicted.bytes, row);
        if (number == PREDICTIONS_NONE && header->abstains)
            continue;
        if (number < 0 || (uint32_t)number >= header->class_count)
            return stream_damaged(record, error, "row %llu predicts class %d of %u",
                                  (unsigned long long)(record->row + row + 1), (int)number,
                                  header->class_count);
    }
    return true;
}

static bool check_sets(const struct stream_header *header, const struct stream_record *record,
                       struct predictions_block *block, struct error *error)
{
    uint32_t count = 0;
    for (uint32_t row = 0; row < block->rows; row++) {
        uint32_t end = (uint32_t)numbers_int32(block->set_ends.bytes, row);
        if (end < count || end - count > header->class_count)
            return stream_damaged(record, error, "row %llu has a set of %u classes of %u",
                                  (unsigned long long)(record->row + row + 1),
                                  (unsigned)(end - count), (unsigned)header->class_count);
        count = end;
    }
    if (!stream_column(record, "set", count, sizeof(uint32_t), &block->set, error))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if ((uint32_t)numbers_int32(block->set.bytes, i) >= header->class_count)
            return stream_damaged(record, error, "a set has a class that is not there");
    return true;
}

bool predictions_decode(const struct stream_header *header, const struct stream_record *record,
                        struct predictions_block *block, struct error *error)
{
    *block = (struct predictions_block){.rows = (uint32_t)record->rows};
    return stream_column(record, "predicted", block->rows, sizeof(int32_t), &block->predicted,
                         error) &&
           check_predicted(header, record, block, error) &&
           (!header->labelled ||
            stream_names(record, "labels", block->rows, &block->labels, error)) &&
           (!header->proba ||
            stream_column(record, "proba", block->rows, header->class_count * sizeof(float),
                          &block->proba, error)) &&
           (!header->log_proba ||
            stream_column(record, "log_proba", block->rows, header->class_count * sizeof(float),
                          &block->log_proba, error)) &&
           (!header->sets || (stream_column(record, "set_ends", block->rows, sizeof(uint32_t),
                                            &block->set_ends, error) &&
                              check_sets(header, record, block, error))) &&
           details_decode(header, record, &block->details, error) &&
           (!header->kept || stream_names(record, "kept", block->rows, &block->kept, error));
}

static bool write_sets(struct stream_writer *writer, const struct predictions_rows *rows,
                       struct error *error)
{
    return stream_put_numbers(writer, "set_ends", rows->set_ends, rows->rows,
                              sizeof *rows->set_ends, error) &&
           stream_put_numbers(writer, "set", rows->set, rows->set_ends[rows->rows - 1],
                              sizeof *rows->set, error);
}

bool predictions_write(struct stream_writer *writer, const struct stream_header *header,
                       const struct predictions_rows *rows, struct error *error)
{
    const size_t n = rows->rows, shares = n * header->class_count;
    const unsigned columns = 1u + !!rows->labels + !!rows->proba + !!rows->log_proba +
                             !!rows->kept + 2u * !!rows->set_ends;
    return stream_block(writer, rows->rows, columns + details_count(header), error) &&
           stream_put_numbers(writer, "predicted", rows->predicted, n, sizeof *rows->predicted,
                              error) &&
           (!rows->labels || stream_put_names(writer, "labels", rows->labels, n, error)) &&
           (!rows->proba ||
            stream_put_numbers(writer, "proba", rows->proba, shares, sizeof(float), error)) &&
           (!rows->log_proba || stream_put_numbers(writer, "log_proba", rows->log_proba, shares,
                                                   sizeof(float), error)) &&
           (!rows->set_ends || write_sets(writer, rows, error)) &&
           (!header->detail || details_write(writer, header, rows->rows, rows->details, error)) &&
           (!rows->kept || stream_put_names(writer, "kept", rows->kept, n, error));
}
