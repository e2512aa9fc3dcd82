/*
 * Part p of n has the blocks p, p + n, p + 2n, ... of the whole, so that joining takes a block of
 * each part in turn, and copies its bytes. Every part has read all documents: that they were the
 * same ones shows at the parts' ends, so that the output has no end before every part's.
 */
#include "run/join.h"

#include "run/kinship.h"
#include "stream/samples.h"

/* `parts` are in the order of their numbers once all are open. */
struct run {
    const struct parted *parted;
    struct part *parts;
    struct stream_record record;
    struct parted_totals *totals;
};

/* ---- opening ---- */

static bool open_part(const char *path, const struct part *first, struct part *part,
                      struct error *error)
{
    part->reader = stream_open(path, error);
    if (part->reader)
        stream_made_by(part->reader, "vectorize --part");
    if (!part->reader || !stream_read_any_header(part->reader, &part->header, error))
        return false;
    const char *name = stream_name(part->reader);
    if (part->header.kind == STREAM_FOREST)
        return error_set(error, STATUS_INPUT, "%s: is a forest: rf-merge merges its parts", name);
    if (part->header.kind != STREAM_SAMPLES)
        return error_set(error, STATUS_INPUT,
                         "%s: this stream holds %s, and samples are needed here: "
                         "vectorize --part writes them",
                         name, stream_kind_name(part->header.kind));
    if (!part->header.whole)
        return error_set(
            error, STATUS_INPUT,
            "%s: is no part, but all of its samples: parts are what vectorize --part writes", name);
    return kinship_check_rows(&first->header, stream_name(first->reader), &part->header, name,
                              error);
}

/* ---- numbers ---- */

static bool missing(uint64_t number, uint64_t whole, struct error *error)
{
    unsigned long long part = number + 1, of = whole;
    return error_set(error, STATUS_INPUT,
                     "part %llu of %llu is missing: make it, with vectorize --part %llu/%llu", part,
                     of, part, of);
}

/* Of parts in order, the one that has to have this number. */
static bool check_number(const struct part *part, uint64_t number, uint64_t whole,
                         struct error *error)
{
    const unsigned long long found = part->header.first, of = part->header.whole;
    if (of != whole)
        return error_set(error, STATUS_INPUT, "%s: is one of %llu parts, and others are of %llu",
                         stream_name(part->reader), of, (unsigned long long)whole);
    if (found < number)
        return error_set(error, STATUS_INPUT, "%s: part %llu of %llu was given already",
                         stream_name(part->reader), found + 1, of);
    return found == number || missing(number, whole, error);
}

static bool check_numbers(const struct run *run, struct error *error)
{
    const uint64_t whole = run->parts->header.whole;
    for (size_t i = 0; i < run->parted->count; i++)
        if (!check_number(&run->parts[i], i, whole, error))
            return false;
    return run->parted->count == whole || missing(run->parted->count, whole, error);
}

/* ---- blocks ---- */

static bool copy_block(struct run *run, const struct part *part, struct stream_writer *writer,
                       struct error *error)
{
    struct samples_block block;
    if (!samples_decode(&part->header, &run->record, &block, error) ||
        !stream_put_record(writer, &run->record, error))
        return false;
    run->totals->inner++;
    run->totals->units += block.rows;
    run->parted->progressed(run->parted->context, run->totals->units);
    return true;
}

/* The blocks in turn, up to the first part without another one. */
static enum stream_next copy_blocks(struct run *run, struct stream_writer *writer,
                                    struct error *error)
{
    for (;;) {
        const struct part *part = &run->parts[run->totals->inner % run->parted->count];
        enum stream_next next = stream_next(part->reader, &run->record, error);
        if (next != STREAM_BLOCK)
            return next;
        if (!copy_block(run, part, writer, error))
            return STREAM_FAILED;
    }
}

/* The parts behind it end as well, and all have read the same. */
static bool check_ends(struct run *run, struct error *error)
{
    const size_t count = run->parted->count, ended = run->totals->inner % count;
    for (size_t i = 1; i < count; i++) {
        const struct part *part = &run->parts[(ended + i) % count];
        enum stream_next next = stream_next(part->reader, &run->record, error);
        if (next == STREAM_FAILED)
            return false;
        if (next == STREAM_BLOCK)
            return error_set(error, STATUS_INPUT,
                             "%s and %s have too different numbers of blocks to be of the same "
                             "samples",
                             stream_name(run->parts[ended].reader), stream_name(part->reader));
    }
    for (size_t i = 1; i < count; i++)
        if (!kinship_check_documents(
                stream_read_digest(run->parts[0].reader), stream_name(run->parts[0].reader),
                stream_read_digest(run->parts[i].reader), stream_name(run->parts[i].reader), error))
            return false;
    return true;
}

static bool write_samples(struct run *run, struct output *output, struct error *error)
{
    struct stream_header header = run->parts->header;
    header.first = header.whole = 0;
    struct stream_writer *writer = stream_begin(output, &header, error);
    if (writer && copy_blocks(run, writer, error) == STREAM_END && check_ends(run, error))
        return stream_end(writer, stream_read_digest(run->parts->reader), error);
    stream_abandon(writer);
    return false;
}

bool join_run(const struct parted *parted, struct output *output, struct parted_totals *totals,
              struct error *error)
{
    struct run run = {.parted = parted, .totals = totals};
    *totals = (struct parted_totals){0};
    run.parts = parted_open(parted, open_part, error);
    bool done = run.parts && check_numbers(&run, error) && write_samples(&run, output, error);
    parted_close(parted, run.parts);
    stream_record_free(&run.record);
    return done;
}
