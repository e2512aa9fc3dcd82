/*
 * Files of vectors as glove-load takes them, whatever they are: by the portable kernels on one
 * thread, and by the best ones on two, to the same totals.
 */
#include "run/load.h"

#include "fuzz.h"

#include <string.h>

enum { MOST = 1 << 15 };

struct came {
    struct load_totals totals;
    int status;
};

static bool run(struct load *load, const struct load_orders *orders, struct came *came,
                struct error *error)
{
    struct common common = {.tool = "fuzz", .output = "/dev/null", .no_sync = true};
    struct stream_header header = {.kind = STREAM_VECTORS, .dim = load_shape(load)->dim};
    struct output *output = output_open(&common, OUTPUT_BINARY, error);
    FUZZ_REQUIRE(output);
    struct stream_writer *writer = stream_begin(output, &header, error);
    bool done = writer && load_run(load, orders, writer, &came->totals, error);
    stream_abandon(writer);
    output_discard(output);
    return done;
}

static struct came load_all(const char *path, const struct word_list *list,
                            const struct load_orders *orders)
{
    struct error error = {0};
    struct came came = {.status = STATUS_DONE};
    struct source *source = source_open_only(path, &error);
    struct load *load = source ? load_open(source, list, &error) : NULL;
    if (!load || !run(load, orders, &came, &error))
        came.status = (int)error.status;
    load_close(load);
    source_close(source);
    FUZZ_REQUIRE(came.status != STATUS_SYSTEM && (came.status == STATUS_DONE || error.text[0]));
    return came;
}

static void compare(const struct load_totals *a, const struct load_totals *b)
{
    FUZZ_REQUIRE(a->rows == b->rows && a->words == b->words && a->lines == b->lines &&
                 a->entries == b->entries && a->digest.crc32 == b->digest.crc32 &&
                 a->digest.size == b->digest.size);
    FUZZ_REQUIRE(memcmp(a->defects, b->defects, sizeof a->defects) == 0);
    FUZZ_REQUIRE(memcmp(a->first_lines, b->first_lines, sizeof a->first_lines) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > MOST)
        return 0;
    struct text words[] = {text_of("the"), text_of("of"), text_of("and")};
    const struct word_list list = {.words = words, .count = 3};
    const bool listed = data[0] & 1;
    struct load_orders orders = {.top = data[0] >> 4, .strict = data[0] & 2, .jobs = 1};
    const char *path = fuzz_file(data + 1, size - 1);
    const struct came first = load_all(path, listed ? &list : NULL, &orders);
    orders.jobs = 2;
    orders.level = cpu_level();
    const struct came second = load_all(path, listed ? &list : NULL, &orders);
    FUZZ_REQUIRE(first.status == second.status);
    if (first.status == STATUS_DONE)
        compare(&first.totals, &second.totals);
    return 0;
}
