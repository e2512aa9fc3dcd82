/*
 * Writing gathers the spans of a part's units into blocks, reading spreads blocks over the same
 * spans; both walk over the units in the same way.
 */
#include "run/linear_parts.h"

#include "linear/spans.h"
#include "run/kinship.h"
#include "stream/numbers.h"
#include "stream/pieces.h"

#include <stdlib.h>
#include <string.h>

/* ---- units ---- */

static uint64_t blocks_of(uint64_t models)
{
    return (models + SVM_BLOCK - 1) / SVM_BLOCK;
}

static uint64_t units_of(const struct svm_problem *problem)
{
    if (!problem)
        return 0;
    return blocks_of((uint64_t)problem->classes * (problem->folds ? problem->folds : 1));
}

/* The first unit of `view`; of VIEW_COUNT, how many there are. */
static uint64_t first_unit(const struct linear_work *work, int view)
{
    uint64_t units = 0;
    for (int before = 0; before < view; before++)
        units += units_of(work->problems[before]);
    return units;
}

/* What a unit of a view costs, next to those of others: a pass goes over all of its non-zeros. */
static uint64_t cost_of(const struct svm_problem *problem)
{
    return problem ? problem->x->begin[problem->x->rows] + 1 : 0;
}

/*
 * Where the units of part `number` begin, and those of the part before end: before the unit that
 * reaches beyond so many parts of what all cost.
 */
static uint64_t border(const struct linear_work *work, const struct options_part *part,
                       uint64_t number)
{
    uint64_t all = 0, units = 0;
    for (int view = 0; view < VIEW_COUNT; view++)
        all += units_of(work->problems[view]) * cost_of(work->problems[view]);
    uint64_t share = all / part->whole * number + all % part->whole * number / part->whole;
    for (int view = 0; view < VIEW_COUNT; view++) {
        uint64_t here = units_of(work->problems[view]), cost = cost_of(work->problems[view]);
        if (share < here * cost)
            return units + share / cost;
        share -= here * cost;
        units += here;
    }
    return units;
}

bool linear_part_has(const struct linear_work *work, const struct options_part *part,
                     enum view view, bool held_out, uint32_t block)
{
    if (!part->whole)
        return true;
    const struct svm_problem *problem = work->problems[view];
    uint64_t first = block, end = (uint64_t)block + 1, before = first_unit(work, view);
    if (!held_out && problem->folds) {
        first *= problem->folds;
        end *= problem->folds;
    }
    if (end > units_of(problem))
        end = units_of(problem);
    return before + first < border(work, part, part->first + 1) &&
           before + end > border(work, part, part->first);
}

/* ---- walking over a part ---- */

static bool visit_unit(const struct linear_work *work, int view, uint64_t unit, spans_visit *visit,
                       void *context)
{
    const struct svm_problem *problem = work->problems[view];
    const uint32_t folds = problem->folds;
    if (!folds)
        return spans_of_block(problem, (uint32_t)unit, work->weights[view], visit, context);
    return (unit % folds || spans_of_block(problem, (uint32_t)(unit / folds), work->weights[view],
                                           visit, context)) &&
           spans_of_fold_block(problem, (uint32_t)unit, work->scores[view], visit, context);
}

static bool visit_part(const struct linear_work *work, const struct options_part *part,
                       spans_visit *visit, void *context)
{
    uint64_t end = border(work, part, part->first + 1);
    int view = 0;
    for (uint64_t unit = border(work, part, part->first); unit < end; unit++) {
        while (unit >= first_unit(work, view + 1))
            view++;
        if (!visit_unit(work, view, unit - first_unit(work, view), visit, context))
            return false;
    }
    return true;
}

/* ---- writing ---- */

struct gathering {
    struct stream_writer *writer;
    float *block; /* of STREAM_MAX_ROWS numbers */
    uint32_t count;
    struct error *error;
};

