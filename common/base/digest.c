/* Digests that grow with their bytes, and that are joined as if their bytes were. */
#include "base/digest.h"

#include "base/crc32.h"

void digest_update(struct digest *digest, const void *bytes, size_t size)
{
    if (!size)
        return;
    digest->crc32 = crc32_of(digest->crc32, bytes, size);
    digest->size += size;
}

struct digest digest_joined(struct digest first, struct digest second)
{
    return (struct digest){crc32_joined(first.crc32, second.crc32, second.size),
                           first.size + second.size};
}
