/* Rows are added block by block, so that no number of the stream takes memory by itself. */
#include "run/voted.h"

#include "base/memory.h"
#include "score/answers.h"
#include "stream/numbers.h"
#include "stream/predictions.h"

#include <stdlib.h>

static bool reserve(struct voted *voted, size_t rows)
{
    return memory_reserve(&voted->label, &voted->label_capacity, rows, sizeof *voted->label) &&
           memory_reserve(&voted->predicted, &voted->predicted_capacity, rows,
                          sizeof *voted->predicted) &&
           memory_reserve(&voted->stranger_of, &voted->stranger_capacity, rows,
                          sizeof *voted->stranger_of) &&
           memory_reserve(&voted->proba, &voted->proba_capacity, rows * voted->header.class_count,
                          sizeof *voted->proba);
}

static bool add_row(struct voted *voted, const struct stream_record *record,
                    const struct predictions_block *block, uint32_t row, struct error *error)
{
    size_t classes = voted->header.class_count, at = voted->rows;
    float *proba = voted->proba + at * classes;
    struct text label = stream_text(block->labels, row);
    numbers_copy(proba, block->proba.bytes + row * classes * sizeof *proba, classes, sizeof *proba);
    const char *wrong = answers_check(proba, classes);
    if (wrong)
        return stream_damaged(record, error, "row %llu: %s", (unsigned long long)at + 1, wrong);
    voted->predicted[at] = (uint32_t)numbers_int32(block->predicted.bytes, row);
    voted->label[at] = text_search(voted->header.classes, voted->header.class_count, label);
    voted->stranger_of[at] = VOTED_NOWHERE;
    if (voted->label[at] == VOTED_NOWHERE &&
        (voted->stranger_of[at] = words_add(&voted->strangers, label, NULL)) == WORDS_NONE)
        return error_memory(error, "reading the predictions");
    voted->rows++;
    return true;
}

static bool add_block(struct voted *voted, const struct stream_record *record, struct error *error)
{
    struct predictions_block block;
    if (!predictions_decode(&voted->header, record, &block, error))
        return false;
    if (!reserve(voted, voted->rows + block.rows))
        return error_memory(error, "reading the predictions");
    for (uint32_t row = 0; row < block.rows; row++)
        if (!add_row(voted, record, &block, row, error))
            return false;
    return true;
}

bool voted_read(struct voted *voted, struct stream_reader *reader, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    stream_made_by(reader, "rf-train --oob");
    if (!stream_read_header(reader, STREAM_PREDICTIONS, &voted->header, error))
        return false;
    if (!voted->header.labelled || !voted->header.proba)
        return error_set(error, STATUS_INPUT,
                         "%s: needs labels and probabilities: rf-train --oob writes them, and "
                         "rf-predict --proba --format mp of labelled samples",
                         stream_name(reader));
    while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        if (!add_block(voted, &record, error))
            break;
    stream_record_free(&record);
    if (next == STREAM_END)
        lineage_complete(&voted->header.lineage, stream_read_digest(reader));
    return next == STREAM_END;
}

struct text voted_label(const struct voted *voted, size_t row)
{
    uint32_t class = voted->label[row];
    return class == VOTED_NOWHERE ? words_text(&voted->strangers, voted->stranger_of[row])
                                  : voted->header.classes[class];
}

void voted_free(struct voted *voted)
{
    stream_header_free(&voted->header);
    free(voted->label);
    free(voted->predicted);
    free(voted->proba);
    free(voted->stranger_of);
    words_free(&voted->strangers);
    *voted = (struct voted){0};
}
