/*
 * A model's classes get label numbers when they are first predicted, so that those which never
 * occur are no rows of the report.
 */
#include "run/evaluate.h"

#include "base/memory.h"
#include "run/evaluate_text.h"
#include "stream/numbers.h"
#include "stream/predictions.h"

#include <stdlib.h>

struct run {
    struct stream_reader *reader;
    struct stream_header header;
    struct answers *answers;
    float *proba;  /* of a row; NULL where none are wanted */
    uint32_t *set; /* of a row; NULL where there are none */
};

static bool check_proba(struct run *run, const struct stream_record *record,
                        const struct predictions_block *block, uint32_t row, struct error *error)
{
    size_t classes = run->header.class_count;
    numbers_copy(run->proba, block->proba.bytes + row * classes * sizeof *run->proba, classes,
                 sizeof *run->proba);
    const char *wrong = answers_check(run->proba, classes);
    return !wrong || stream_damaged(record, error, "row %llu: %s",
                                    (unsigned long long)(record->row + row + 1), wrong);
}

static bool add_row(struct run *run, const struct stream_record *record,
                    const struct predictions_block *block, uint32_t row, struct error *error)
{
    if (run->proba && !check_proba(run, record, block, row, error))
        return false;
    int32_t predicted = numbers_int32(block->predicted.bytes, row);
    return answers_row(run->answers, stream_text(block->labels, row),
                       predicted == PREDICTIONS_NONE ? (uint32_t)ANSWERS_NO_CLASS
                                                     : (uint32_t)predicted,
                       run->proba) ||
           error_memory(error, "counting the rows");
}

/* The set of a row, which begins behind `*at` others of the block. */
static bool add_set(struct run *run, const struct predictions_block *block, uint32_t row,
                    uint32_t *at, struct error *error)
{
    uint32_t end = (uint32_t)numbers_int32(block->set_ends.bytes, row), size = end - *at;
    numbers_copy(run->set, block->set.bytes + *at * sizeof *run->set, size, sizeof *run->set);
    *at = end;
    return answers_set(run->answers, stream_text(block->labels, row), run->set, size) ||
           error_memory(error, "counting the rows");
}

static bool add_block(struct run *run, const struct stream_record *record, struct error *error)
{
    struct predictions_block block;
    uint32_t at = 0;
    if (!predictions_decode(&run->header, record, &block, error))
        return false;
    for (uint32_t row = 0; row < block.rows; row++)
        if (!add_row(run, record, &block, row, error) ||
            (run->set && !add_set(run, &block, row, &at, error)))
            return false;
    return true;
}

static bool add_blocks(struct run *run, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    while ((next = stream_next(run->reader, &record, error)) == STREAM_BLOCK)
        if (!add_block(run, &record, error))
            break;
    stream_record_free(&record);
    return next == STREAM_END;
}

static bool add_classes(struct run *run, struct error *error)
{
    struct answers *answers = run->answers;
    for (uint32_t i = 0; i < run->header.class_count; i++)
        if (answers_class(answers, run->header.classes[i]) == WORDS_NONE)
            return error_memory(error, "counting the rows");
    answers->classes_known = true;
    answers->proba = run->header.proba;
    answers->sets = run->header.sets;
    if (answers->sets && !(run->set = memory_array(run->header.class_count, sizeof *run->set)))
        return error_memory(error, "counting the rows");
    if (!answers->proba || answers->keeps < ANSWERS_CHANCES)
        return true;
    run->proba = memory_array(run->header.class_count, sizeof *run->proba);
    return run->proba || error_memory(error, "counting the rows");
}

static bool read_stream(struct run *run, struct error *error)
{
    if (!stream_read_header(run->reader, STREAM_PREDICTIONS, &run->header, error))
        return false;
    if (!run->header.labelled)
        return error_set(error, STATUS_INPUT,
                         "%s: the rows have no labels to compare with: vectorize without "
                         "--no-label",
                         stream_name(run->reader));
    return add_classes(run, error) && add_blocks(run, error);
}

bool evaluate_read(struct stream_reader *reader, struct answers *answers, struct lineage *lineage,
                   struct error *error)
{
    struct run run = {.reader = reader, .answers = answers};
    bool stream;
    bool done = stream_opens_as_stream(reader, &stream, error) &&
                (stream ? read_stream(&run, error) : evaluate_text(reader, answers, error));
    free(run.proba);
    free(run.set);
    if (done && stream && lineage) {
        lineage_complete(&run.header.lineage, stream_read_digest(reader));
        *lineage = run.header.lineage;
        run.header.lineage = (struct lineage){0};
    }
    stream_header_free(&run.header);
    return done && (answers->confusion.rows ||
                    error_set(error, STATUS_INPUT, "%s: there are no rows to evaluate",
                              stream_name(reader)));
}
