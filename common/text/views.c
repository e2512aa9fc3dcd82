/*
 * Terms are found by walking over a layout: a word is a stretch of it, a pair the stretch from a
 * word's start to the end of the next, and a token's characters with the spaces around them are
 * what the layout holds at that place.
 */
#include "text/views.h"

#include "base/memory.h"
#include "text/lower.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CHARACTERS = 5 };

static const char *const names[VIEW_COUNT] = {"space",   "word", "bigram",
                                              "trigram", "char", "char1"};

const char *view_name(enum view view)
{
    return names[view];
}

bool view_find(struct text name, enum view *view)
{
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (!text_equal(name, (struct text){names[i], strlen(names[i])}))
            continue;
        *view = (enum view)i;
        return true;
    }
    return false;
}

void views_free(struct views *views)
{
    free(views->tokens.bytes);
    free(views->tokens.starts);
    free(views->words.bytes);
    free(views->words.starts);
    free(views->terms);
    *views = (struct views){0};
}

/* ---- laying out ---- */

/* And what may be read behind a word. */
static bool reserve_layout(struct layout *layout, size_t bytes, size_t starts)
{
    return memory_reserve(&layout->bytes, &layout->capacity, layout->size + bytes + WORDS_BEHIND,
                          1) &&
           memory_reserve(&layout->starts, &layout->starts_capacity, layout->count + starts,
                          sizeof *layout->starts);
}

static bool begin_layout(struct layout *layout)
{
    layout->size = layout->count = 0;
    if (!reserve_layout(layout, 1, 1))
        return false;
    layout->bytes[layout->size++] = ' ';
    layout->starts[0] = 1;
    return true;
}

/* A document has at most 2^30 bytes, so that its layout's places fit 32 bits. */
static void put_stretch(struct layout *layout, const char *bytes, size_t size)
{
    memcpy(layout->bytes + layout->size, bytes, size);
    layout->size += size;
    layout->bytes[layout->size++] = ' ';
    layout->starts[++layout->count] = (uint32_t)layout->size;
}

void views_begin(struct views *views)
{
    views->tokens.size = views->tokens.count = 0;
    views->words_ready = false;
}

/* How many of the tokens lie behind one another in one text, a byte between them. */
static size_t count_adjacent(const struct text *tokens, size_t count)
{
    size_t adjacent = 1;
    while (adjacent < count &&
           tokens[adjacent].data == tokens[adjacent - 1].data + tokens[adjacent - 1].size + 1)
        adjacent++;
    return adjacent;
}

/* Puts such tokens, all at once: a copy of each by itself would take most of the time. */
static void put_adjacent(struct layout *layout, const struct text *tokens, size_t count)
{
    const struct text *last = &tokens[count - 1];
    memcpy(layout->bytes + layout->size, tokens->data,
           (size_t)(last->data - tokens->data) + last->size);
    for (size_t i = 0; i < count; i++) {
        layout->size += tokens[i].size;
        layout->bytes[layout->size++] = ' ';
        layout->starts[++layout->count] = (uint32_t)layout->size;
    }
}

bool views_take(struct views *views, const struct text *tokens, size_t count, struct error *error)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += tokens[i].size + 1;
    if ((!views->tokens.size && !begin_layout(&views->tokens)) ||
        !reserve_layout(&views->tokens, bytes, count + 1))
        return error_memory(error, "cutting a document");
    for (size_t i = 0, adjacent; i < count; i += adjacent) {
        adjacent = count_adjacent(tokens + i, count - i);
        put_adjacent(&views->tokens, tokens + i, adjacent);
    }
    return true;
}

struct text views_text(const struct views *views)
{
    const struct layout *tokens = &views->tokens;
    return tokens->count ? (struct text){tokens->bytes + 1, tokens->size - 2} : (struct text){0};
}

/* ---- words ---- */

static bool is_ascii_word(unsigned char byte)
{
    return (unsigned char)((byte | 0x20) - 'a') < 26 || (unsigned char)(byte - '0') < 10 ||
           byte == '_';
}

/* Whether `bytes` open with a character of a word; `*size` is how long that character is. */
static bool is_word(const char *bytes, size_t left, size_t *size)
{
    *size = 1;
    unsigned char byte = (unsigned char)*bytes;
    return byte < 0x80 ? is_ascii_word(byte) : lower_word_character(bytes, left, size);
}

/* Bytes that are looked at together, in the C dialect that gcc and clang share. */
enum { TOGETHER = 16 };
typedef unsigned char some_bytes __attribute__((vector_size(TOGETHER)));

/* All bits of those that are of words, or spaces between them. */
static inline some_bytes in_words(const char *from)
{
    some_bytes bytes;
    memcpy(&bytes, from, sizeof bytes);
    return (some_bytes)((((bytes | 0x20) - 'a') < 26) | ((bytes - '0') < 10) | (bytes == '_') |
                        (bytes == ' '));
}

