/* The output is one that a shell has opened, so that it can be read again. */
#include "parted.h"

static void tell_nothing(void *context, uint64_t units)
{
    (void)context, (void)units;
}

static bool make(const struct parted *parted, const char *place, parted_run *run,
                 struct parted_totals *totals)
{
    struct error error = {0};
    const struct common common = {.tool = "fuzz", .output = place, .no_sync = true};
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    FUZZ_REQUIRE(output);
    bool made = run(parted, output, totals, &error);
    FUZZ_REQUIRE(made || error.status == STATUS_INPUT || error.status == STATUS_CUT);
    FUZZ_REQUIRE(output_settle(output, made, &error) == made);
    return made;
}

void fuzz_parted(const uint8_t *data, size_t size, parted_run *run,
                 void (*check)(struct stream_reader *reader, const struct stream_header *header,
                               const struct parted_totals *totals))
{
    struct fuzz_part parts[FUZZ_PARTS];
    const char *paths[FUZZ_PARTS], *place = fuzz_output();
    struct error error = {0};
    struct parted_totals totals;
    struct stream_header header = {0};
    const struct parted parted = {
        .paths = paths, .count = fuzz_split(data, size, parts), .progressed = tell_nothing};
    for (unsigned i = 0; i < parted.count; i++)
        paths[i] = fuzz_file_of(i, parts[i].data, parts[i].size);
    if (!parted.count || !make(&parted, place, run, &totals))
        return;
    struct stream_reader *reader = stream_open(place, &error);
    FUZZ_REQUIRE(reader && stream_read_any_header(reader, &header, &error) && !header.whole);
    check(reader, &header, &totals);
    stream_header_free(&header);
    stream_close(reader);
}
