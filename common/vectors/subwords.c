/*
 * The file, all little-endian: magic and version (int32 each), twelve int32 and a double of
 * settings; the dictionary: int32 entries, words and labels, int64 tokens and pruned n-grams, then
 * for each entry its bytes and a NUL, an int64 count and an int8 kind, words first; then a byte
 * that tells whether the matrix is quantized, and its int64 rows and columns before its float32
 * numbers.
 *
 * An n-gram's row is that of its hash, FNV-1a of 32 bits, modulo the number of buckets.
 */
#include "vectors/subwords.h"

#include "base/memory.h"
#include "base/packed.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAGIC = 793712314,
    OLDEST = 11,
    NEWEST = 12,
    SETTINGS = 12,  /* int32 */
    SUPERVISED = 3, /* the kind of a model */
    ENTRY_REST = 9, /* bytes of an entry behind its NUL */
    LEAST_ENTRY = 1 + ENTRY_REST
};

enum setting { DIM, BUCKET = 8, MINN = 9, MAXN = 10, MODEL = 7 };

enum { PIECE = 1 << 20 };

/* A place in the file. */
struct reader {
    const struct subwords_file *file;
    uint64_t at;
};

bool subwords_is(const void *bytes, size_t size)
{
    return size >= 4 && packed_whole(bytes, 4) == MAGIC;
}

static bool damaged(const struct reader *reader, struct error *error)
{
    return error_set(error, STATUS_INPUT, "%s: is a damaged fastText model: fetch it again",
                     reader->file->name);
}

static bool has(const struct reader *reader, uint64_t size, struct error *error)
{
    return reader->file->size - reader->at >= size ||
           error_set(error, STATUS_CUT, "%s: the fastText model ends early: fetch it again",
                     reader->file->name);
}

/* The next bytes, of which there must be so many. */
static bool read_on(struct reader *reader, void *bytes, size_t size, struct error *error)
{
    const struct subwords_file *file = reader->file;
    if (!has(reader, size, error) || !file->read(file->context, reader->at, bytes, size, error))
        return false;
    reader->at += size;
    return true;
}

static int64_t take(const unsigned char **at, size_t width)
{
    uint64_t whole = packed_whole(*at, width);
    *at += width;
    return width == 4 ? (int32_t)whole : (int64_t)whole;
}

static bool read_settings(struct subwords *subwords, struct reader *reader, uint32_t most_dim,
                          struct error *error)
{
    unsigned char bytes[8 + SETTINGS * 4 + 8];
    const unsigned char *at = bytes + 4;
    int64_t settings[SETTINGS];
    if (!read_on(reader, bytes, sizeof bytes, error))
        return false;
    const char *name = reader->file->name;
    int64_t version = take(&at, 4);
    if (version < OLDEST || version > NEWEST)
        return error_set(error, STATUS_INPUT,
                         "%s: is a fastText model of version %d; %d and %d are read", name,
                         (int)version, OLDEST, NEWEST);
    for (int i = 0; i < SETTINGS; i++)
        settings[i] = take(&at, 4);
    bool plain = version == OLDEST && settings[MODEL] == SUPERVISED;
    if (settings[DIM] < 1 || settings[BUCKET] < 0 || settings[MINN] < 0)
        return damaged(reader, error);
    if (settings[DIM] > most_dim)
        return error_set(error, STATUS_INPUT, "%s: has vectors of %lld dimensions: %u are the most",
                         name, (long long)settings[DIM], (unsigned)most_dim);
    subwords->dim = (uint32_t)settings[DIM];
    subwords->buckets = (uint32_t)settings[BUCKET];
    subwords->shortest = (uint32_t)settings[MINN];
    subwords->longest = plain || settings[MAXN] < 0 ? 0 : (uint32_t)settings[MAXN];
    return true;
}

/* ---- the dictionary ---- */

/* What of the dictionary is in memory. */
struct held {
    size_t size;
    size_t searched; /* bytes that were looked at for the end of the next entry */
    size_t passed;   /* bytes of whole entries */
};