static bool tokens_are_words(const struct layout *tokens)
{
    char rest[TOGETHER];
    size_t at = 0;
    some_bytes all = ~(some_bytes){0};
    for (; at + TOGETHER <= tokens->size; at += TOGETHER)
        all &= in_words(tokens->bytes + at);
    memset(rest, ' ', sizeof rest);
    if (at < tokens->size)
        memcpy(rest, tokens->bytes + at, tokens->size - at);
    all &= in_words(rest);
    uint64_t halves[2];
    memcpy(halves, &all, sizeof halves);
    return (halves[0] & halves[1]) == UINT64_MAX;
}

static bool lay_out_words(struct layout *words, const struct layout *tokens)
{
    if (!begin_layout(words))
        return false;
    size_t start = 0, size;
    for (size_t at = 0; at < tokens->size; at += size) {
        if (is_word(tokens->bytes + at, tokens->size - at, &size))
            continue;
        if (at > start) {
            if (!reserve_layout(words, at - start + 1, 2))
                return false;
            put_stretch(words, tokens->bytes + start, at - start);
        }
        start = at + size;
    }
    return true;
}

static bool find_words(struct views *views)
{
    if (views->words_ready)
        return true;
    views->words_are_tokens = tokens_are_words(&views->tokens);
    views->words_ready = views->words_are_tokens || lay_out_words(&views->words, &views->tokens);
    return views->words_ready;
}

/* ---- terms ---- */

static void put_term(struct views *views, const char *bytes, size_t size)
{
    if (size > VIEWS_TERM)
        return;
    views->terms[views->count++] = (struct hashed){{bytes, size}, words_hash_inside(bytes, size)};
}

static bool reserve_terms(struct views *views, size_t more)
{
    return memory_reserve(&views->terms, &views->capacity, views->count + more,
                          sizeof *views->terms);
}

/* Runs of 1 to `longest` stretches from number `i` on. */
static bool find_runs(struct views *views, const struct layout *layout, size_t i, size_t longest)
{
    const uint32_t *starts = layout->starts + i;
    if (!reserve_terms(views, longest))
        return false;
    for (size_t n = 1; n <= longest && i + n <= layout->count; n++)
        put_term(views, layout->bytes + starts[0], starts[n] - 1 - starts[0]);
    return true;
}

/* There is a space behind, at which this stops. */
static const char *next_character(const char *at)
{
    do
        at++;
    while (((unsigned char)*at & 0xc0) == 0x80);
    return at;
}

/* Every `n` characters in a row of those from `at` to the space before `end`, and that space. */
static void find_grams(struct views *views, const char *at, const char *end, int n)
{
    const char *last = end - 1, *behind = at;
    for (; n > 1 && behind < last; n--)
        behind = next_character(behind);
    for (; n == 1 && behind < last; at = next_character(at)) {
        behind = next_character(behind);
        put_term(views, at, (size_t)(behind - at));
    }
    if (n == 1)
        put_term(views, at, (size_t)(end - at));
}

static bool find_characters(struct views *views, const struct layout *layout, size_t i)
{
    const char *start = layout->bytes + layout->starts[i] - 1;
    const char *end = layout->bytes + layout->starts[i + 1];
    int fewest = views->view == VIEW_CHAR1 ? 1 : 3;
    if (!reserve_terms(views, (size_t)(end - start) * (size_t)(MOST_CHARACTERS - fewest + 1)))
        return false;
    for (int n = fewest; n <= MOST_CHARACTERS; n++)
        find_grams(views, start, end, n);
    return true;
}

const struct layout *views_layout(struct views *views, enum view view)
{
    if (view == VIEW_SPACE || view_is_characters(view))
        return &views->tokens;
    if (!find_words(views))
        return NULL;
    return views->words_are_tokens ? &views->tokens : &views->words;
}

/* The most stretches of a term; of characters, which are no more than a part of one, 1. */
static const size_t longest[VIEW_COUNT] = {[VIEW_SPACE] = 1,   [VIEW_WORD] = 1, [VIEW_BIGRAM] = 2,
                                           [VIEW_TRIGRAM] = 3, [VIEW_CHAR] = 1, [VIEW_CHAR1] = 1};

size_t views_reach(enum view view)
{
    return longest[view] - 1;
}

static bool find_terms(struct views *views)
{
    const struct layout *layout = views_layout(views, views->view);
    if (!layout)
        return false;
    for (; views->at < layout->count && views->count < VIEWS_BATCH; views->at++)
        if (view_is_characters(views->view)
                ? !find_characters(views, layout, views->at)
                : !find_runs(views, layout, views->at, longest[views->view]))
            return false;
    return true;
}

void views_start(struct views *views, enum view view)
{
    views->view = view;
    views->at = 0;
}

bool views_next(struct views *views, struct error *error)
{
    views->count = 0;
    return find_terms(views) || error_memory(error, "cutting a document");
}
