/*
 * The headers of all parts are read first, and say whether the parts are one forest; then the trees
 * go through, part by part. That the samples were the same ones shows at a part's end, so that the
 * output has no end before every part's.
 *
 * All parts stay open from their header to their turn, and so may be pipes.
 */
#include "run/merge.h"

#include "run/kinship.h"
#include "stream/forest.h"

/* `parts` are in the order of their trees once all are open. */
struct run {
    const struct parted *parted;
    struct part *parts;
    struct stream_record record;
    struct tree tree;
    struct parted_totals *totals;
};

/* ---- opening ---- */

static bool open_part(const char *path, const struct part *first, struct part *part,
                      struct error *error)
{
    part->reader = stream_open(path, error);
    if (!part->reader || !stream_read_header(part->reader, STREAM_FOREST, &part->header, error))
        return false;
    const char *names[] = {stream_name(first->reader), stream_name(part->reader)};
    return kinship_check(&first->header, names[0], &part->header, names[1], false, error) &&
           kinship_check_opinions(&first->header, names[0], &part->header, names[1], error);
}

static uint64_t first_of(const struct part *part)
{
    return part->header.first;
}

static uint64_t end_of(const struct part *part)
{
    return part->header.first + part->header.trees;
}

static uint64_t whole_of(const struct part *part)
{
    return part->header.whole ? part->header.whole : part->header.trees;
}

/* ---- ranges ---- */

static bool missing(uint64_t from, uint64_t to, uint64_t whole, struct error *error)
{
    return error_set(error, STATUS_INPUT,
                     "no part has the trees %llu:%llu of %llu: grow them, with --tree-range",
                     (unsigned long long)from, (unsigned long long)to, (unsigned long long)whole);
}

static bool twice(const struct part *left, const struct part *right, struct error *error)
{
    const uint64_t to = end_of(left) < end_of(right) ? end_of(left) : end_of(right);
    return error_set(error, STATUS_INPUT,
                     "%s and %s both have the trees %llu:%llu: give one of "
                     "them, or grow others",
                     stream_name(left->reader), stream_name(right->reader),
                     (unsigned long long)first_of(right), (unsigned long long)to);
}

/* Each part begins where the one before ends. */
static bool check_ranges(const struct run *run, struct error *error)
{
    const uint64_t whole = whole_of(run->parts);
    uint64_t next = 0;
    for (size_t i = 0; i < run->parted->count; i++) {
        const struct part *part = &run->parts[i];
        if (whole_of(part) != whole)
            return error_set(error, STATUS_INPUT, "%s and %s are of forests of %llu and %llu trees",
                             stream_name(run->parts->reader), stream_name(part->reader),
                             (unsigned long long)whole, (unsigned long long)whole_of(part));
        if (first_of(part) > next)
            return missing(next, first_of(part), whole, error);
        if (first_of(part) < next)
            return twice(part - 1, part, error);
        next = end_of(part);
    }
    return next == whole || missing(next, whole, whole, error);
}

/* ---- trees ---- */

static bool copy_tree(struct run *run, const struct part *part, struct stream_writer *writer,
                      struct error *error)
{
    if (!forest_decode(&part->header, &run->record, &run->tree, error) ||
        !forest_write(writer, part->header.class_count, &run->tree, error))
        return false;
    run->totals->inner += run->tree.nodes;
    run->totals->units++;
    run->parted->progressed(run->parted->context, run->totals->units);
    return true;
}

static bool copy_part(struct run *run, struct part *part, struct stream_writer *writer,
                      struct error *error)
{
    enum stream_next next;
    while ((next = stream_next(part->reader, &run->record, error)) == STREAM_BLOCK)
        if (!copy_tree(run, part, writer, error))
            return false;
    const struct part *first = run->parts;
    return next == STREAM_END &&
           kinship_check_samples(stream_read_digest(first->reader), stream_name(first->reader),
                                 stream_read_digest(part->reader), stream_name(part->reader),
                                 error);
}

static bool write_forest(struct run *run, struct output *output, struct error *error)
{
    struct stream_header header = run->parts->header;
    header.trees = whole_of(run->parts);
    header.first = header.whole = 0;
    struct stream_writer *writer = stream_begin(output, &header, error);
    bool copied = writer;
    for (size_t i = 0; copied && i < run->parted->count; i++)
        copied = copy_part(run, &run->parts[i], writer, error);
    if (copied)
        return stream_end(writer, stream_read_digest(run->parts->reader), error);
    stream_abandon(writer);
    return false;
}

bool merge_run(const struct parted *parted, struct output *output, struct parted_totals *totals,
               struct error *error)
{
    struct run run = {.parted = parted, .totals = totals};
    *totals = (struct parted_totals){0};
    run.parts = parted_open(parted, open_part, error);
    bool done = run.parts && check_ranges(&run, error) && write_forest(&run, output, error);
    parted_close(parted, run.parts);
    stream_record_free(&run.record);
    tree_free(&run.tree);
    return done;
}
