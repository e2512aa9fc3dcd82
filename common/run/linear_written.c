/* A stream that was begun early is gone on with where it is. */
#include "run/linear_written.h"

bool linear_written_early(const struct linear_run *run, const struct linear_size *sizes,
                          unsigned count, struct linear_room room)
{
    const struct linear_train *train = run->train;
    const uint64_t bytes = linear_write_bytes(&run->bags);
    enum linear_plan plan;
    if (!train->folds || train->part.whole || train->part_count ||
        train->most_bytes != UINT64_MAX || !output_is_file(run->output))
        return false;
    room.memory -= bytes < room.memory ? bytes : room.memory;
    room.map -= bytes < room.map ? bytes : room.map;
    return linear_plan(sizes, count, train->jobs, &room, &plan, &(struct error){0}) &&
           plan == LINEAR_TOGETHER;
}

static struct linear_write write_of(const struct linear_run *run)
{
    struct linear_write write = {.lineage = run->train->lineage,
                                 .read = collection_digest(run->train->documents),
                                 .bags = &run->bags,
                                 .classes = run->classes,
                                 .class_of = run->class_of,
                                 .bayes = run->train->bayes ? &run->bayes : NULL,
                                 .scored = run->train->folds != 0,
                                 .most_bytes = run->train->most_bytes};
    for (int view = 0; view < VIEW_COUNT; view++) {
        write.weights[view] = run->models[view].weights.floats;
        write.scores[view] = run->models[view].scores.floats;
    }
    return write;
}

static bool begin_writing(struct linear_run *run, struct error *error)
{
    const struct linear_write write = write_of(run);
    if (!run->writing)
        run->writing = linear_write_begin(&write, run->output, error);
    return run->writing;
}

bool linear_written_some(struct linear_run *run, bool *more, struct error *error)
{
    return begin_writing(run, error) && linear_write_some(run->writing, more, error);
}

bool linear_written(struct linear_run *run, struct error *error)
{
    if (run->train->part.whole)
        return linear_part_write(&run->work, &run->train->part, run->output, error);
    if (!begin_writing(run, error))
        return false;
    struct linear_writing *writing = run->writing;
    run->writing = NULL;
    return linear_write_end(writing, run->totals->written, error);
}
