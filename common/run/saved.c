/*
 * What is kept of a checkpoint are the trees up to the first one that is not whole, whatever the
 * reason: those behind it come out the same when they are grown again. Only a header that is of
 * something else is refused, for the file may be dear to somebody.
 */
#include "run/saved.h"

#include "base/path.h"
#include "base/report.h"
#include "run/kinship.h"
#include "stream/forest.h"

#include <sys/stat.h>

static const char this_run[] = "this forest";

/* What reading either of them holds. */
struct reading {
    struct stream_reader *reader;
    struct stream_header header;
    struct stream_record record;
    struct tree tree;
    uint64_t trees;              /* handed on */
    struct stream_totals totals; /* of the stream up to the last of these */
};

static void reading_end(struct reading *reading)
{
    stream_header_free(&reading->header);
    stream_record_free(&reading->record);
    stream_close(reading->reader);
    tree_free(&reading->tree);
}

static bool open_forest(struct reading *reading, const char *path, struct error *error)
{
    reading->reader = stream_open(path, error);
    return reading->reader &&
           stream_read_header(reading->reader, STREAM_FOREST, &reading->header, error);
}

static bool hand_on(struct reading *reading, saved_take *take, void *context, struct error *error)
{
    if (!take(context, reading->trees, &reading->tree, error))
        return false;
    reading->trees++;
    reading->totals = stream_read_totals(reading->reader);
    return true;
}

/* ---- a model ---- */

static bool check_range(const struct reading *reading, const struct stream_header *wanted,
                        struct error *error)
{
    const struct stream_header *have = &reading->header;
    if (have->first == wanted->first && have->trees <= wanted->trees)
        return true;
    return error_set(error, STATUS_INPUT,
                     "%s: has the trees %llu:%llu, and the trees %llu:%llu are wanted: start from "
                     "a forest that has the first of these and no others",
                     stream_name(reading->reader), (unsigned long long)have->first,
                     (unsigned long long)(have->first + have->trees),
                     (unsigned long long)wanted->first,
                     (unsigned long long)(wanted->first + wanted->trees));
}

static bool hand_on_all(struct reading *reading, saved_take *take, void *context,
                        struct error *error)
{
    enum stream_next next;
    while ((next = stream_next(reading->reader, &reading->record, error)) == STREAM_BLOCK)
        if (!forest_decode(&reading->header, &reading->record, &reading->tree, error) ||
            !hand_on(reading, take, context, error))
            return false;
    return next == STREAM_END;
}

bool saved_model(const char *path, const struct stream_header *wanted, struct digest samples,
                 saved_take *take, void *context, struct error *error)
{
    struct reading reading = {0};
    bool done = open_forest(&reading, path, error) &&
                kinship_check(&reading.header, stream_name(reading.reader), wanted, this_run, true,
                              error) &&
                check_range(&reading, wanted, error) &&
                hand_on_all(&reading, take, context, error) &&
                kinship_check_samples(stream_read_digest(reading.reader),
                                      stream_name(reading.reader), samples, this_run, error);
    reading_end(&reading);
    return done;
}

/* ---- a checkpoint: reading ---- */

/* A checkpoint's header, and no model's, has the digest of the samples. */
static bool check_header(const struct reading *reading, const struct stream_header *wanted,
                         struct digest samples, struct error *error)
{
    const char *name = stream_name(reading->reader);
    const struct stream_header *have = &reading->header;
    const struct lineage *lineage = &have->lineage;
    if (lineage->count == 0 || !lineage->entries[lineage->count - 1].has_read)
        return error_set(error, STATUS_INPUT,
                         "%s: is a forest and no checkpoint: name a file that may be written",
                         name);
    if (!kinship_check(have, name, wanted, this_run, false, error) ||
        !kinship_check_samples(lineage->entries[lineage->count - 1].read, name, samples, this_run,
                               error))
        return false;
    if (have->first == wanted->first && have->trees == wanted->trees)
        return true;
    return error_set(
        error, STATUS_INPUT,
        "%s: is of the trees %llu:%llu, and the trees %llu:%llu are wanted: name "
        "another file, or the same --tree-range",
        name, (unsigned long long)have->first, (unsigned long long)(have->first + have->trees),
        (unsigned long long)wanted->first, (unsigned long long)(wanted->first + wanted->trees));
}

