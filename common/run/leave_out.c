/* Tokens are copied, for those beyond ASCII live no longer than their batch. */
#include "run/leave_out.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Copies the next tokens; their bytes move, so that only the sizes are known yet. */
static bool add_tokens(struct leave_out *cut, const struct text *tokens, size_t count)
{
    size_t all = cut->document.count + count;
    if (!memory_reserve(&cut->tokens, &cut->tokens_capacity, all, sizeof *cut->tokens))
        return false;
    for (size_t i = 0; i < count; i++) {
        buffer_bytes(&cut->bytes, tokens[i].data, tokens[i].size);
        cut->tokens[cut->document.count++] = (struct text){NULL, tokens[i].size};
    }
    return !cut->bytes.out_of_memory;
}

static void place_tokens(struct leave_out *cut)
{
    const char *at = cut->bytes.bytes;
    for (size_t i = 0; i < cut->document.count; i++) {
        cut->tokens[i].data = at;
        at += cut->tokens[i].size;
    }
}

static bool number_words(struct leave_out *cut, struct words *words)
{
    struct features_document *document = &cut->document;
    if (!memory_reserve(&cut->word_of, &cut->word_of_capacity, document->count,
                        sizeof *cut->word_of) ||
        !memory_reserve(&cut->places, &cut->places_capacity, document->count, sizeof *cut->places))
        return false;
    for (size_t i = 0; i < document->count; i++) {
        struct text token = cut->tokens[i];
        cut->word_of[i] =
            words_add_borrowed(words, token, words_hash(token.data, token.size), NULL);
        if (cut->word_of[i] == WORDS_NONE)
            return false;
    }
    document->words = (uint32_t)words->count;
    return memory_reserve(&cut->begin, &cut->begin_capacity, (size_t)document->words + 2,
                          sizeof *cut->begin);
}

/* By counting: begin[w + 1] is where the next place of word w goes, and in the end where they end.
 */
static void list_places(struct leave_out *cut)
{
    const struct features_document *document = &cut->document;
    memset(cut->begin, 0, ((size_t)document->words + 2) * sizeof *cut->begin);
    for (size_t i = 0; i < document->count; i++)
        cut->begin[cut->word_of[i] + 2]++;
    for (uint32_t word = 2; word < document->words + 2; word++)
        cut->begin[word] += cut->begin[word - 1];
    for (size_t i = 0; i < document->count; i++)
        cut->places[cut->begin[cut->word_of[i] + 1]++] = (uint32_t)i;
}

bool leave_out_cut(struct leave_out *cut, struct tokens *tokens, char *text, size_t size,
                   struct error *error)
{
    struct text batch[TOKENS_BATCH];
    struct words words = {0};
    size_t count;
    cut->bytes.size = cut->document.count = 0;
    tokens_start(tokens, text, size);
    do {
        if (!tokens_next(tokens, batch, &count, error))
            return false;
        if (!add_tokens(cut, batch, count))
            return error_memory(error, "leaving out words");
    } while (count);
    place_tokens(cut);
    bool done = number_words(cut, &words);
    words_free(&words);
    if (!done)
        return error_memory(error, "leaving out words");
    list_places(cut);
    cut->document.tokens = cut->tokens;
    cut->document.word_of = cut->word_of;
    cut->document.begin = cut->begin;
    cut->document.places = cut->places;
    return true;
}

struct text leave_out_word(const struct features_document *document, uint32_t word)
{
    return document->tokens[document->places[document->begin[word]]];
}

void leave_out_free(struct leave_out *cut)
{
    buffer_free(&cut->bytes);
    free(cut->tokens);
    free(cut->word_of);
    free(cut->begin);
    free(cut->places);
    *cut = (struct leave_out){0};
}
