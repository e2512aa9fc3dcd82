/*
 * words: a table from byte strings to consecutive numbers.
 *
 * The first word added is 0, the next new one 1, and so on. Open addressing over 64-bit hashes,
 * at most 3/4 full. The table owns copies of its words, freed by words_free.
 *
 * Finding changes nothing, so any number of threads may do it at once; adding is for one.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/slots.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct words_entry {
    const char *data;
    uint32_t size;
};

/* Start from `{0}`. */
struct words {
    struct slots slots;
    struct words_entry *entries;
    size_t entry_capacity;
    size_t count;
    struct words_chunk *chunks; /* the copies' memory */
    size_t copied;              /* bytes of it */
};

enum { WORDS_NONE = UINT32_MAX };

/* A 64-bit hash of the bytes; the same on every machine of either byte order. */
uint64_t words_hash(const char *data, size_t size);

/* The parts of that hash are for this header and its file alone. `count` bytes, up to 8, as a
   number: */
static inline uint64_t words_hash_load(const void *bytes, size_t count)
{
    uint64_t value = 0;
    memcpy(&value, bytes, count);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/*
 * The hash of what comes before the last 1 to 8 bytes, which `data` and `size` are set to: multiply
 * and fold, eight bytes a step. The multipliers are odd and have bits all over: the golden ratio,
 * and the finalizer of SplitMix64 (see random.h).
 */
static inline uint64_t words_hash_begin(const char **data, size_t *size)
{
    uint64_t hash = *size * UINT64_C(0x9e3779b97f4a7c15);
    for (; *size > 8; *data += 8, *size -= 8) {
        hash = (hash ^ words_hash_load(*data, 8)) * UINT64_C(0xbf58476d1ce4e5b9);
        hash ^= hash >> 29; /* no multiple of 8: the last 4 bytes may stand twice, and undo it */
    }
    return hash;
}

/* With these last bytes, as one number, the hash of all. */
static inline uint64_t words_hash_end(uint64_t hash, uint64_t last)
{
    hash = (hash ^ last) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

/*
 * The same hash of bytes behind which WORDS_BEHIND others may be read: words differ in length with
 * no order, and here no branch depends on that of 8 bytes or fewer.
 */
enum { WORDS_BEHIND = 8 };
static inline uint64_t words_hash_inside(const char *data, size_t size)
{
    uint64_t hash = words_hash_begin(&data, &size), eight = words_hash_load(data, 8);
    uint64_t most = (uint32_t)eight | (eight >> ((8 * size - 32) & 63)) << 32;
    uint64_t few = (eight & 0xff) | ((eight >> ((8 * (size / 2)) & 63)) & 0xff) << 8 |
                   ((eight >> ((8 * size - 8) & 63)) & 0xff) << 16;
    uint64_t last = size >= 4 ? most : few;
    return words_hash_end(hash, size ? last : 0);
}

/* The number of `word`, or WORDS_NONE. */
uint32_t words_find(const struct words *words, struct text word);
uint32_t words_find_hashed(const struct words *words, struct text word, uint64_t hash);

/* A text and its hash. */
struct hashed {
    struct text text;
    uint64_t hash;
};

/*
 * The numbers of `count` words, as words_find_hashed has each. Of some hundred at a time the cache
 * misses overlap.
 */
void words_find_batch(const struct words *words, const struct hashed *sought, size_t count,
                      uint32_t *numbers);

/* Fetches what finding a word begins with. */
static inline void words_prefetch(const struct words *words, uint64_t hash)
{
    slots_prefetch(&words->slots, hash);
}

/*
 * The number of `word`, which is added when it is new (`*added`, unless NULL, says so).
 * WORDS_NONE when memory is out, the table holds 3 x 2^30 words, or the word has 4 GiB.
 */
uint32_t words_add(struct words *words, struct text word, bool *added);

/* As words_add, of a word whose hash is known. */
uint32_t words_add_hashed(struct words *words, struct text word, uint64_t hash, bool *added);

/* The same, but the bytes are borrowed: they must outlive the table. */
uint32_t words_add_borrowed(struct words *words, struct text word, uint64_t hash, bool *added);

/*
 * Adds `count` words that are all new and differ, whose bytes are borrowed; `*done` are added,
 * fewer where the next one is there already. False when memory is out.
 */
bool words_add_new(struct words *words, const struct text *added, const uint64_t *hashes,
                   size_t count, size_t *done);

/*
 * Adds the words of another table that are new; numbers[i] is what its word i has here. False when
 * memory is out.
 */
bool words_join(struct words *to, const struct words *from, uint32_t *numbers);

/* Makes room for `count` words at once. False when memory is out. */
bool words_reserve(struct words *words, size_t count);

/* The same, and has the system clear the memory now, where it is fresh and the table is empty. */
bool words_prepare(struct words *words, size_t count);

/* The word with that number. */
static inline struct text words_text(const struct words *words, uint32_t number)
{
    return (struct text){words->entries[number].data, words->entries[number].size};
}

/* How many bytes of memory it takes. */
size_t words_bytes(const struct words *words);

/* Gives back what only adding and finding need; words_text still works, and words_free is due. */
void words_seal(struct words *words);

/* Forgets all words, and keeps room for others. */
void words_clear(struct words *words);

void words_free(struct words *words);

#endif
