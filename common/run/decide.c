/* Rows are taken block by block; those of a label that the model lacks have nothing to say. */
#include "run/decide.h"

#include "base/memory.h"
#include "score/answers.h"
#include "stream/numbers.h"
#include "stream/predictions.h"

#include <stdlib.h>

struct reading {
    struct decide *decide;
    struct words classes;
};

static bool reserve(struct decide *decide, size_t count)
{
    return memory_reserve(&decide->proba, &decide->proba_capacity,
                          count * decide->header.class_count, sizeof *decide->proba) &&
           memory_reserve(&decide->label, &decide->label_capacity, count, sizeof *decide->label) &&
           memory_reserve(&decide->voted, &decide->voted_capacity, count, sizeof *decide->voted) &&
           memory_reserve(&decide->pick, &decide->pick_capacity, count, sizeof *decide->pick);
}

static bool take_row(struct reading *reading, const struct stream_record *record,
                     const struct predictions_block *block, uint32_t row, struct error *error)
{
    struct decide *decide = reading->decide;
    size_t classes = decide->header.class_count, at = decide->count;
    uint32_t label = words_find(&reading->classes, stream_text(block->labels, row));
    int32_t voted = numbers_int32(block->predicted.bytes, row);
    float *proba = decide->proba + at * classes;
    numbers_copy(proba, block->proba.bytes + row * classes * sizeof *proba, classes, sizeof *proba);
    const char *wrong = answers_check(proba, classes);
    if (wrong)
        return stream_damaged(record, error, "row %llu: %s",
                              (unsigned long long)(record->row + row + 1), wrong);
    decide->strangers += label == WORDS_NONE;
    if (label == WORDS_NONE)
        return true;
    decide->label[at] = label;
    decide->voted[at] =
        rule_top(proba, (uint32_t)classes, voted == PREDICTIONS_NONE ? 0 : (uint32_t)voted);
    decide->pick[at] = (uint32_t)at;
    decide->count++;
    return true;
}

static bool take_block(struct reading *reading, const struct stream_record *record,
                       struct error *error)
{
    struct decide *decide = reading->decide;
    struct predictions_block block;
    if (!predictions_decode(&decide->header, record, &block, error))
        return false;
    if (decide->count + block.rows >= UINT32_MAX)
        return error_set(error, STATUS_INPUT, "more than %u predictions are not decided on",
                         (unsigned)UINT32_MAX);
    if (!reserve(decide, decide->count + block.rows))
        return error_memory(error, "reading the predictions");
    for (uint32_t row = 0; row < block.rows; row++)
        if (!take_row(reading, record, &block, row, error))
            return false;
    return true;
}

static bool take_blocks(struct reading *reading, struct stream_reader *reader, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        if (!take_block(reading, &record, error)) {
            next = STREAM_FAILED;
            break;
        }
    stream_record_free(&record);
    return next == STREAM_END;
}

/* Decisions are applied to what trees say, and have to be found on that. */
static bool was_decided(const struct lineage *lineage)
{
    const struct lineage_entry *last =
        lineage->count ? &lineage->entries[lineage->count - 1] : NULL;
    return last && lineage_option(last, "decide-crc32");
}

static bool check_header(const struct stream_header *header, const char *name, struct error *error)
{
    if (was_decided(&header->lineage))
        return error_set(error, STATUS_INPUT,
                         "%s: these probabilities are calibrated already: take those of rf-predict "
                         "without --decide",
                         name);
    if (!header->labelled)
        return error_set(error, STATUS_INPUT,
                         "%s: the rows have no labels: take those of rf-train --oob", name);
    if (!header->proba)
        return error_set(error, STATUS_INPUT,
                         "%s: the rows have no probabilities: take those of rf-train --oob, or "
                         "rf-predict --proba",
                         name);
    return header->class_count > 1 ||
           error_set(error, STATUS_INPUT, "%s: one label: there is nothing to decide", name);
}

static bool name_classes(struct reading *reading, struct error *error)
{
    const struct stream_header *header = &reading->decide->header;
    for (uint32_t i = 0; i < header->class_count; i++)
        if (words_add(&reading->classes, header->classes[i], NULL) == WORDS_NONE)
            return error_memory(error, "reading the predictions");
    return true;
}

bool decide_load(struct decide *decide, struct stream_reader *reader, struct error *error)
{
    struct reading reading = {.decide = decide};
    stream_made_by(reader, "rf-train --oob");
    bool done = stream_read_header(reader, STREAM_PREDICTIONS, &decide->header, error) &&
                check_header(&decide->header, stream_name(reader), error) &&
                name_classes(&reading, error) && take_blocks(&reading, reader, error);
    words_free(&reading.classes);
    if (!done)
        return false;
    lineage_complete(&decide->header.lineage, stream_read_digest(reader));
    decide->digest = stream_read_totals(reader).digest;
    decide->rows = (struct rows){decide->header.class_count,
                                 decide->proba,
                                 decide->label,
                                 decide->voted,
                                 decide->pick,
                                 decide->count,
                                 &decide->shares};
    if (!shares_sort(&decide->shares, decide->proba, decide->count, decide->header.class_count))
        return error_memory(error, "reading the predictions");
    return decide->count > 1 || error_set(error, STATUS_INPUT,
                                          "%s: %zu rows of labels that the model knows: two are "
                                          "the fewest",
                                          stream_name(reader), decide->count);
}

void decide_free(struct decide *decide)
{
    stream_header_free(&decide->header);
    shares_free(&decide->shares);
    free(decide->proba);
    free(decide->label);
    free(decide->voted);
    free(decide->pick);
    *decide = (struct decide){0};
}

/* ---- costs ---- */

static bool lacks(const char *name, struct text label, struct text predicted, struct error *error)
{
    return error_set(error, STATUS_INPUT,
                     "%s: has no cost of the label '%.*s' predicted as '%.*s': all pairs of the "
                     "model's labels are needed",
                     name, (int)label.size, label.data, (int)predicted.size, predicted.data);
}

static bool fill_costs(const struct stream_header *header, const struct costs *costs,
                       const char *name, double *table, struct error *error)
{
    for (uint32_t i = 0; i < header->class_count; i++)
        for (uint32_t j = 0; j < header->class_count; j++)
            if (!costs_find(costs, header->classes[i], header->classes[j], table++))
                return lacks(name, header->classes[i], header->classes[j], error);
    return true;
}

static bool fill_no_answer(const struct stream_header *header, const struct costs *costs,
                           double *table)
{
    struct text none = text_of(PREDICTIONS_NO_ANSWER);
    for (uint32_t i = 0; i < header->class_count; i++)
        if (!costs_find(costs, header->classes[i], none, &table[i]))
            return false;
    return true;
}

double *decide_costs(const struct decide *decide, const struct costs *costs, const char *name,
                     double **no_answer, struct error *error)
{
    const struct stream_header *header = &decide->header;
    size_t classes = header->class_count;
    double *table = memory_array(classes, classes * sizeof *table);
    *no_answer = memory_array(classes, sizeof **no_answer);
    bool done = (table && *no_answer) || error_memory(error, "reading the costs");
    done = done && fill_costs(header, costs, name, table, error);
    if (!done) {
        free(table);
        table = NULL;
    }
    if (!done || !fill_no_answer(header, costs, *no_answer)) {
        free(*no_answer);
        *no_answer = NULL;
    }
    return table;
}
