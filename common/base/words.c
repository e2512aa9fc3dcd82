/* A word is hashed once, found by its hash, and compared by its bytes. */
#include "base/words.h"

#include "base/ahead.h"
#include "base/memory.h"
#include "base/prefetch.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_SIZE = 1 << 16,
    PAGE = 4096 /* the smallest that systems have */
};

#define MOST_WORDS (UINT32_C(3) << 30)

/* Copies of words, one after the other. */
struct words_chunk {
    struct words_chunk *next;
    size_t used, size;
    char bytes[];
};

/* The last 1 to 8 bytes as one number; no two strings of one size give the same. */
static uint64_t load_last(const unsigned char *bytes, size_t size)
{
    if (size >= 4)
        return words_hash_load(bytes, 4) | words_hash_load(bytes + size - 4, 4) << 32;
    if (size > 0)
        return bytes[0] | (uint64_t)bytes[size / 2] << 8 | (uint64_t)bytes[size - 1] << 16;
    return 0;
}

uint64_t words_hash(const char *data, size_t size)
{
    uint64_t hash = words_hash_begin(&data, &size);
    return words_hash_end(hash, load_last((const unsigned char *)data, size));
}

/* The slot of `word`, or the free one where it belongs. There is a free slot. */
static struct slot *find_slot(const struct words *words, struct text word, uint64_t hash)
{
    struct slot *slot = slots_first(&words->slots, hash);
    while (slot->index &&
           (slot->tag != slots_tag(hash) || !text_equal(words_text(words, slot->index - 1), word)))
        slot = slots_next(&words->slots, slot);
    return slot;
}

uint32_t words_find_hashed(const struct words *words, struct text word, uint64_t hash)
{
    if (!words->slots.count)
        return WORDS_NONE;
    const struct slot *slot = find_slot(words, word, hash);
    return slot->index ? slot->index - 1 : WORDS_NONE;
}

/* What words_find_hashed says, by the word that this hash most probably belongs to. */
static uint32_t confirm(const struct words *words, uint32_t guess, const struct hashed *sought)
{
    if (guess == WORDS_NONE || text_equal(words_text(words, guess), sought->text))
        return guess;
    return words_find_hashed(words, sought->text, sought->hash);
}

/*
 * In a large table a look-up may miss the cache at each step: slot, entry, text. Each step is taken
 * for all words before the next one.
 */
void words_find_batch(const struct words *words, const struct hashed *sought, size_t count,
                      uint32_t *numbers)
{
    for (size_t i = 0; i < count; i++)
        words_prefetch(words, sought[i].hash);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = slots_guess(&words->slots, sought[i].hash);
        if (numbers[i] != WORDS_NONE)
            prefetch_line(&words->entries[numbers[i]]);
    }
    for (size_t i = 0; i < count; i++)
        if (numbers[i] != WORDS_NONE)
            prefetch_line(words->entries[numbers[i]].data);
    for (size_t i = 0; i < count; i++)
        numbers[i] = confirm(words, numbers[i], &sought[i]);
}

uint32_t words_find(const struct words *words, struct text word)
{
    return words_find_hashed(words, word, words_hash(word.data, word.size));
}

bool words_reserve(struct words *words, size_t count)
{
    if (count > MOST_WORDS)
        return false;
    if (!memory_reserve_large(&words->entries, &words->entry_capacity, count,
                              sizeof *words->entries))
        return false;
    return slots_reserve(&words->slots, count);
}

bool words_prepare(struct words *words, size_t count)
{
    if (!words_reserve(words, count))
        return false;
    for (size_t i = 0; !words->count && i < words->entry_capacity;
         i += PAGE / sizeof *words->entries)
        words->entries[i] = (struct words_entry){0};
    return true;
}

static struct words_chunk *add_chunk(struct words *words, size_t needed)
{
    size_t size = needed > CHUNK_SIZE ? needed : CHUNK_SIZE;
    struct words_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->next = words->chunks;
    chunk->used = 0;
    chunk->size = size;
    words->chunks = chunk;
    words->copied += sizeof *chunk + size;
    return chunk;
}

static const char *copy_word(struct words *words, struct text word)
{
    struct words_chunk *chunk = words->chunks;
    if (!chunk || chunk->size - chunk->used < word.size)
        chunk = add_chunk(words, word.size);
    if (!chunk)
        return NULL;
    char *copy = chunk->bytes + chunk->used;
    if (word.size)
        memcpy(copy, word.data, word.size);
    chunk->used += word.size;
    return copy;
}

