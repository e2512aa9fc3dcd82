/*
 * A model's classes get label numbers when they are first predicted, so that those which never
 * occur are no rows of the report.
 */
#include "run/evaluate.h"

#include "base/memory.h"
#include "stream/numbers.h"
#include "stream/predictions.h"

#include <stdlib.h>

struct run {
    struct stream_reader *reader;
    struct stream_header header;
    uint32_t *number_of; /* class_count; WORDS_NONE: not predicted so far */
    struct confusion *confusion;
};

static uint32_t number_of_class(struct run *run, int32_t predicted)
{
    uint32_t *number = &run->number_of[predicted];
    if (*number == WORDS_NONE)
        *number = confusion_label(run->confusion, run->header.classes[predicted]);
    return *number;
}

static bool count_block(struct run *run, const struct stream_record *record, struct error *error)
{
    struct predictions_block block;
    if (!predictions_decode(&run->header, record, &block, error))
        return false;
    for (uint32_t row = 0; row < block.rows; row++) {
        uint32_t label = confusion_label(run->confusion, stream_text(block.labels, row));
        uint32_t predicted = number_of_class(run, numbers_int32(block.predicted.bytes, row));
        if (label == WORDS_NONE || predicted == WORDS_NONE ||
            !confusion_row(run->confusion, label, predicted))
            return error_memory(error, "counting the rows");
    }
    return true;
}

static bool count_blocks(struct run *run, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    while ((next = stream_next(run->reader, &record, error)) == STREAM_BLOCK)
        if (!count_block(run, &record, error))
            break;
    stream_record_free(&record);
    return next == STREAM_END;
}

static bool count_rows(struct run *run, struct error *error)
{
    const char *name = stream_name(run->reader);
    if (!stream_read_header(run->reader, STREAM_PREDICTIONS, &run->header, error))
        return false;
    if (!run->header.labelled)
        return error_set(error, STATUS_INPUT,
                         "%s: the rows have no labels to compare with: vectorize without "
                         "--no-label",
                         name);
    run->number_of = memory_array(run->header.class_count, sizeof *run->number_of);
    if (!run->number_of)
        return error_memory(error, "counting the rows");
    for (uint32_t i = 0; i < run->header.class_count; i++)
        run->number_of[i] = WORDS_NONE;
    if (!count_blocks(run, error))
        return false;
    return run->confusion->rows ||
           error_set(error, STATUS_INPUT, "%s: there are no rows to evaluate", name);
}

bool evaluate_count(struct stream_reader *reader, struct confusion *confusion, struct error *error)
{
    struct run run = {.reader = reader, .confusion = confusion};
    bool done = count_rows(&run, error);
    free(run.number_of);
    stream_header_free(&run.header);
    return done;
}
