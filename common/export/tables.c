/*
 * Tables with a line of column names first. A line of TSV is never broken: buffer_name escapes what
 * would break it. A line of CSV ends with a line feed alone, and a field may hold more of them.
 */
#include "export/inner.h"
#include "export/quote.h"

#include "stream/numbers.h"
#include "stream/predictions.h"
#include "stream/samples.h"
#include "stream/vectors.h"

/* ---- fields ---- */

static void put_name(struct export *export, struct text name)
{
    (export->wish.format == EXPORT_CSV ? quote_csv : buffer_name)(&export->text, name);
}

static void separate(struct export *export)
{
    buffer_byte(&export->text, export->wish.format == EXPORT_CSV ? ',' : '\t');
}

static void put_floats(struct export *export, const unsigned char *floats, size_t first,
                       size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        separate(export);
        buffer_float(&export->text, numbers_float32(floats, i));
    }
}

/* ---- columns' names ---- */

static void name_features(struct export *export)
{
    const struct stream_header *header = export->header;
    for (uint32_t i = 0; i < header->dim; i++) {
        if (i || header->labelled)
            separate(export);
        if (header->features)
            put_name(export, header->features[i]);
        else
            buffer_count(&export->text, i);
    }
}

static void name_probabilities(struct export *export)
{
    const struct stream_header *header = export->header;
    if (header->labelled)
        separate(export);
    put_name(export, text_of("predicted"));
    for (uint32_t i = 0; (header->proba || header->log_proba) && i < header->class_count; i++) {
        separate(export);
        put_name(export, header->classes[i]);
    }
}

bool table_start(struct export *export, struct error *error)
{
    if (!export_plain(export, error))
        return false;
    if (export->header->labelled)
        put_name(export, text_of("label"));
    if (export->header->kind == STREAM_SAMPLES)
        name_features(export);
    else
        name_probabilities(export);
    if (export->header->kept) {
        separate(export);
        put_name(export, text_of("kept"));
    }
    buffer_byte(&export->text, '\n');
    return true;
}

/* ---- rows ---- */

static bool end_row(struct export *export, const struct msgpack_object *kept, uint32_t row,
                    struct error *error)
{
    if (kept) {
        separate(export);
        put_name(export, stream_text(kept, row));
    }
    buffer_byte(&export->text, '\n');
    return export_send_some(export, error);
}

bool table_samples(struct export *export, const struct stream_record *record, struct error *error)
{
    struct samples_block block;
    size_t dim = export->header->dim;
    if (!samples_decode(export->header, record, &block, error))
        return false;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        if (block.labels)
            put_name(export, stream_text(block.labels, row));
        else
            buffer_float(&export->text, numbers_float32(block.x.bytes, row * dim));
        size_t first = block.labels ? 0 : 1;
        put_floats(export, block.x.bytes, row * dim + first, dim - first);
        if (!end_row(export, block.kept, row, error))
            return false;
    }
    return true;
}

bool table_predictions(struct export *export, const struct stream_record *record,
                       struct error *error)
{
    struct predictions_block block;
    const struct stream_header *header = export->header;
    if (!predictions_decode(header, record, &block, error))
        return false;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        if (block.labels) {
            put_name(export, stream_text(block.labels, row));
            separate(export);
        }
        put_name(export, predictions_label(header, numbers_int32(block.predicted.bytes, row)));
        const unsigned char *shares = (block.proba.bytes ? block.proba : block.log_proba).bytes;
        if (shares)
            put_floats(export, shares, (size_t)row * header->class_count, header->class_count);
        if (!end_row(export, block.kept, row, error))
            return false;
    }
    return true;
}

/* ---- names alone ---- */

/* A terminal is shown names, and a program reads them back. */
bool names_start(struct export *export, struct error *error)
{
    (void)error;
    export->put_line = output_is_terminal(export->output) ? buffer_name : quote_line;
    return true;
}

static bool put_line(struct export *export, struct text name, struct error *error)
{
    export->put_line(&export->text, name);
    return end_row(export, NULL, 0, error);
}

static bool find_names(const struct export *export, const struct stream_record *record,
                       const struct msgpack_object **names, struct error *error)
{
    struct vectors_block vectors;
    struct samples_block samples;
    if (export->header->kind == STREAM_VECTORS) {
        bool decoded = vectors_decode(export->header, record, &vectors, error);
        *names = decoded ? vectors.words : NULL;
        return decoded;
    }
    bool decoded = samples_decode(export->header, record, &samples, error);
    *names = decoded ? samples.labels : NULL;
    return decoded &&
           (*names || error_set(error, STATUS_USAGE,
                                "--format names: these samples have no labels, which it would "
                                "write"));
}

static bool put_names(struct export *export, const struct stream_record *record,
                      struct error *error)
{
    const struct msgpack_object *names;
    if (!find_names(export, record, &names, error))
        return false;
    uint32_t rows = export_rows(export, record->rows);
    for (uint32_t row = 0; row < rows; row++)
        if (!put_line(export, stream_text(names, row), error))
            return false;
    return true;
}

static bool put_predicted(struct export *export, const struct stream_record *record,
                          struct error *error)
{
    struct predictions_block block;
    if (!predictions_decode(export->header, record, &block, error))
        return false;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        int32_t predicted = numbers_int32(block.predicted.bytes, row);
        if (!put_line(export, predictions_label(export->header, predicted), error))
            return false;
    }
    return true;
}

bool names_block(struct export *export, const struct stream_record *record, struct error *error)
{
    bool predictions = export->header->kind == STREAM_PREDICTIONS;
    return (predictions ? put_predicted : put_names)(export, record, error);
}
