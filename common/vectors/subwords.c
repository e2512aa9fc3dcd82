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

#include "base/packed.h"

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

/* A place in the file. */
struct reader {
    const unsigned char *at, *end;
    const char *name;
};

bool subwords_is(const void *bytes, size_t size)
{
    return size >= 4 && packed_whole(bytes, 4) == MAGIC;
}

static bool damaged(const struct reader *reader, struct error *error)
{
    return error_set(error, STATUS_INPUT, "%s: is a damaged fastText model: fetch it again",
                     reader->name);
}

static bool has(const struct reader *reader, uint64_t size, struct error *error)
{
    return (uint64_t)(reader->end - reader->at) >= size ||
           error_set(error, STATUS_CUT, "%s: the fastText model ends early: fetch it again",
                     reader->name);
}

static int64_t take(struct reader *reader, size_t width)
{
    uint64_t whole = packed_whole(reader->at, width);
    reader->at += width;
    return width == 4 ? (int32_t)whole : (int64_t)whole;
}

static bool read_settings(struct subwords *subwords, struct reader *reader, uint32_t most_dim,
                          struct error *error)
{
    int64_t settings[SETTINGS];
    if (!has(reader, 8 + SETTINGS * 4 + 8, error))
        return false;
    take(reader, 4);
    int64_t version = take(reader, 4);
    if (version < OLDEST || version > NEWEST)
        return error_set(error, STATUS_INPUT,
                         "%s: is a fastText model of version %d; %d and %d are read", reader->name,
                         (int)version, OLDEST, NEWEST);
    for (int i = 0; i < SETTINGS; i++)
        settings[i] = take(reader, 4);
    reader->at += 8;
    bool plain = version == OLDEST && settings[MODEL] == SUPERVISED;
    if (settings[DIM] < 1 || settings[BUCKET] < 0 || settings[MINN] < 0)
        return damaged(reader, error);
    if (settings[DIM] > most_dim)
        return error_set(error, STATUS_INPUT, "%s: has vectors of %lld dimensions: %u are the most",
                         reader->name, (long long)settings[DIM], (unsigned)most_dim);
    subwords->dim = (uint32_t)settings[DIM];
    subwords->buckets = (uint32_t)settings[BUCKET];
    subwords->shortest = (uint32_t)settings[MINN];
    subwords->longest = plain || settings[MAXN] < 0 ? 0 : (uint32_t)settings[MAXN];
    return true;
}

static bool pass_entries(struct reader *reader, int64_t entries, struct error *error)
{
    for (int64_t i = 0; i < entries; i++) {
        const unsigned char *nul = memchr(reader->at, '\0', (size_t)(reader->end - reader->at));
        reader->at = nul ? nul + 1 : reader->end;
        if (!has(reader, ENTRY_REST, error))
            return false;
        reader->at += ENTRY_REST;
    }
    return true;
}

static bool read_dictionary(struct subwords *subwords, struct reader *reader, struct error *error)
{
    if (!has(reader, 3 * 4 + 2 * 8, error))
        return false;
    int64_t entries = take(reader, 4), words = take(reader, 4), labels = take(reader, 4);
    take(reader, 8);
    int64_t pruned = take(reader, 8);
    if (entries < 0 || words < 0 || labels < 0 || words + labels != entries)
        return damaged(reader, error);
    subwords->count = (uint32_t)words;
    subwords->dictionary = (const char *)reader->at;
    if (!has(reader, (uint64_t)entries * LEAST_ENTRY, error) ||
        !pass_entries(reader, entries, error))
        return false;
    return pruned <= 0 || error_set(error, STATUS_INPUT,
                                    "%s: is a quantized fastText model, whose vectors are only "
                                    "near to what they were: give the .bin that it was made of",
                                    reader->name);
}

static bool read_matrix(struct subwords *subwords, struct reader *reader, struct error *error)
{
    if (!has(reader, 1 + 2 * 8, error))
        return false;
    if (take(reader, 1))
        return error_set(error, STATUS_INPUT,
                         "%s: is a quantized fastText model (.ftz), whose vectors are only near "
                         "to what they were: give the .bin that it was made of",
                         reader->name);
    int64_t rows = take(reader, 8), columns = take(reader, 8);
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

bool subwords_open(struct subwords *subwords, const void *bytes, uint64_t size, const char *name,
                   uint32_t most_dim, struct error *error)
{
    struct reader reader = {bytes, (const unsigned char *)bytes + size, name};
    *subwords = (struct subwords){.dim = 0};
    return read_settings(subwords, &reader, most_dim, error) &&
           read_dictionary(subwords, &reader, error) && read_matrix(subwords, &reader, error);
}

void subwords_free(struct subwords *subwords)
{
    words_free(&subwords->known);
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

/* Adds a row to the vector, in the order of the parts. */
static void add_row(const struct subwords *subwords, uint64_t row, float *vector)
{
    const struct packed packed = {PACKED_FLOAT32, false};
    const unsigned char *numbers = subwords->rows + (size_t)row * subwords->dim * sizeof *vector;
    float some[64];
    for (uint32_t at = 0; at < subwords->dim; at += 64) {
        uint32_t count = subwords->dim - at < 64 ? subwords->dim - at : 64;
        packed_floats(packed, numbers + (size_t)at * sizeof *vector, count, some);
        for (uint32_t i = 0; i < count; i++)
            vector[at + i] += some[i];
    }
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

/* Adds the n-grams that begin at byte `begin` of the marked word; returns how many. */
static size_t add_grams_at(const struct subwords *subwords, struct text word, size_t begin,
                           float *vector)
{
    size_t size = word.size + 2, end = begin, count = 0;
    uint32_t hash = UINT32_C(2166136261);
    for (uint32_t n = 1; end < size && n <= subwords->longest; n++) {
        do
            hash = hash_on(hash, marked_byte(word, end++));
        while (end < size && continues(marked_byte(word, end)));
        bool mark_alone = n == 1 && (begin == 0 || end == size);
        if (n < subwords->shortest || mark_alone)
            continue;
        add_row(subwords, subwords->count + hash % subwords->buckets, vector);
        count++;
    }
    return count;
}

size_t subwords_vector(const struct subwords *subwords, struct text word, uint32_t number,
                       float *vector)
{
    size_t count = 0;
    bool is_end = word.size == 4 && memcmp(word.data, "</s>", 4) == 0;
    memset(vector, 0, subwords->dim * sizeof *vector);
    if (number != WORDS_NONE) {
        add_row(subwords, number, vector);
        count++;
    }
    for (size_t i = 0; subwords->buckets && !is_end && i < word.size + 2; i++)
        if (!continues(marked_byte(word, i)))
            count += add_grams_at(subwords, word, i, vector);
    if (!count)
        return 0;
    float share = (float)(1.0 / (double)count);
    for (uint32_t i = 0; i < subwords->dim; i++)
        vector[i] *= share;
    return count;
}
