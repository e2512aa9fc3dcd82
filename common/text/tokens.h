/*
 * tokens: a text as lower-cased tokens, those of Python's text.lower().split().
 *
 *     tokens_start(&tokens, text, size);
 *     while (tokens_next(&tokens, batch, &count, &error) && count)
 *         ... batch[0 .. count-1] ...
 *
 * The text is read once, 64 bytes at a time: a kernel lower-cases its ASCII in place and says
 * where white space is, so that tokens are found by counting bits. Tokens that are ASCII point
 * into the text; the lower case of the others may be longer and is kept aside.
 */
#ifndef TEXT_TOKENS_H
#define TEXT_TOKENS_H

#include "base/cpu.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOKENS_BATCH = 64, TOKENS_BLOCK = 64 };

/* What a kernel says of up to 64 bytes: bit i is about byte i; bits past the last are 0. */
struct tokens_lanes {
    uint64_t spaces;  /* ASCII white space: 0x09 to 0x0d, 0x1c to 0x20 */
    uint64_t foreign; /* bytes of 0x80 and above */
};

/* Lower-cases the ASCII letters of `size` (1 to TOKENS_BLOCK) bytes; touches no others. */
typedef struct tokens_lanes tokens_scan(char *bytes, size_t size);

tokens_scan tokens_scan_portable; /* the definition */
tokens_scan tokens_scan_avx2;

/* The fastest kernel of that level. */
tokens_scan *tokens_scan_of(enum cpu_level level);
/* What its own level is called. */
const char *tokens_scan_name(enum cpu_level level);

/* Start from tokens_with; used by one thread at a time, for one text after another. */
struct tokens {
    tokens_scan *scan;
    char *text;
    size_t size;
    size_t block;   /* where the block in hand starts */
    size_t next;    /* where the next one starts */
    uint64_t edges; /* of the block: where white space begins or ends, not yet visited */
    uint64_t last;  /* whether the byte before the next block is white space: 1 or 0 */
    uint64_t ahead; /* bytes of the next block that belong to white space of this one */
    bool foreign;   /* the text has shown bytes beyond ASCII */
    bool open;      /* a token has begun, at `start` */
    size_t start;
    char *lowered; /* the batch's tokens beyond ASCII */
    size_t used, capacity;
};

struct tokens tokens_with(tokens_scan *scan);

/* `text` is well-formed UTF-8. It is borrowed, and changed, until its last batch was used. */
void tokens_start(struct tokens *tokens, char *text, size_t size);

/*
 * The next tokens, in order; `*count` is 0 when there are no more. They are good until the next
 * call. Status SYSTEM when memory is out.
 */
bool tokens_next(struct tokens *tokens, struct text batch[TOKENS_BATCH], size_t *count,
                 struct error *error);

void tokens_free(struct tokens *tokens);

#endif
