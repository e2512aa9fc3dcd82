/* Streams of any kind, read, counted and shown as mp-cat does it. */
#include "stream/stream.h"

#include "fuzz.h"
#include "stream/about.h"
#include "stream/show.h"

static void take_blocks(struct stream_reader *reader, const struct stream_header *header,
                        struct output *output)
{
    struct error error = {0};
    struct stream_record record = {0};
    struct about about = {0};
    struct show show = {.header = header, .output = output, .left = 1000};
    bool good = show_start(&show, &error);
    while (good && stream_next(reader, &record, &error) == STREAM_BLOCK)
        good = about_block(&about, header, &record, &error) && show_block(&show, &record, &error);
    if (good && error.status == STATUS_DONE) {
        struct buffer text = {0};
        struct stream_totals totals = stream_read_totals(reader);
        about_stats(&about, header, &totals, &text);
        about_lineage(&header->lineage, &text);
        buffer_free(&text);
    } else {
        FUZZ_REQUIRE(error.text[0] && error.status != STATUS_USAGE);
    }
    show_free(&show);
    about_free(&about);
    stream_record_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct common common = {.tool = "fuzz", .output = "/dev/null", .no_sync = true};
    struct stream_header header = {0};
    struct stream_reader *reader = stream_open(fuzz_file(data, size), &error);
    struct output *output = output_open(&common, OUTPUT_TEXT, &error);
    FUZZ_REQUIRE(reader && output);
    if (stream_read_any_header(reader, &header, &error))
        take_blocks(reader, &header, output);
    stream_header_free(&header);
    stream_close(reader);
    output_discard(output);
    return 0;
}
