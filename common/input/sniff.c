/*
 * What is told apart are the forms that people who look for word vectors or texts meet. A sign is
 * looked for where its form has it, as file(1) does.
 */
#include "input/sniff.h"

#include "base/utf8.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { WIDE_SIZE = 512 }; /* bytes in which zeros are counted */

struct sign {
    size_t offset;
    const char *bytes;
    size_t size;
    const char *meaning;
    bool is_text; /* word vectors might begin like this */
    /* Where the sign is letters, with which a text may open: whether what is behind goes with it */
    bool (*behind)(const unsigned char *bytes, size_t size);
};

#define SIGN(offset, bytes, meaning)                                                               \
    {                                                                                              \
        offset, bytes, sizeof bytes - 1, meaning, false, NULL                                      \
    }
#define LETTERS(bytes, behind, meaning)                                                            \
    {                                                                                              \
        0, bytes, sizeof bytes - 1, meaning, false, behind                                         \
    }
#define TEXT(bytes, meaning)                                                                       \
    {                                                                                              \
        0, bytes, sizeof bytes - 1, meaning, true, NULL                                            \
    }

static bool is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* One of the next four bytes is a control that no text has. */
static bool is_binary(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size && i < 4; i++)
        if (bytes[i] < ' ' && !memchr("\t\n\f\r", bytes[i], 4))
            return true;
    return false;
}

/* The level of bzip2, and its magic number. */
static bool is_bzip2(const unsigned char *bytes, size_t size)
{
    return size >= 7 && is_digit(*bytes) && memcmp(bytes + 1, "1AY&SY", 6) == 0;
}

/* `1.7`, as behind %PDF-. */
static bool is_version(const unsigned char *bytes, size_t size)
{
    return size >= 3 && is_digit(bytes[0]) && bytes[1] == '.' && is_digit(bytes[2]);
}

/* `1\ansi` or `1{\fonttbl`, as behind {\rtf. */
static bool is_control_word(const unsigned char *bytes, size_t size)
{
    return size >= 2 && is_digit(bytes[0]) && (bytes[1] == '\\' || bytes[1] == '{');
}

/* `v1` and the end of the line, as in a pointer of Git LFS. */
static bool is_line_of_version(const unsigned char *bytes, size_t size)
{
    return size >= 3 && bytes[0] == 'v' && is_digit(bytes[1]) &&
           (bytes[2] == '\n' || bytes[2] == '\r');
}

/* `SHA256E-s7--`: a key of git-annex begins with the backend's name, in capitals. */
static bool is_annex_key(const unsigned char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && (is_digit(bytes[at]) || (bytes[at] >= 'A' && bytes[at] <= 'Z')))
        at++;
    return at && at < size && bytes[at] == '-';
}

/* Of all members in one pipe, a training and a test set are one, and folders' labels are lost. */
static const char tar[] =
    "is a tar archive: see what it holds, with tar -tf FILE; unpack it, with tar -xf FILE, and "
    "name the file or folder, or unpack one member, with tar -xf FILE MEMBER";

static const struct sign signs[] = {
    SIGN(0, "\xfd\x37zXZ\0", "is xz data: unpack it first, with xz -d"),
    SIGN(0, "\x28\xb5\x2f\xfd", "is zstd data: unpack it first, with zstd -d"),
    LETTERS("BZh", is_bzip2, "is bzip2 data: unpack it first, with bzip2 -d"),
    SIGN(0, "\x04\x22\x4d\x18", "is lz4 data: unpack it first, with lz4 -d"),
    SIGN(0, "\x1f\x9d", "is compress data: unpack it first, with gzip -d"),
    SIGN(0, "\x1f\x8b", "is gzip data inside what was unpacked: unpack it once more"),
    SIGN(0, "PK\3\4", "is a zip inside what was unpacked: unpack it once more"),
    SIGN(0, "PK\7\10",
         "is a part of a zip that was split: put it together, with zip -s 0 FILE.zip --out "
         "WHOLE.zip"),
    SIGN(0, "7z\xbc\xaf\x27\x1c", "is a 7z archive: unpack it first"),
    SIGN(0, "Rar!\x1a\x07", "is a rar archive: unpack it first"),
    SIGN(257, "ustar\0", tar),
    SIGN(257, "ustar  \0", tar),
    SIGN(0, "\xba\x16\x4f\x2f", "is fastText's binary model: glove-load reads its vectors"),
    LETTERS("\x93NUMPY", is_binary, /* the opening quote of Windows */
            "is a numpy array: mp-pack --from npy and glove-load --word-list read one of rows, and "
            "numpy.savetxt(file, x, '%s') makes lines of any"),
    SIGN(0, "\x89HDF\r\n\x1a\n", "is HDF5 data: save the vectors as text"),
    SIGN(0, "\x80\x02", "is a Python pickle: save the vectors as text"),
    SIGN(0, "\x80\x03", "is a Python pickle: save the vectors as text"),
    SIGN(0, "\x80\x04", "is a Python pickle: save the vectors as text"),
    SIGN(0, "\x80\x05", "is a Python pickle: save the vectors as text"),
    LETTERS("%PDF-", is_version, "is a PDF document: turn it into text"),
    LETTERS("{\\rtf", is_control_word,
            "is a document of a word processor (RTF): save it as plain text"),
    SIGN(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
         "is a document of an office program: save it as CSV or plain text"),
    SIGN(0, "\xff\xd8\xff", "is a JPEG image, not text"),
    SIGN(0, "\x89PNG\r\n\x1a\n", "is a PNG image, not text"),
    SIGN(0, "\x7f\x45LF", "is a program, not text"),
    SIGN(0, "\xff\xfe\0\0", "is UTF-32 text: turn it into UTF-8, with iconv -f UTF-32 -t UTF-8"),
    SIGN(0, "\0\0\xfe\xff", "is UTF-32 text: turn it into UTF-8, with iconv -f UTF-32 -t UTF-8"),
    LETTERS("PAR1", is_binary, "is a Parquet file: save its columns as text"),
    SIGN(0, "SQLite format 3\0", "is an SQLite database: save its columns as text"),
    SIGN(0, "\xff\xfe", "is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t UTF-8"),
    SIGN(0, "\xfe\xff", "is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t UTF-8"),
    LETTERS("version https://git-lfs.github.com/spec/", is_line_of_version,
            "is a Git LFS pointer, which stands for the file: fetch that, with git lfs pull"),
    LETTERS("/annex/objects/", is_annex_key,
            "is a git-annex pointer, which stands for the file: fetch that, with git annex get"),
    TEXT("<!DOCTYPE", "is an HTML page, perhaps of a download that failed"),
    TEXT("<!doctype", "is an HTML page, perhaps of a download that failed"),
    TEXT("<html", "is an HTML page, perhaps of a download that failed"),
    TEXT("<HTML", "is an HTML page, perhaps of a download that failed"),
    TEXT("<?xml", "is an XML page, perhaps of a download that failed"),
};

