/*
 * What is told apart are the forms that people who look for word vectors or texts meet. A sign is
 * looked for where its form has it, as file(1) does.
 */
#include "input/sniff.h"

#include <stdbool.h>
#include <string.h>

struct sign {
    size_t offset;
    const char *bytes;
    size_t size;
    const char *meaning;
    bool is_text; /* word vectors might begin like this */
};

#define SIGN(offset, bytes, meaning)                                                               \
    {                                                                                              \
        offset, bytes, sizeof bytes - 1, meaning, false                                            \
    }
#define TEXT(bytes, meaning)                                                                       \
    {                                                                                              \
        0, bytes, sizeof bytes - 1, meaning, true                                                  \
    }

static const struct sign signs[] = {
    SIGN(0, "\xfd\x37zXZ\0", "is xz data: unpack it into a pipe, with xz -dc"),
    SIGN(0, "\x28\xb5\x2f\xfd", "is zstd data: unpack it into a pipe, with zstd -dc"),
    SIGN(4, "1AY&SY", "is bzip2 data: unpack it into a pipe, with bzip2 -dc"),
    SIGN(0, "\x04\x22\x4d\x18", "is lz4 data: unpack it into a pipe, with lz4 -dc"),
    SIGN(0, "\x1f\x9d", "is compress data: unpack it into a pipe, with gzip -dc"),
    SIGN(0, "\x1f\x8b", "is gzip data inside what was unpacked: unpack it once more"),
    SIGN(0, "PK\3\4", "is a zip inside what was unpacked: unpack it once more"),
    SIGN(0, "7z\xbc\xaf\x27\x1c", "is a 7z archive: unpack it first"),
    SIGN(0, "Rar!\x1a\x07", "is a rar archive: unpack it first"),
    SIGN(257, "ustar\0", "is a tar archive: unpack it into a pipe, with tar -xO"),
    SIGN(257, "ustar  \0", "is a tar archive: unpack it into a pipe, with tar -xO"),
    SIGN(0, "\xba\x16\x4f\x2f", "is fastText's binary model: use its .vec file"),
    SIGN(0, "\x93NUMPY", "is a numpy array without words: load the text that it was made from"),
    SIGN(0, "\x89HDF\r\n\x1a\n", "is HDF5 data: save the vectors as text"),
    SIGN(0, "\x80\x02", "is a Python pickle: save the vectors as text"),
    SIGN(0, "\x80\x03", "is a Python pickle: save the vectors as text"),
    SIGN(0, "\x80\x04", "is a Python pickle: save the vectors as text"),
    SIGN(0, "\x80\x05", "is a Python pickle: save the vectors as text"),
    SIGN(0, "%PDF-", "is a PDF document: turn it into text"),
    SIGN(0, "\xff\xd8\xff", "is a JPEG image, not text"),
    SIGN(0, "\x89PNG\r\n\x1a\n", "is a PNG image, not text"),
    SIGN(0, "\x7f\x45LF", "is a program, not text"),
    SIGN(0, "\xff\xfe", "is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t UTF-8"),
    SIGN(0, "\xfe\xff", "is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t UTF-8"),
    TEXT("<!DOCTYPE", "is an HTML page, perhaps of a download that failed"),
    TEXT("<!doctype", "is an HTML page, perhaps of a download that failed"),
    TEXT("<html", "is an HTML page, perhaps of a download that failed"),
};

/* A map whose first pair is `format: "glovepipe"`, as glovepipe(5) has it. */
static bool is_stream(const unsigned char *bytes, size_t size)
{
    static const char opening[] = "\xa6\x66ormat\xa9glovepipe";
    return size > sizeof opening && (bytes[0] & 0xf0) == 0x80 &&
           memcmp(bytes + 1, opening, sizeof opening - 1) == 0;
}

/* `3000000 300`, and then not text: the header of word2vec's binary vectors. */
static bool is_word2vec(const unsigned char *bytes, size_t size)
{
    size_t at = 0, numbers = 0;
    while (at < size && bytes[at] >= '0' && bytes[at] <= '9') {
        while (at < size && bytes[at] >= '0' && bytes[at] <= '9')
            at++;
        numbers++;
        if (at < size && bytes[at] == ' ')
            at++;
    }
    return numbers == 2 && at < size && bytes[at] == '\n';
}

static const char *find_sign(const unsigned char *bytes, size_t size, bool with_text)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const struct sign *sign = &signs[i];
        if ((with_text || !sign->is_text) && size >= sign->offset + sign->size &&
            memcmp(bytes + sign->offset, sign->bytes, sign->size) == 0)
            return sign->meaning;
    }
    return NULL;
}

const char *sniff_text(const void *head, size_t size)
{
    return is_stream(head, size) ? "is a glovepipe stream, not text: mp-cat prints it"
                                 : find_sign(head, size, false);
}

const char *sniff(const void *head, size_t size, bool plausible)
{
    const unsigned char *bytes = head;
    const char *meaning = find_sign(bytes, size, !plausible);
    if (meaning)
        return meaning;
    if (is_stream(bytes, size))
        return "is a glovepipe stream already: hand it on as it is";
    if (!memchr(bytes, '\0', size < SNIFF_SIZE ? size : SNIFF_SIZE))
        return NULL;
    if (is_word2vec(bytes, size))
        return "is word2vec's binary form: save it as text, with gensim's "
               "save_word2vec_format(binary=False)";
    return "is not text: word vectors are lines of a word and its numbers";
}
