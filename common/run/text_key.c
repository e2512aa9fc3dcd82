/* Apart from bags.c, which reads files: predicting from memory needs the key alone. */
#include "run/text_key.h"

#include "base/digest.h"
#include "base/words.h"

uint64_t text_key_hash(const struct views *views)
{
    struct text text = views_text(views);
    return words_hash(text.data, text.size);
}

struct text_key text_key_of(const struct views *views)
{
    struct text text = views_text(views);
    struct digest digest = {0};
    digest_update(&digest, text.data, text.size);
    return (struct text_key){words_hash(text.data, text.size), digest.crc32};
}
