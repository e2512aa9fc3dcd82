/*
 * Forests that rf-train goes on from: models, and checkpoints however they end. What is whole of a
 * checkpoint, and trees that are added, must be a model in the end.
 */
#include "run/saved.h"

#include "fuzz.h"
#include "run/trained.h"

enum { MOST_TREES = 64 };

static bool take(void *context, uint64_t index, const struct tree *tree, struct error *error)
{
    uint64_t *taken = context;
    (void)tree, (void)error;
    FUZZ_REQUIRE(index == *taken);
    ++*taken;
    return true;
}

/* Adds trees of one leaf each to those that are there, and ends it. */
static void finish(struct checkpoint *checkpoint, const struct stream_header *header,
                   struct digest samples, uint64_t trees)
{
    uint32_t feature = TREE_NONE, leaf_class = 0, weight = 1;
    const struct tree leaf = {
        .nodes = 1, .feature = &feature, .leaf_class = &leaf_class, .weight = &weight};
    struct error error = {0};
    for (; trees < header->trees; trees++)
        FUZZ_REQUIRE(checkpoint_add(checkpoint, header->class_count, &leaf, &error));
    FUZZ_REQUIRE(checkpoint_end(checkpoint, samples, &error));
}

static void go_on(const char *path, const struct stream_header *header, struct digest samples)
{
    struct error error = {0};
    struct checkpoint checkpoint = {0};
    struct trained model;
    uint64_t taken = 0;
    if (checkpoint_open(&checkpoint, path, false, header, samples, take, &taken, &error)) {
        FUZZ_REQUIRE(taken <= header->trees);
        finish(&checkpoint, header, samples, taken);
        FUZZ_REQUIRE(trained_load(&model, path, 1, &error));
        FUZZ_REQUIRE(model.forest.tree_count == header->trees);
        trained_free(&model);
    } else {
        FUZZ_REQUIRE(error.status == STATUS_INPUT);
    }
    checkpoint_close(&checkpoint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    struct error error = {0};
    struct stream_header header = {0};
    struct stream_reader *reader = stream_open(path, &error);
    if (reader && stream_read_header(reader, STREAM_FOREST, &header, &error) &&
        header.trees <= MOST_TREES) {
        const struct lineage *lineage = &header.lineage;
        struct digest samples = {0};
        if (lineage->count && lineage->entries[lineage->count - 1].has_read)
            samples = lineage->entries[lineage->count - 1].read;
        uint64_t taken = 0;
        if (!saved_model(path, &header, samples, take, &taken, &error))
            FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
        go_on(path, &header, samples);
    }
    stream_header_free(&header);
    stream_close(reader);
    return 0;
}