/* For one word more; mostly it is seen without a call. */
static bool has_room(struct words *words)
{
    return (words->count < words->entry_capacity &&
            slots_suffice(&words->slots, words->count + 1)) ||
           words_reserve(words, words->count + 1);
}

static uint32_t add_word(struct words *words, struct text word, uint64_t hash, bool copied,
                         bool *added)
{
    if (added)
        *added = false;
    if (word.size > UINT32_MAX || !has_room(words))
        return WORDS_NONE;
    struct slot *slot = find_slot(words, word, hash);
    if (slot->index)
        return slot->index - 1;
    const char *data = copied ? copy_word(words, word) : word.data;
    if (!data)
        return WORDS_NONE;
    uint32_t number = (uint32_t)words->count++;
    words->entries[number] = (struct words_entry){data, (uint32_t)word.size};
    *slot = slot_of(hash, number);
    if (added)
        *added = true;
    return number;
}

uint32_t words_add(struct words *words, struct text word, bool *added)
{
    return add_word(words, word, words_hash(word.data, word.size), true, added);
}

uint32_t words_add_hashed(struct words *words, struct text word, uint64_t hash, bool *added)
{
    return add_word(words, word, hash, true, added);
}

uint32_t words_add_borrowed(struct words *words, struct text word, uint64_t hash, bool *added)
{
    return add_word(words, word, hash, false, added);
}

bool words_add_new(struct words *words, const struct text *added, const uint64_t *hashes,
                   size_t count, size_t *done)
{
    *done = 0;
    if (!words_reserve(words, words->count + count))
        return false;
    const uint32_t before = (uint32_t)words->count;
    struct words_entry *entries = words->entries + before;
    size_t i;
    for (i = 0; i < count; i++) {
        if (i + AHEAD < count)
            words_prefetch(words, hashes[i + AHEAD]);
        struct slot *slot = find_slot(words, added[i], hashes[i]);
        if (slot->index)
            break;
        entries[i] = (struct words_entry){added[i].data, (uint32_t)added[i].size};
        *slot = slot_of(hashes[i], before + (uint32_t)i);
    }
    words->count += i;
    *done = i;
    return true;
}

static void prefetch_text(const struct words *words, uint64_t hash)
{
    uint32_t number = slots_guess(&words->slots, hash);
    if (number != WORDS_NONE)
        prefetch_line(words->entries[number].data);
}

/* Of a table's words that are looked up in another one, those ahead. */
static void look_ahead(const struct words *in, const struct words *from, uint32_t i,
                       struct ahead *ahead)
{
    if (i < from->count)
        ahead_put(ahead, &in->slots, i, words_hash(from->entries[i].data, from->entries[i].size));
    if (i >= HALFWAY && i - HALFWAY < from->count)
        prefetch_text(in, ahead_hash(ahead, i - HALFWAY));
}

bool words_join(struct words *to, const struct words *from, uint32_t *numbers)
{
    struct ahead ahead;
    for (uint32_t i = 0; i < AHEAD - 1; i++)
        look_ahead(to, from, i, &ahead);
    for (uint32_t i = 0; i < from->count; i++) {
        look_ahead(to, from, i + AHEAD - 1, &ahead);
        numbers[i] = words_add_hashed(to, words_text(from, i), ahead_hash(&ahead, i), NULL);
        if (numbers[i] == WORDS_NONE)
            return false;
    }
    return true;
}

size_t words_bytes(const struct words *words)
{
    return slots_bytes(&words->slots) + words->entry_capacity * sizeof *words->entries +
           words->copied;
}

void words_seal(struct words *words)
{
    slots_free(&words->slots);
    memory_shrink(&words->entries, &words->entry_capacity, words->count, sizeof *words->entries);
}

static void free_chunks(struct words *words)
{
    while (words->chunks) {
        struct words_chunk *next = words->chunks->next;
        free(words->chunks);
        words->chunks = next;
    }
    words->copied = 0;
}

void words_clear(struct words *words)
{
    free_chunks(words);
    slots_clear(&words->slots, words->count);
    words->count = 0;
}

void words_free(struct words *words)
{
    free_chunks(words);
    slots_free(&words->slots);
    free(words->entries);
    *words = (struct words){0};
}