/* Passes the next entry where it is whole. */
static bool pass_entry(const struct subwords *subwords, struct held *held)
{
    const char *bytes = subwords->dictionary;
    if (held->searched == held->size)
        return false;
    const char *nul = memchr(bytes + held->searched, '\0', held->size - held->searched);
    held->searched = nul ? (size_t)(nul - bytes) : held->size;
    if (!nul || held->size - held->searched <= ENTRY_REST)
        return false;
    held->passed = held->searched += 1 + ENTRY_REST;
    return true;
}

static bool hold_more(struct subwords *subwords, struct reader *reader, struct held *held,
                      struct error *error)
{
    const uint64_t left = reader->file->size - reader->at;
    const size_t more = left < PIECE ? (size_t)left : PIECE;
    if (!has(reader, 1, error))
        return false;
    if (!memory_reserve(&subwords->dictionary, &subwords->dictionary_capacity, held->size + more,
                        1))
        return error_memory(error, "reading a fastText model");
    if (!read_on(reader, subwords->dictionary + held->size, more, error))
        return false;
    held->size += more;
    return true;
}

/* Takes the entries into memory: what is looked at twice must not be what others may change. None
   has a word that no vectors have. */
static bool hold_entries(struct subwords *subwords, struct reader *reader, int64_t entries,
                         struct error *error)
{
    struct held held = {0};
    while (entries)
        if (pass_entry(subwords, &held))
            entries--;
        else if (held.searched - held.passed > TEXT_NAME_MOST)
            return damaged(reader, error);
        else if (!hold_more(subwords, reader, &held, error))
            return false;
    reader->at -= held.size - held.passed;
    memory_shrink(&subwords->dictionary, &subwords->dictionary_capacity, held.passed, 1);
    return true;
}

static bool read_dictionary(struct subwords *subwords, struct reader *reader, struct error *error)
{
    unsigned char bytes[3 * 4 + 2 * 8];
    const unsigned char *at = bytes;
    if (!read_on(reader, bytes, sizeof bytes, error))
        return false;
    int64_t entries = take(&at, 4), words = take(&at, 4), labels = take(&at, 4);
    take(&at, 8);
    int64_t pruned = take(&at, 8);
    if (entries < 0 || words < 0 || labels < 0 || words + labels != entries)
        return damaged(reader, error);
    subwords->count = (uint32_t)words;
    if (!has(reader, (uint64_t)entries * LEAST_ENTRY, error) ||
        !hold_entries(subwords, reader, entries, error))
        return false;
    return pruned <= 0 || error_set(error, STATUS_INPUT,
                                    "%s: is a quantized fastText model, whose vectors are only "
                                    "near to what they were: give the .bin that it was made of",
                                    reader->file->name);
}

static bool read_matrix(struct subwords *subwords, struct reader *reader, struct error *error)
{
    unsigned char bytes[1 + 2 * 8];
    const unsigned char *at = bytes;
    if (!read_on(reader, bytes, sizeof bytes, error))
        return false;
    if (take(&at, 1))
        return error_set(error, STATUS_INPUT,
                         "%s: is a quantized fastText model (.ftz), whose vectors are only near "
                         "to what they were: give the .bin that it was made of",
                         reader->file->name);
    int64_t rows = take(&at, 8), columns = take(&at, 8);
    uint64_t least = subwords->count + (subwords->longest ? (uint64_t)subwords->buckets : 0);
    if (rows < 0 || columns != subwords->dim || (uint64_t)rows < least)
        return damaged(reader, error);
    uint64_t row = (uint64_t)columns * sizeof(float);
    if ((uint64_t)rows > UINT64_MAX / row)
        return damaged(reader, error);
    subwords->rows = reader->at;
    subwords->row_count = (uint64_t)rows;
    return has(reader, (uint64_t)rows * row, error);
}

bool subwords_open(struct subwords *subwords, const struct subwords_file *file, uint32_t most_dim,
                   struct error *error)
{
    struct reader reader = {file, 0};
    *subwords = (struct subwords){.file = *file};
    return read_settings(subwords, &reader, most_dim, error) &&
           read_dictionary(subwords, &reader, error) && read_matrix(subwords, &reader, error);
}

void subwords_free(struct subwords *subwords)
{
    words_free(&subwords->known);
    free(subwords->dictionary);
    *subwords = (struct subwords){.dim = 0};
}

