/* What is said, as a stream of predictions, in the blocks that any writer of these makes: a block
   is written as soon as all is said of its samples. */
#include "base/memory.h"
#include "run/oob.h"
#include "stream/predictions.h"

#include <stdlib.h>

/* What of it is written. */
struct writing {
    struct oob *oob;
    const struct stream_header *header;
    struct stream_writer *writer;
    struct text *labels; /* room for those of a block */
    size_t room;         /* rows of one */
    size_t rows;         /* that are written */
};

static bool write_block(struct writing *writing, size_t count, struct error *error)
{
    struct oob *oob = writing->oob;
    const struct samples *samples = oob->samples;
    const size_t first = writing->rows;
    const int32_t *answers = oob_answers(oob) + first;
    for (size_t i = 0; i < count; i++) {
        const uint32_t class = samples->class_of[first + i];
        writing->labels[i] = samples->classes[class];
        oob->totals.right += answers[i] == (int32_t) class;
    }
    const struct predictions_rows rows = {.rows = (uint32_t)count,
                                          .predicted = answers,
                                          .labels = writing->labels,
                                          .proba = oob_proba(oob, first)};
    writing->rows += count;
    return predictions_write(writing->writer, writing->header, &rows, error);
}

static bool write_said(void *context, size_t rows, struct error *error)
{
    struct writing *writing = context;
    const bool all = rows == writing->oob->samples->rows;
    for (size_t left; (left = rows - writing->rows) >= writing->room || (all && left);)
        if (!write_block(writing, left < writing->room ? left : writing->room, error))
            return false;
    return true;
}

bool oob_write(struct oob *oob, const struct oob_jobs *jobs, const struct lineage *lineage,
               struct output *output, struct error *error)
{
    const struct samples *samples = oob->samples;
    const struct stream_header header = {.kind = STREAM_PREDICTIONS,
                                         .labelled = true,
                                         .class_count = samples->class_count,
                                         .classes = samples->classes,
                                         .proba = true,
                                         .lineage = *lineage};
    struct writing writing = {
        .oob = oob, .header = &header, .room = stream_block_rows(samples->class_count)};
    writing.labels = memory_array(writing.room, sizeof *writing.labels);
    writing.writer = writing.labels ? stream_begin(output, &header, error) : NULL;
    const bool done = writing.labels
                          ? writing.writer && oob_vote(oob, jobs, write_said, &writing, error)
                          : error_memory(error, "writing out-of-bag predictions");
    free(writing.labels);
    if (done)
        return stream_end(writing.writer, samples->digest, error);
    stream_abandon(writing.writer);
    return false;
}
