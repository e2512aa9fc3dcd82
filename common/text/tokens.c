/*
 * White space comes as bits, 64 bytes at a time; where the bits change from one byte to the next, a
 * token begins or ends, and those edges are visited one by one.
 */
#include "text/tokens.h"

#include "base/memory.h"
#include "text/lower.h"

#include <stdlib.h>
#include <string.h>

struct tokens_lanes tokens_scan_portable(char *bytes, size_t size)
{
    struct tokens_lanes lanes = {0, 0};
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        bool space = (unsigned char)(byte - 0x09) < 5 || (unsigned char)(byte - 0x1c) < 5;
        lanes.spaces |= (uint64_t)space << i;
        lanes.foreign |= (uint64_t)(byte >> 7) << i;
        bytes[i] = (char)((unsigned char)(byte - 'A') < 26 ? byte | 0x20 : byte);
    }
    return lanes;
}

static tokens_scan *const twins[CPU_LEVELS] = {
    [CPU_PORTABLE] = tokens_scan_portable, [CPU_AVX2] = CPU_X86(tokens_scan_avx2)};

tokens_scan *tokens_scan_of(enum cpu_level level)
{
    return CPU_BEST(twins, level);
}

const char *tokens_scan_name(enum cpu_level level)
{
    return cpu_level_name(CPU_BEST_LEVEL(twins, level));
}

struct tokens tokens_with(tokens_scan *scan)
{
    return (struct tokens){.scan = scan};
}

void tokens_start(struct tokens *tokens, char *text, size_t size)
{
    tokens->text = text;
    tokens->size = size;
    tokens->block = tokens->next = 0;
    tokens->edges = 0;
    tokens->last = 1;
    tokens->ahead = 0;
    tokens->foreign = tokens->open = false;
}

/* The white space beyond ASCII that begins in the block, in `spaces` and `ahead`. */
static uint64_t foreign_spaces(struct tokens *tokens, uint64_t foreign)
{
    uint64_t spaces = 0;
    for (; foreign; foreign &= foreign - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(foreign);
        size_t at = tokens->block + bit;
        size_t length = lower_space(tokens->text + at, tokens->size - at);
        if (!length)
            continue;
        uint64_t marks = (UINT64_C(1) << length) - 1;
        spaces |= marks << bit;
        if (bit + length > TOKENS_BLOCK)
            tokens->ahead = marks >> (TOKENS_BLOCK - bit);
    }
    return spaces;
}

/* Scans the next block. False at the end of the text. */
static bool next_block(struct tokens *tokens)
{
    size_t left = tokens->size - tokens->next;
    if (!left)
        return false;
    size_t size = left < TOKENS_BLOCK ? left : TOKENS_BLOCK;
    tokens->block = tokens->next;
    tokens->next += size;
    struct tokens_lanes lanes = tokens->scan(tokens->text + tokens->block, size);
    uint64_t spaces = lanes.spaces | tokens->ahead;
    tokens->ahead = 0;
    if (lanes.foreign) {
        tokens->foreign = true;
        spaces |= foreign_spaces(tokens, lanes.foreign);
    }
    if (size < TOKENS_BLOCK)
        spaces |= ~UINT64_C(0) << size;
    tokens->edges = spaces ^ (spaces << 1 | tokens->last);
    tokens->last = spaces >> 63;
    return true;
}

static bool is_ascii(const char *text, size_t size)
{
    unsigned char all = 0;
    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

/* Makes room for the lower case of `size` bytes; false when earlier tokens are in the way. */
static bool make_room(struct tokens *tokens, size_t size)
{
    if (tokens->capacity - tokens->used >= 2 * size)
        return true;
    return tokens->used == 0 &&
           memory_reserve(&tokens->lowered, &tokens->capacity, 2 * size, sizeof *tokens->lowered);
}

/* The token that ends at `end`; false when there is no room for its lower case. */
static bool cut_token(struct tokens *tokens, size_t end, struct text *token)
{
    token->data = tokens->text + tokens->start;
    token->size = end - tokens->start;
    if (!tokens->foreign || is_ascii(token->data, token->size))
        return true;
    if (!make_room(tokens, token->size))
        return false;
    char *to = tokens->lowered + tokens->used;
    token->size = lower_token(to, token->data, token->size);
    token->data = to;
    tokens->used += token->size;
    return true;
}

bool tokens_next(struct tokens *tokens, struct text batch[TOKENS_BATCH], size_t *count,
                 struct error *error)
{
    size_t filled = 0;
    tokens->used = 0;
    while (filled < TOKENS_BATCH) {
        bool ended = !tokens->edges && !next_block(tokens);
        if (ended && !tokens->open)
            break;
        if (!ended && !tokens->edges)
            continue;
        size_t place =
            ended ? tokens->size : tokens->block + (size_t)__builtin_ctzll(tokens->edges);
        if (tokens->open && !cut_token(tokens, place, &batch[filled])) {
            if (!filled)
                return error_memory(error, "lower-casing a token");
            break; /* full: the next batch begins with this token */
        }
        filled += tokens->open;
        tokens->start = place;
        tokens->open = !tokens->open;
        tokens->edges &= tokens->edges - 1;
    }
    *count = filled;
    return true;
}

void tokens_free(struct tokens *tokens)
{
    free(tokens->lowered);
    *tokens = tokens_with(tokens->scan);
}
