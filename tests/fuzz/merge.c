/*
 * Parts of a forest as rf-merge takes them: what it makes of them is a whole forest, of as many
 * trees as it says.
 */
#include "run/merge.h"

#include "parted.h"
#include "stream/forest.h"

static void check(struct stream_reader *reader, const struct stream_header *header,
                  const struct parted_totals *totals)
{
    struct error error = {0};
    struct stream_record record = {0};
    struct tree tree = {0};
    uint64_t trees = 0, nodes = 0;
    enum stream_next next;
    while ((next = stream_next(reader, &record, &error)) == STREAM_BLOCK) {
        FUZZ_REQUIRE(forest_decode(header, &record, &tree, &error));
        trees++;
        nodes += tree.nodes;
    }
    FUZZ_REQUIRE(next == STREAM_END && trees == header->trees);
    FUZZ_REQUIRE(trees == totals->units && nodes == totals->inner);
    tree_free(&tree);
    stream_record_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_parted(data, size, merge_run, check);
    return 0;
}