/* A map whose first pair is `format: "glovepipe"`, as glovepipe(5) has it. */
static bool is_stream(const unsigned char *bytes, size_t size)
{
    static const char opening[] = "\xa6\x66ormat\xa9glovepipe";
    return size > sizeof opening && (bytes[0] & 0xf0) == 0x80 &&
           memcmp(bytes + 1, opening, sizeof opening - 1) == 0;
}

enum { KIND_WITHIN = 64 }; /* its header says what it holds within these */

/* Whether the stream's header says that it holds `kind`, a str of msgpack. */
static bool is_kind(const unsigned char *bytes, size_t size, const char *kind)
{
    char pair[32];
    int length = snprintf(pair, sizeof pair, "\xa4kind%c%s", (char)(0xa0 | strlen(kind)), kind);
    size_t end = size < KIND_WITHIN ? size : KIND_WITHIN;
    for (size_t at = 0; at + (size_t)length <= end; at++)
        if (memcmp(bytes + at, pair, (size_t)length) == 0)
            return true;
    return false;
}

/* `3000000 300`, and then not text: the header of word2vec's binary vectors. */
static bool is_word2vec(const unsigned char *bytes, size_t size)
{
    size_t at = 0, numbers = 0;
    while (at < size && is_digit(bytes[at])) {
        while (at < size && is_digit(bytes[at]))
            at++;
        numbers++;
        if (at < size && bytes[at] == ' ')
            at++;
    }
    return numbers == 2 && at < size && bytes[at] == '\n';
}

static bool has_sign(const struct sign *sign, const unsigned char *bytes, size_t size)
{
    size_t end = sign->offset + sign->size;
    return size >= end && memcmp(bytes + sign->offset, sign->bytes, sign->size) == 0 &&
           (!sign->behind || sign->behind(bytes + end, size - end));
}

static const char *find_sign(const unsigned char *bytes, size_t size, bool with_text)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if ((with_text || !signs[i].is_text) && has_sign(&signs[i], bytes, size))
            return signs[i].meaning;
    return NULL;
}

/* ---- what there is no sign of at the beginning ---- */

/* Units of `width` bytes, the first byte the upper one or not, that are blanks or ends of lines. */
static size_t count_blanks(const unsigned char *bytes, size_t size, size_t width, bool big)
{
    size_t count = 0;
    for (size_t at = 0; at + width <= size; at += width) {
        size_t zeros = 0;
        for (size_t i = 0; i < width; i++)
            zeros += bytes[at + i] == 0;
        unsigned char low = bytes[at + (big ? width - 1 : 0)];
        count += zeros == width - 1 && low && strchr(" \t\r\n", low) != NULL;
    }
    return count;
}

/* Whether it is UTF-8, but for a last character that may be cut. */
static bool is_utf8(const unsigned char *bytes, size_t size)
{
    for (size_t cut = 0; cut < 4 && cut <= size; cut++)
        if (utf8_valid((const char *)bytes, size - cut))
            return true;
    return false;
}

