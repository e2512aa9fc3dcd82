/*
 * Parts of samples as mp-join takes them: what it makes of them are whole samples, of as many rows
 * and blocks as it says.
 */
#include "run/join.h"

#include "parted.h"
#include "stream/samples.h"

static void check(struct stream_reader *reader, const struct stream_header *header,
                  const struct parted_totals *totals)
{
    struct error error = {0};
    struct stream_record record = {0};
    struct samples_block block;
    uint64_t rows = 0, blocks = 0;
    enum stream_next next;
    while ((next = stream_next(reader, &record, &error)) == STREAM_BLOCK) {
        FUZZ_REQUIRE(samples_decode(header, &record, &block, &error));
        rows += block.rows;
        blocks++;
    }
    FUZZ_REQUIRE(next == STREAM_END && rows == totals->units && blocks == totals->inner);
    stream_record_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_parted(data, size, join_run, check);
    return 0;
}
