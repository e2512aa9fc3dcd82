/* What was said, as a stream of predictions, in the blocks that any writer of these makes. */
#include "base/memory.h"
#include "run/oob.h"
#include "stream/predictions.h"

#include <stdlib.h>

static bool write_blocks(struct oob *oob, struct text *labels, size_t room,
                         struct stream_writer *writer, const struct stream_header *header,
                         struct error *error)
{
    const struct samples *samples = oob->samples;
    for (size_t first = 0, count; first < samples->rows; first += count) {
        count = samples->rows - first < room ? samples->rows - first : room;
        const int32_t *answers = oob_answers(oob) + first;
        for (size_t i = 0; i < count; i++) {
            const uint32_t class = samples->class_of[first + i];
            labels[i] = samples->classes[class];
            oob->totals.right += answers[i] == (int32_t) class;
        }
        const struct predictions_rows rows = {.rows = (uint32_t)count,
                                              .predicted = answers,
                                              .labels = labels,
                                              .proba = oob_proba(oob, first)};
        if (!predictions_write(writer, header, &rows, error))
            return false;
    }
    return true;
}

bool oob_write(struct oob *oob, const struct lineage *lineage, struct output *output,
               struct error *error)
{
    const struct samples *samples = oob->samples;
    const struct stream_header header = {.kind = STREAM_PREDICTIONS,
                                         .labelled = true,
                                         .class_count = samples->class_count,
                                         .classes = samples->classes,
                                         .proba = true,
                                         .lineage = *lineage};
    const size_t room = stream_block_rows(samples->class_count);
    struct text *labels = memory_array(room, sizeof *labels);
    struct stream_writer *writer = labels ? stream_begin(output, &header, error) : NULL;
    const bool done = labels ? writer && write_blocks(oob, labels, room, writer, &header, error)
                             : error_memory(error, "writing out-of-bag predictions");
    free(labels);
    if (done)
        return stream_end(writer, samples->digest, error);
    stream_abandon(writer);
    return false;
}
