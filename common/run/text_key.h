/*
 * text_key: what a document is known by, from training to prediction.
 */
#ifndef RUN_TEXT_KEY_H
#define RUN_TEXT_KEY_H

#include "text/views.h"

#include <stdint.h>

/*
 * Of a document's lower-cased tokens with one space between them. So equal texts have equal keys,
 * whatever their white space.
 */
struct text_key {
    uint64_t hash;  /* words_hash */
    uint32_t crc32; /* decides on its fold */
};

/* Of the document whose tokens the views took. */
struct text_key text_key_of(const struct views *views);

/* The key's hash alone, by which a document is found again. */
uint64_t text_key_hash(const struct views *views);

#endif
