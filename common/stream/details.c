/* One table of columns, by which they are written, decoded and copied. */
#include "stream/details.h"

#include "base/memory.h"
#include "stream/numbers.h"

#include <stdlib.h>

/* How much of a column there is. */
enum extent { A_TREE, A_STEP, A_CLASS, A_CONTRIBUTION };

static const struct {
    enum stream_detail detail;
    const char *key;
    size_t width;
    enum extent extent;
} columns[DETAILS_COLUMNS] = {
    [DETAILS_LEAVES] = {DETAIL_LEAVES, "leaves", sizeof(uint32_t), A_TREE},
    [DETAILS_ENDS] = {DETAIL_PATHS, "ends", sizeof(uint32_t), A_TREE},
    [DETAILS_NODE] = {DETAIL_PATHS, "node", sizeof(uint32_t), A_STEP},
    [DETAILS_FEATURE] = {DETAIL_PATHS, "feature", sizeof(uint32_t), A_STEP},
    [DETAILS_VALUE] = {DETAIL_PATHS, "value", sizeof(float), A_STEP},
    [DETAILS_THRESHOLD] = {DETAIL_PATHS, "threshold", sizeof(float), A_STEP},
    [DETAILS_BIAS] = {DETAIL_CONTRIBUTIONS, "bias", sizeof(double), A_CLASS},
    [DETAILS_CONTRIBUTIONS] = {DETAIL_CONTRIBUTIONS, "contributions", sizeof(double),
                               A_CONTRIBUTION},
};

/* Of so many rows, whose paths take so many steps. */
static uint64_t extent_of(const struct stream_header *header, enum extent extent, uint64_t rows,
                          uint64_t steps)
{
    switch (extent) {
    case A_TREE:
        return rows * header->trees;
    case A_STEP:
        return steps;
    case A_CLASS:
        return header->class_count;
    default:
        return rows * header->class_count * header->dim;
    }
}

unsigned details_count(const struct stream_header *header)
{
    unsigned count = 0;
    for (int i = 0; header->detail && i < DETAILS_COLUMNS; i++)
        count += columns[i].detail == header->detail;
    return count;
}

bool details_write(struct stream_writer *writer, const struct stream_header *header, uint32_t rows,
                   const struct details *details, struct error *error)
{
    const size_t trees = rows * (size_t)header->trees;
    const uint32_t *ends = details_numbers(details, DETAILS_ENDS);
    const size_t steps = header->detail == DETAIL_PATHS && trees ? ends[trees - 1] : 0;
    bool good = true;
    for (int i = 0; good && i < DETAILS_COLUMNS; i++)
        if (header->detail && columns[i].detail == header->detail)
            good = stream_put_numbers(writer, columns[i].key, details->columns[i],
                                      (size_t)extent_of(header, columns[i].extent, rows, steps),
                                      columns[i].width, error);
    return good;
}

/* ---- reading ---- */

static uint32_t number_at(const struct column *column, size_t index)
{
    return (uint32_t)numbers_int32(column->bytes, index);
}

/* Paths have a step at least, the root, and end where the steps end. */
static bool check_ends(const struct stream_header *header, const struct stream_record *record,
                       const struct details_block *block, size_t *steps, struct error *error)
{
    const struct column *ends = &block->columns[DETAILS_ENDS];
    const size_t paths = ends->size / sizeof(uint32_t);
    uint32_t before = 0;
    (void)header;
    for (size_t i = 0; i < paths; i++) {
        const uint32_t end = number_at(ends, i);
        if (end <= before)
            return stream_damaged(record, error, "a path ends before it begins");
        before = end;
    }
    *steps = before;
    return true;
}

static bool check_features(const struct stream_header *header, const struct stream_record *record,
                           const struct details_block *block, size_t steps, struct error *error)
{
    const struct column *ends = &block->columns[DETAILS_ENDS];
    for (size_t i = 0; i < ends->size / sizeof(uint32_t); i++)
        if (number_at(&block->columns[DETAILS_FEATURE], number_at(ends, i) - 1) != UINT32_MAX)
            return stream_damaged(record, error, "a path does not end in a leaf");
    for (size_t i = 0; i < steps; i++) {
        const uint32_t feature = number_at(&block->columns[DETAILS_FEATURE], i);
        if (feature != UINT32_MAX && feature >= header->dim)
            return stream_damaged(record, error, "a path looks at feature %u of %u",
                                  (unsigned)feature, (unsigned)header->dim);
    }
    return true;
}

bool details_decode(const struct stream_header *header, const struct stream_record *record,
                    struct details_block *block, struct error *error)
{
    size_t steps = 0;
    *block = (struct details_block){0};
    for (int i = 0; header->detail && i < DETAILS_COLUMNS; i++) {
        if (columns[i].detail != header->detail)
            continue;
        const uint64_t count = extent_of(header, columns[i].extent, record->rows, steps);
        if (count > STREAM_MAX_RECORD)
            return stream_damaged(record, error, "column %s has more than a record may hold",
                                  columns[i].key);
        if (!stream_column(record, columns[i].key, (size_t)count, columns[i].width,
                           &block->columns[i], error) ||
            (i == DETAILS_ENDS && !check_ends(header, record, block, &steps, error)))
            return false;
    }
    return header->detail != DETAIL_PATHS || check_features(header, record, block, steps, error);
}

/* Where the steps of paths before `path` end. */
static size_t steps_before(const struct details_block *block, size_t path)
{
    return path ? number_at(&block->columns[DETAILS_ENDS], path - 1) : 0;
}

bool details_take_row(const struct stream_header *header, const struct details_block *block,
                      uint32_t row, struct details_row *taken)
{
    const size_t trees = (size_t)header->trees, path = row * trees;
    const bool paths = header->detail == DETAIL_PATHS;
    const size_t first = paths ? steps_before(block, path) : 0;
    const size_t steps = paths ? steps_before(block, path + trees) - first : 0;
    for (int i = 0; header->detail && i < DETAILS_COLUMNS; i++) {
        if (columns[i].detail != header->detail)
            continue;
        const enum extent extent = columns[i].extent;
        const size_t count = (size_t)extent_of(header, extent, 1, steps), width = columns[i].width;
        const size_t begin = extent == A_STEP ? first : extent == A_CLASS ? 0 : row * count;
        if (!memory_reserve(&taken->room[i], &taken->capacity[i], count * width, 1))
            return false;
        numbers_copy(taken->room[i], block->columns[i].bytes + begin * width, count, width);
        taken->details.columns[i] = taken->room[i];
    }
    uint32_t *ends = taken->room[DETAILS_ENDS];
    for (size_t i = 0; paths && i < trees; i++)
        ends[i] -= (uint32_t)first;
    return true;
}

void details_row_free(struct details_row *row)
{
    for (int i = 0; i < DETAILS_COLUMNS; i++)
        free(row->room[i]);
    *row = (struct details_row){0};
}
