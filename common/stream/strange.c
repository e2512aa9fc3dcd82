/*
 * Streams are compressed to save space, and texts are given where what is made of them belongs.
 * What compresses texts is told apart where texts are read; here it is enough to say what unpacks.
 */
#include "stream/strange.h"

#include <stdbool.h>
#include <string.h>

static const struct sign {
    const char *bytes;
    size_t size;
    const char *what;
} signs[] = {
    {"\x1f\x8b", 2, ", it is gzip data: unpack it into a pipe, with gzip -dc"},
    {"\x28\xb5\x2f\xfd", 4, ", it is zstd data: unpack it into a pipe, with zstd -dc"},
    {"\xfd\x37zXZ", 5, ", it is xz data: unpack it into a pipe, with xz -dc"},
    {"BZh", 3, ", it is bzip2 data: unpack it into a pipe, with bzip2 -dc"},
    {"\x04\x22\x4d\x18", 4, ", it is lz4 data: unpack it into a pipe, with lz4 -dc"},
    {"PK\3\4", 4, ", it is a zip: unpack it into a pipe, with unzip -p"},
    {"version https://git-lfs.", 24,
     ", it is a Git LFS pointer: fetch the file, with git lfs pull"},
    {"/annex/objects/", 15, ", it is a git-annex pointer: fetch the file, with git annex get"},
};

static bool is_text(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\n' && bytes[i] != '\r')
            return false;
    return size > 0;
}

const char *strange_what(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (size >= signs[i].size && memcmp(bytes, signs[i].bytes, signs[i].size) == 0)
            return signs[i].what;
    return is_text(bytes, size) ? ", it is text" : "";
}

const char *strange_maker(enum stream_kind kind)
{
    static const char *const makers[] = {
        [STREAM_VECTORS] = "glove-load",  [STREAM_SAMPLES] = "vectorize",
        [STREAM_FOREST] = "rf-train",     [STREAM_PREDICTIONS] = "rf-predict --format mp",
        [STREAM_LINEAR] = "linear-train", [STREAM_PIECES] = "linear-train --part",
        [STREAM_DECISIONS] = "rf-decide",
    };
    return makers[kind];
}
