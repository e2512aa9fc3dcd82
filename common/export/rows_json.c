/* JSON lines: an object a row, whose keys are those of the stream's columns. */
#include "export/inner.h"
#include "export/quote.h"

#include "stream/numbers.h"
#include "stream/predictions.h"
#include "stream/samples.h"

/* A key with a text of its own. */
static void put_text(struct buffer *text, const char *key, struct text value)
{
    buffer_print(text, "\"%s\": ", key);
    buffer_json(text, value);
}

static bool end_row(struct export *export, const struct msgpack_object *kept, uint32_t row,
                    struct error *error)
{
    if (kept) {
        buffer_string(&export->text, ", ");
        put_text(&export->text, "kept", stream_text(kept, row));
    }
    buffer_string(&export->text, "}\n");
    return export_send_some(export, error);
}

bool json_samples(struct export *export, const struct stream_record *record, struct error *error)
{
    struct samples_block block;
    struct buffer *text = &export->text;
    size_t dim = export->header->dim;
    if (!samples_decode(export->header, record, &block, error))
        return false;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        buffer_byte(text, '{');
        if (block.labels) {
            put_text(text, "label", stream_text(block.labels, row));
            buffer_string(text, ", ");
        }
        buffer_print(text, "\"tokens\": %d, \"known\": %d, \"x\": ",
                     (int)numbers_int32(block.tokens.bytes, row),
                     (int)numbers_int32(block.known.bytes, row));
        for (size_t i = 0; i < dim; i++) {
            buffer_string(text, i ? ", " : "[");
            quote_json_float(text, numbers_float32(block.x.bytes, row * dim + i));
        }
        buffer_byte(text, ']');
        if (!end_row(export, block.kept, row, error))
            return false;
    }
    return true;
}

static void put_predicted(struct export *export, int32_t number)
{
    if (number == PREDICTIONS_NONE)
        buffer_string(&export->text, "\"predicted\": null");
    else
        put_text(&export->text, "predicted", export->header->classes[number]);
}

/* By the names of their classes. */
static void put_probabilities(struct export *export, const char *key, const unsigned char *proba,
                              size_t first)
{
    const struct stream_header *header = export->header;
    buffer_print(&export->text, ", \"%s\": ", key);
    for (uint32_t c = 0; c < header->class_count; c++) {
        buffer_string(&export->text, c ? ", " : "{");
        buffer_json(&export->text, header->classes[c]);
        buffer_string(&export->text, ": ");
        quote_json_float(&export->text, numbers_float32(proba, first + c));
    }
    buffer_byte(&export->text, '}');
}

bool json_predictions(struct export *export, const struct stream_record *record,
                      struct error *error)
{
    struct predictions_block block;
    struct buffer *text = &export->text;
    const struct stream_header *header = export->header;
    if (!predictions_decode(header, record, &block, error))
        return false;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        buffer_byte(text, '{');
        if (block.labels) {
            put_text(text, "label", stream_text(block.labels, row));
            buffer_string(text, ", ");
        }
        put_predicted(export, numbers_int32(block.predicted.bytes, row));
        size_t first = (size_t)row * header->class_count;
        if (block.proba.bytes)
            put_probabilities(export, "proba", block.proba.bytes, first);
        if (block.log_proba.bytes)
            put_probabilities(export, "log_proba", block.log_proba.bytes, first);
        if (!end_row(export, block.kept, row, error))
            return false;
    }
    return true;
}