/* ---- words ---- */

struct text subwords_next(const char **at)
{
    struct text word = {*at, strlen(*at)};
    *at += word.size + 1 + ENTRY_REST;
    return word;
}

bool subwords_index(struct subwords *subwords, struct error *error)
{
    const char *at = subwords->dictionary;
    bool done = words_reserve(&subwords->known, subwords->count);
    for (uint32_t i = 0; done && i < subwords->count; i++) {
        struct text word = subwords_next(&at);
        done = words_add_borrowed(&subwords->known, word, words_hash(word.data, word.size), NULL) !=
               WORDS_NONE;
    }
    if (done && subwords->known.count != subwords->count)
        return error_set(error, STATUS_INPUT, "the fastText model has a word twice: it is damaged");
    return done || error_memory(error, "reading a fastText model");
}

uint32_t subwords_find(const struct subwords *subwords, struct text word)
{
    return words_find(&subwords->known, word);
}

/* ---- vectors ---- */

/* What is made of a word's parts, one after the other. */
struct sum {
    const struct subwords *subwords;
    float *vector;
    size_t parts;
    struct error *error;
};

/* Adds a row to the vector, in the order of the parts. */
static bool add_row(struct sum *sum, uint64_t row)
{
    enum { SOME = 1024 };
    const struct subwords *subwords = sum->subwords;
    const struct subwords_file *file = &subwords->file;
    const struct packed packed = {PACKED_FLOAT32, false};
    const uint64_t numbers = subwords->rows + row * subwords->dim * sizeof(float);
    unsigned char bytes[SOME * sizeof(float)];
    float some[SOME];
    for (uint32_t at = 0; at < subwords->dim; at += SOME) {
        uint32_t count = subwords->dim - at < SOME ? subwords->dim - at : SOME;
        if (!file->read(file->context, numbers + at * sizeof(float), bytes, count * sizeof(float),
                        sum->error))
            return false;
        packed_floats(packed, bytes, count, some);
        for (uint32_t i = 0; i < count; i++)
            sum->vector[at + i] += some[i];
    }
    sum->parts++;
    return true;
}

static bool continues(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* A byte counts with its sign, as char has it where the models are made. */
static uint32_t hash_on(uint32_t hash, unsigned char byte)
{
    return (hash ^ (uint32_t)(int32_t)(signed char)byte) * UINT32_C(16777619);
}

/* Byte number `i` of the word between its marks. */
static unsigned char marked_byte(struct text word, size_t i)
{
    return i == 0 ? '<' : i == word.size + 1 ? '>' : (unsigned char)word.data[i - 1];
}

/* Adds the n-grams that begin at byte `begin` of the marked word. */
static bool add_grams_at(struct sum *sum, struct text word, size_t begin)
{
    const struct subwords *subwords = sum->subwords;
    size_t size = word.size + 2, end = begin;
    uint32_t hash = UINT32_C(2166136261);
    for (uint32_t n = 1; end < size && n <= subwords->longest; n++) {
        do
            hash = hash_on(hash, marked_byte(word, end++));
        while (end < size && continues(marked_byte(word, end)));
        bool mark_alone = n == 1 && (begin == 0 || end == size);
        if (n < subwords->shortest || mark_alone)
            continue;
        if (!add_row(sum, subwords->count + hash % subwords->buckets))
            return false;
    }
    return true;
}

bool subwords_vector(const struct subwords *subwords, struct text word, uint32_t number,
                     float *vector, size_t *parts, struct error *error)
{
    struct sum sum = {subwords, vector, 0, error};
    bool is_end = word.size == 4 && memcmp(word.data, "</s>", 4) == 0;
    memset(vector, 0, subwords->dim * sizeof *vector);
    if (number != WORDS_NONE && !add_row(&sum, number))
        return false;
    for (size_t i = 0; subwords->buckets && !is_end && i < word.size + 2; i++)
        if (!continues(marked_byte(word, i)) && !add_grams_at(&sum, word, i))
            return false;
    *parts = sum.parts;
    float share = (float)(1.0 / (double)sum.parts);
    for (uint32_t i = 0; sum.parts && i < subwords->dim; i++)
        vector[i] *= share;
    return true;
}