static bool send(struct gathering *gathering)
{
    uint32_t count = gathering->count;
    gathering->count = 0;
    return !count || pieces_write(gathering->writer, gathering->block, count, gathering->error);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is spans_visit's */
static bool gather(void *context, float *numbers, size_t count)
{
    struct gathering *gathering = context;
    for (size_t i = 0; i < count; i++) {
        gathering->block[gathering->count++] = numbers[i];
        if (gathering->count == STREAM_MAX_ROWS && !send(gathering))
            return false;
    }
    return true;
}

static struct stream_header header_of(const struct linear_work *work,
                                      const struct options_part *part)
{
    return (struct stream_header){.kind = STREAM_PIECES,
                                  .samples = work->documents,
                                  .class_count = work->class_count,
                                  .classes = (struct text *)work->classes,
                                  .first = part->first,
                                  .whole = part->whole,
                                  .lineage = *work->lineage};
}

bool linear_part_write(const struct linear_work *work, const struct options_part *part,
                       struct output *output, struct error *error)
{
    const struct stream_header header = header_of(work, part);
    struct gathering gathering = {.block = malloc(STREAM_MAX_ROWS * sizeof(float)), .error = error};
    if (!gathering.block)
        return error_memory(error, "writing a part");
    gathering.writer = stream_begin(output, &header, error);
    bool done = gathering.writer && visit_part(work, part, gather, &gathering) && send(&gathering);
    free(gathering.block);
    if (done)
        return stream_end(gathering.writer, work->read, error);
    stream_abandon(gathering.writer);
    return false;
}

/* ---- reading ---- */

struct spreading {
    struct stream_reader *reader;
    struct stream_record record;
    struct column x;
    size_t taken; /* of the record's numbers */
    struct error *error;
};

static bool wrong_amount(const struct spreading *spreading)
{
    return error_set(spreading->error, STATUS_INPUT,
                     "%s: holds another amount of numbers than these documents and options ask for",
                     stream_name(spreading->reader));
}

static bool next_block(struct spreading *spreading)
{
    spreading->taken = 0;
    switch (stream_next(spreading->reader, &spreading->record, spreading->error)) {
    case STREAM_BLOCK:
        return pieces_decode(&spreading->record, &spreading->x, spreading->error);
    case STREAM_END:
        return wrong_amount(spreading);
    case STREAM_FAILED:
        break;
    }
    return false;
}

static bool spread(void *context, float *numbers, size_t count)
{
    struct spreading *spreading = context;
    for (size_t i = 0; i < count; i++) {
        if (spreading->taken * sizeof(float) == spreading->x.size && !next_block(spreading))
            return false;
        numbers[i] = numbers_float32(spreading->x.bytes, spreading->taken++);
    }
    return true;
}

static bool read_numbers(const struct linear_work *work, const struct options_part *part,
                         struct spreading *spreading)
{
    if (!visit_part(work, part, spread, spreading))
        return false;
    if (spreading->taken * sizeof(float) != spreading->x.size)
        return wrong_amount(spreading);
    switch (stream_next(spreading->reader, &spreading->record, spreading->error)) {
    case STREAM_BLOCK:
        return wrong_amount(spreading);
    case STREAM_END:
        return kinship_check_documents(work->read, "the documents here",
                                       stream_read_digest(spreading->reader),
                                       stream_name(spreading->reader), spreading->error);
    case STREAM_FAILED:
        break;
    }
    return false;
}

/* Marks the part as seen. */
static bool check_part(const struct linear_work *work, const struct stream_header *header,
                       const char *name, uint64_t *whole, bool **seen, struct error *error)
{
    const struct options_part none = {0};
    const struct stream_header ours = header_of(work, &none);
    if (header->samples != ours.samples || header->class_count != ours.class_count)
        return error_set(error, STATUS_INPUT, "%s: was made of other documents than these", name);
    if (!kinship_check(&ours, "this run", header, name, false, error))
        return false;
    if (header->whole == 0 || header->whole > OPTIONS_MOST_PARTS)
        return error_set(error, STATUS_INPUT, "%s: is one of %llu parts, and there are 1 to %d",
                         name, (unsigned long long)header->whole, OPTIONS_MOST_PARTS);
    if (!*seen) {
        *whole = header->whole;
        *seen = calloc(header->whole, sizeof **seen);
        if (!*seen)
            return error_memory(error, "reading the parts");
    }
    if (header->whole != *whole)
        return error_set(error, STATUS_INPUT, "%s: is one of %llu parts, and others are of %llu",
                         name, (unsigned long long)header->whole, (unsigned long long)*whole);
    if ((*seen)[header->first])
        return error_set(error, STATUS_INPUT, "%s: part %llu of %llu was given already", name,
                         (unsigned long long)header->first + 1, (unsigned long long)*whole);
    return (*seen)[header->first] = true;
}

static bool read_part(const struct linear_work *work, const char *path, uint64_t *whole,
                      bool **seen, struct error *error)
{
    struct spreading spreading = {.reader = stream_open(path, error), .error = error};
    struct stream_header header = {0};
    bool done = spreading.reader &&
                stream_read_header(spreading.reader, STREAM_PIECES, &header, error) &&
                check_part(work, &header, stream_name(spreading.reader), whole, seen, error);
    const struct options_part part = {header.first, header.whole};
    done = done && read_numbers(work, &part, &spreading);
    stream_header_free(&header);
    stream_record_free(&spreading.record);
    stream_close(spreading.reader);
    return done;
}

static bool check_all(const bool *seen, uint64_t whole, struct error *error)
{
    for (uint64_t i = 0; i < whole; i++)
        if (!seen[i])
            return error_set(error, STATUS_INPUT,
                             "part %llu of %llu is missing: make it, with --part %llu/%llu",
                             (unsigned long long)i + 1, (unsigned long long)whole,
                             (unsigned long long)i + 1, (unsigned long long)whole);
    return true;
}

bool linear_parts_read(const struct linear_work *work, const char *const *paths, size_t count,
                       struct error *error)
{
    uint64_t whole = 0;
    bool *seen = NULL, done = true;
    for (size_t i = 0; done && i < count; i++)
        done = read_part(work, paths[i], &whole, &seen, error);
    done = done && check_all(seen, whole, error);
    free(seen);
    return done;
}
