/* fastText's models: head and dictionary; then vectors of the words that it knows, and of others.
 */
#include "vectors/subwords.h"

#include "fuzz.h"

#include <string.h>

enum { MOST_WORDS = 64, MOST_DIM = 256 };

struct bytes {
    const uint8_t *data;
    size_t size;
};

static bool read_bytes(const void *context, uint64_t from, void *bytes, size_t size,
                       struct error *error)
{
    const struct bytes *all = context;
    (void)error;
    FUZZ_REQUIRE(from <= all->size && size <= all->size - from);
    memcpy(bytes, all->data + from, size);
    return true;
}

static void make_vectors(struct subwords *subwords)
{
    static const char *const others[] = {"", "</s>", "<", "a", "wheat", "\xc3\xa9t\xc3\xa9"};
    struct error error = {0};
    float vector[MOST_DIM];
    size_t parts;
    const char *at = subwords->dictionary;
    const bool unique = subwords_index(subwords, &error);
    FUZZ_REQUIRE(unique || error.status == STATUS_INPUT);
    for (uint32_t i = 0; i < subwords->count && i < MOST_WORDS; i++) {
        struct text word = subwords_next(&at);
        FUZZ_REQUIRE(!unique || subwords_find(subwords, word) == i);
        FUZZ_REQUIRE(subwords_vector(subwords, word, i, vector, &parts, &error) && parts > 0);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        FUZZ_REQUIRE(
            subwords_vector(subwords, text_of(others[i]), WORDS_NONE, vector, &parts, &error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes bytes = {data, size};
    const struct subwords_file file = {size, "model", read_bytes, &bytes};
    struct error error = {0};
    struct subwords subwords;
    if (subwords_open(&subwords, &file, MOST_DIM, &error))
        make_vectors(&subwords);
    else
        FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
    subwords_free(&subwords);
    return 0;
}