/* Whether one value is half or more of the upper bytes of pairs that are not zero. */
static bool is_one_script(const unsigned char *bytes, size_t size, bool big)
{
    size_t counts[UCHAR_MAX + 1] = {0}, most = 0;
    for (size_t at = big ? 0 : 1; at < size; at += 2)
        counts[bytes[at]]++;
    for (size_t i = 1; i <= UCHAR_MAX; i++)
        most = counts[i] > most ? counts[i] : most;
    return 2 * most >= size / 2 - counts[0];
}

/*
 * Whether there are `least` blanks of 2 bytes. In UTF-8, too, a NUL may stand beside a blank, as a
 * word of its own. Pairs that are UTF-8 as well are ASCII, since a script's upper byte continues no
 * character of several bytes; and then it takes one script, while letters differ.
 */
static bool is_in_pairs(const unsigned char *bytes, size_t size, bool big, size_t least)
{
    return count_blanks(bytes, size, 2, big) >= least &&
           (!is_utf8(bytes, size) ||
            (utf8_beyond_ascii((const char *)bytes, size) == 0 && is_one_script(bytes, size, big)));
}

/*
 * Text in units of 2 or 4 bytes without a mark: the upper bytes of its blanks and ends of lines are
 * zeros, whatever its letters are, and few lower bytes are.
 */
static const char *find_width(const unsigned char *bytes, size_t size)
{
    size_t zeros[4] = {0}, units = (size < WIDE_SIZE ? size : WIDE_SIZE) / 4;
    for (size_t i = 0; i < 4 * units; i++)
        zeros[i % 4] += bytes[i] == 0;
    size_t most = units - units / 4, seen = 4 * units, least = units / 64 + 1;
    if (units < 4)
        return NULL;
    if (zeros[0] <= units / 8 && zeros[2] >= most && zeros[3] == units &&
        count_blanks(bytes, seen, 4, false) >= least)
        return "is UTF-32 text without a mark: turn it into UTF-8, with iconv -f UTF-32LE -t UTF-8";
    if (zeros[3] <= units / 8 && zeros[1] >= most && zeros[0] == units &&
        count_blanks(bytes, seen, 4, true) >= least)
        return "is UTF-32 text without a mark: turn it into UTF-8, with iconv -f UTF-32BE -t UTF-8";
    if (zeros[0] + zeros[2] <= units / 4 && is_in_pairs(bytes, seen, false, least))
        return "is UTF-16 text without a mark: turn it into UTF-8, with iconv -f UTF-16LE -t UTF-8";
    if (zeros[1] + zeros[3] <= units / 4 && is_in_pairs(bytes, seen, true, least))
        return "is UTF-16 text without a mark: turn it into UTF-8, with iconv -f UTF-16BE -t UTF-8";
    return NULL;
}

const char *sniff_line_ends(const void *head, size_t size)
{
    bool found = size && memchr(head, '\r', size - 1) && !memchr(head, '\n', size);
    return found ? "its lines end with a carriage return alone: turn these into newlines, with "
                   "tr '\\r' '\\n'"
                 : NULL;
}

/* What a stream is where texts belong. */
static const char *stream_meaning(const unsigned char *bytes, size_t size)
{
    if (is_kind(bytes, size, "vectors"))
        return "is a glovepipe stream, not text: its vectors go with vectorize --vectors";
    if (is_kind(bytes, size, "linear"))
        return "is a glovepipe stream, not text: its evidence goes with vectorize --linear";
    if (is_kind(bytes, size, "samples"))
        return "is a glovepipe stream, not text: give the texts that its samples were made of";
    if (is_kind(bytes, size, "predictions"))
        return "is a glovepipe stream, not text: rf-eval reads its predictions";
    if (is_kind(bytes, size, "forest"))
        return "is a glovepipe stream, not text: its forest is a model for rf-predict";
    return "is a glovepipe stream, not text: mp-cat prints it";
}

const char *sniff_text(const void *head, size_t size)
{
    if (is_stream(head, size))
        return stream_meaning(head, size);
    const char *meaning = find_sign(head, size, false);
    return meaning ? meaning : find_width(head, size);
}

const char *sniff(const void *head, size_t size, bool plausible)
{
    const unsigned char *bytes = head;
    const char *meaning = find_sign(bytes, size, !plausible);
    if (meaning)
        return meaning;
    if (is_stream(bytes, size))
        return is_kind(bytes, size, "vectors")
                   ? "is a glovepipe stream already, of word vectors: give it to "
                     "vectorize --vectors, and unpack it before if it is packed"
                   : "is a glovepipe stream, and no file of word vectors: give the one that "
                     "vectors were published or trained in";
    meaning = plausible ? NULL : find_width(bytes, size);
    if (!meaning && !plausible)
        meaning = sniff_line_ends(bytes, size < SNIFF_SIZE ? size : SNIFF_SIZE);
    if (meaning)
        return meaning;
    if (!memchr(bytes, '\0', size < SNIFF_SIZE ? size : SNIFF_SIZE))
        return NULL;
    if (plausible && !is_word2vec(bytes, size))
        return NULL; /* vectors, and a hole in the file perhaps */
    if (is_word2vec(bytes, size))
        return "begins like word2vec's binary form, and no words and little-endian 32-bit "
               "numbers follow: fetch it again";
    return "is not text: word vectors are lines of a word and its numbers";
}
