/*
 * gzip, zip and plain bytes, unpacked in pieces of two sizes to the same bytes or the same status;
 * and the members of a zip listed.
 */
#include "input/source.h"

#include "base/crc32.h"
#include "fuzz.h"

enum { MOST_BYTES = 1 << 22, LARGE = 1 << 16 };

struct came {
    uint64_t size;
    uint32_t crc32;
    int status;
};

static struct came read_all(const char *path, size_t piece)
{
    static unsigned char bytes[LARGE];
    struct error error = {0};
    struct came came = {0};
    struct source *source = source_open(path, NULL, &error);
    bool good = source != NULL;
    for (size_t got = piece; good && got == piece && came.size < MOST_BYTES;) {
        good = source_read(source, bytes, piece, &got, &error);
        if (good) {
            came.crc32 = crc32_of(came.crc32, bytes, got);
            came.size += got;
        }
    }
    if (good && came.size < MOST_BYTES)
        good = source_verify(source, came.crc32, &error);
    came.status = good ? STATUS_DONE : (int)error.status;
    source_close(source);
    return came;
}

static bool see(void *count, const char *name, uint64_t size, struct error *error)
{
    (void)name;
    (void)size;
    (void)error;
    ++*(uint64_t *)count;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    uint64_t members = 0;
    const char *path = fuzz_file(data, size);
    struct came large = read_all(path, LARGE), small = read_all(path, 509);
    FUZZ_REQUIRE(large.status == small.status);
    FUZZ_REQUIRE(large.status != STATUS_SYSTEM);
    if (large.status == STATUS_DONE && large.size < MOST_BYTES)
        FUZZ_REQUIRE(large.size == small.size && large.crc32 == small.crc32);
    if (!source_members(path, see, &members, &error))
        FUZZ_REQUIRE(error.status != STATUS_SYSTEM);
    return 0;
}
