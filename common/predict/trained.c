#include "predict/trained.h"

#include "base/tree.h"
#include "par/pipeline.h"
#include "stream/forest.h"

#include <stdlib.h>

/* A tree on its way: as a record, as columns, packed. */
struct batch {
    struct stream_record record;
    struct tree tree;
    struct packed_tree packed;
};

/* The forest belongs to the last stage; the others look at its form only. */
struct run {
    struct trained *trained;
    struct stream_reader *reader;
};

static enum pipeline_read read_tree(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    switch (stream_next(run->reader, &batch->record, error)) {
    case STREAM_BLOCK:
        return PIPELINE_BATCH;
    case STREAM_END:
        return PIPELINE_END;
    case STREAM_FAILED:
        break;
    }
    return PIPELINE_FAILED;
}

static bool pack_tree(void *shared, void *item, struct error *error)
{
    const struct trained *trained = ((const struct run *)shared)->trained;
    struct batch *batch = item;
    return forest_decode(&trained->header, &batch->record, &batch->tree, error) &&
           (packed_tree_make(&batch->packed, &trained->forest.form, &batch->tree) ||
            error_memory(error, "reading the model"));
}

static bool append_tree(void *shared, void *item, struct error *error)
{
    struct trained *trained = ((const struct run *)shared)->trained;
    struct batch *batch = item;
    return packed_append(&trained->forest, &batch->packed) ||
           error_memory(error, "reading the model");
}

static void free_batches(struct batch *batches, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        stream_record_free(&batches[i].record);
        tree_free(&batches[i].tree);
        packed_tree_free(&batches[i].packed);
    }
    free(batches);
}

static bool read_trees(struct run *run, unsigned jobs, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = run,
                                      .read = read_tree,
                                      .work = pack_tree,
                                      .write = append_tree};
    size_t count = 2 * (size_t)jobs + 2;
    struct batch *batches = calloc(count, sizeof *batches);
    if (!batches)
        return error_memory(error, "reading the model");
    bool done = pipeline_run(&pipeline, jobs, batches, count, error);
    free_batches(batches, count);
    return done;
}

static bool read_model(struct run *run, unsigned jobs, struct error *error)
{
    struct trained *trained = run->trained;
    if (!stream_read_header(run->reader, STREAM_FOREST, &trained->header, error))
        return false;
    trained->forest = packed_start(trained->header.dim, trained->header.class_count);
    if (!read_trees(run, jobs, error))
        return false;
    lineage_complete(&trained->header.lineage, stream_read_digest(run->reader));
    trained->digest = stream_read_totals(run->reader).digest;
    return true;
}

bool trained_load(struct trained *trained, const char *path, unsigned jobs, struct error *error)
{
    *trained = (struct trained){0};
    struct run run = {trained, stream_open(path, error)};
    if (!run.reader)
        return false;
    bool loaded = read_model(&run, jobs, error);
    stream_close(run.reader);
    if (!loaded)
        trained_free(trained);
    return loaded;
}

void trained_free(struct trained *trained)
{
    stream_header_free(&trained->header);
    packed_free(&trained->forest);
}
