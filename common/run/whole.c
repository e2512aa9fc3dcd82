/* It comes through the same door as documents, chunk by chunk. */
#include "run/whole.h"

static bool read_all(struct texts *texts, struct buffer *text, struct error *error)
{
    struct texts_chunk chunk = {0};
    bool good;
    do {
        good = texts_read(texts, SIZE_MAX, &chunk, error);
        if (good)
            buffer_bytes(text, chunk.bytes, chunk.size);
    } while (good && chunk.size);
    texts_chunk_free(&chunk);
    return good && buffer_check(text, error);
}

bool whole_read(const char *path, const struct texts_kind *kind, struct buffer *text,
                struct error *error)
{
    char *paths[] = {(char *)(uintptr_t)path}; /* as argv has them; nobody writes to it */
    struct texts *texts = texts_open(paths, 1, kind, error);
    bool read = texts && read_all(texts, text, error);
    texts_close(texts);
    return read;
}