/* What is no failure of the system's is an end of what is whole. */
static bool is_end(const struct error *error)
{
    return error->status == STATUS_INPUT || error->status == STATUS_CUT;
}

static bool read_trees(struct checkpoint *checkpoint, struct reading *reading, saved_take *take,
                       void *context, struct error *error)
{
    enum stream_next next = STREAM_BLOCK;
    struct error end = {0};
    while (reading->trees < reading->header.trees) {
        next = stream_next(reading->reader, &reading->record, &end);
        if (next != STREAM_BLOCK || !stream_sum_fits(&reading->record, &end) ||
            !forest_decode(&reading->header, &reading->record, &reading->tree, &end))
            break;
        if (!hand_on(reading, take, context, error))
            return false;
    }
    if (end.status == STATUS_INPUT)
        checkpoint->damaged = reading->totals.digest.size;
    if (end.status == STATUS_DONE || is_end(&end))
        return true;
    *error = end;
    return false;
}

/* Leaves `reading` behind the last tree; a file that has no whole header yet has none. */
static bool read_checkpoint(struct checkpoint *checkpoint, struct reading *reading,
                            const char *path, const struct stream_header *wanted,
                            struct digest samples, saved_take *take, void *context,
                            struct error *error)
{
    if (!open_forest(reading, path, error))
        return error->status == STATUS_CUT;
    return check_header(reading, wanted, samples, error) &&
           read_trees(checkpoint, reading, take, context, error);
}

/* ---- a checkpoint: writing ---- */

/* A header that has the digest of the samples. */
static struct stream_writer *begin(struct output *output, const struct stream_header *wanted,
                                   struct digest samples, struct error *error)
{
    struct stream_header header = *wanted;
    struct stream_writer *writer = NULL;
    header.lineage = (struct lineage){0};
    if (lineage_copy(&header.lineage, &wanted->lineage, error)) {
        lineage_complete(&header.lineage, samples);
        writer = stream_begin(output, &header, error);
    }
    lineage_free(&header.lineage);
    return writer;
}

static bool go_on(struct checkpoint *checkpoint, const struct reading *reading, const char *path,
                  bool sync, const struct stream_header *wanted, struct digest samples,
                  struct error *error)
{
    const uint64_t size = reading->trees ? reading->totals.digest.size : 0;
    checkpoint->output = output_continue(path, size, sync, error);
    if (!checkpoint->output)
        return false;
    checkpoint->writer = size ? stream_continue(checkpoint->output, reading->totals, error)
                              : begin(checkpoint->output, wanted, samples, error);
    return checkpoint->writer;
}

bool checkpoint_open(struct checkpoint *checkpoint, const char *path, bool sync,
                     const struct stream_header *wanted, struct digest samples, saved_take *take,
                     void *context, struct error *error)
{
    struct reading reading = {0};
    struct stat status;
    bool done = stat(path, &status) != 0 ||
                read_checkpoint(checkpoint, &reading, path, wanted, samples, take, context, error);
    stream_close(reading.reader);
    reading.reader = NULL;
    done = done && go_on(checkpoint, &reading, path, sync, wanted, samples, error);
    reading_end(&reading);
    return done;
}

bool checkpoint_add(struct checkpoint *checkpoint, uint32_t class_count, const struct tree *tree,
                    struct error *error)
{
    const double now = report_seconds();
    const bool due = now - checkpoint->saved >= 1;
    if (due)
        checkpoint->saved = now;
    return forest_write_summed(checkpoint->writer, class_count, tree, error) &&
           (due ? output_save : output_flush)(checkpoint->output, error);
}

bool checkpoint_end(struct checkpoint *checkpoint, struct digest samples, struct error *error)
{
    struct stream_writer *writer = checkpoint->writer;
    struct output *output = checkpoint->output;
    *checkpoint = (struct checkpoint){.damaged = checkpoint->damaged};
    return output_settle(output, stream_end(writer, samples, error) && output_save(output, error),
                         error);
}

void checkpoint_close(struct checkpoint *checkpoint)
{
    stream_abandon(checkpoint->writer);
    output_discard(checkpoint->output);
    *checkpoint = (struct checkpoint){0};
}
