/* Tables of numbers as mp-pack takes them: CSV, numpy's arrays, libsvm's rows. */
#include "run/pack.h"

#include "base/program.h"
#include "fuzz.h"

enum { MOST = 1 << 14 };

static struct pack pack_of(uint8_t way, const struct program *program)
{
    static const int forms[] = {PACK_CSV, PACK_TSV, PACK_NPY, PACK_LIBSVM};
    struct pack pack = {.from = forms[way & 3], .program = program};
    const bool table = (way & 3) < 2;
    pack.no_label = way & 4;
    if (table) {
        pack.header = way & 8;
        pack.no_header = way & 16 && !pack.header;
        if (way & 32)
            pack.one_hot.given[pack.one_hot.count++] = "2";
        if (way & 64)
            pack.dropped.given[pack.dropped.count++] = "3";
        if (way & 128)
            pack.label = pack.no_label ? NULL : "1";
    } else if ((way & 3) == 3) {
        pack.dim = way & 8 ? 5 : 0;
        pack.first_index = (way >> 4) % 3;
    }
    return pack;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct option_row rows[] = {{0}};
    static const struct program program = {.name = "fuzz", .rows = rows};
    struct common common = {.tool = "fuzz", .output = "/dev/null", .no_sync = true};
    struct error error = {0};
    struct pack_totals totals;
    if (size < 1 || size > MOST)
        return 0;
    struct pack pack = pack_of(data[0], &program);
    pack.path = fuzz_file(data + 1, size - 1);
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    FUZZ_REQUIRE(output);
    if (!pack_run(&pack, output, &totals, &error))
        FUZZ_REQUIRE(error.status != STATUS_SYSTEM && error.status != STATUS_DONE && error.text[0]);
    output_discard(output);
    return 0;
}
