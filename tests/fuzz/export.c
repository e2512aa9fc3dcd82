/* Streams of any kind in every form that mp-cat exports them in. */
#include "export/export.h"

#include "fuzz.h"

static bool read_through(struct stream_reader *reader, struct export *export, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    bool good = true;
    while (good && (next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        good = export_block(export, &record, error);
    stream_record_free(&record);
    return good && next == STREAM_END && export_end(export, error);
}

/* False: there is no such stream, or it has no such form. */
static bool export_as(const char *path, enum export_format format, uint64_t tree)
{
    struct error error = {0};
    struct common common = {.tool = "fuzz", .output = "/dev/null", .no_sync = true};
    struct stream_header header = {0};
    const struct export_wish wish = {format, UINT64_MAX, tree};
    struct stream_reader *reader = stream_open(path, &error);
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    FUZZ_REQUIRE(reader && output);
    struct export *export = NULL;
    const bool read = stream_read_any_header(reader, &header, &error);
    if (read)
        export = export_start(&header, &wish, output, &error);
    bool done = export && read_through(reader, export, &error);
    FUZZ_REQUIRE(done || (error.status != STATUS_SYSTEM && error.text[0]));
    export_free(export);
    stream_header_free(&header);
    stream_close(reader);
    output_discard(output);
    return read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    for (int format = EXPORT_TEXT + 1; format <= EXPORT_ONNX; format++)
        if (!export_as(path, (enum export_format)format, size % 2 ? UINT64_MAX : 1))
            return 0;
    return 0;
}
