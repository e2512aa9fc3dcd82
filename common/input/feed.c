#include "input/feed.h"

#include "base/await.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool feed_init(struct feed *feed, int fd, const char *name, struct error *error)
{
    /* Cleared, so that the bytes before the first one are readable too. */
    unsigned char *memory = calloc(1, FEED_BEHIND + FEED_BUFFER);
    if (!memory)
        return error_memory(error, "opening a file");
    *feed = (struct feed){
        .next = memory + FEED_BEHIND, .left = UINT64_MAX, .fd = fd, .name = name, .memory = memory};
    return true;
}

void feed_free(struct feed *feed)
{
    free(feed->memory);
    feed->memory = NULL;
}

bool feed_seek(struct feed *feed, uint64_t offset, uint64_t size, struct error *error)
{
    feed->next = feed->memory + FEED_BEHIND;
    feed->available = 0;
    feed->fetched = 0;
    feed->left = size;
    return lseek(feed->fd, (off_t)offset, SEEK_SET) >= 0 ||
           error_errno(error, "%s: can't go to byte %llu", feed->name, (unsigned long long)offset);
}

bool feed_recall(struct feed *feed, uint64_t offset, struct error *error)
{
    ssize_t got;
    do
        got = pread(feed->fd, feed->memory, FEED_BEHIND, (off_t)(offset - FEED_BEHIND));
    while (got < 0 && errno == EINTR);
    return got >= 0 || error_errno(error, "%s: can't read", feed->name);
}

/* One read of up to `size` bytes; `*got` is 0 at the end. */
static bool read_some(struct feed *feed, void *bytes, size_t size, size_t *got, struct error *error)
{
    if (size > feed->left)
        size = (size_t)feed->left;
    ssize_t result = await_read(feed->fd, bytes, size);
    if (result < 0)
        return error_errno(error, "%s: can't read", feed->name);
    if (feed->left != UINT64_MAX)
        feed->left -= (uint64_t)result;
    feed->fetched += (uint64_t)result;
    *got = (size_t)result;
    return true;
}

bool feed_peek(struct feed *feed, size_t size, struct error *error)
{
    unsigned char *start = feed->memory + FEED_BEHIND;
    if (feed->available >= size)
        return true;
    memmove(start - FEED_BEHIND, feed->next - FEED_BEHIND, FEED_BEHIND + feed->available);
    feed->next = start;
    while (feed->available < size) {
        size_t got;
        if (!read_some(feed, start + feed->available, FEED_BUFFER - feed->available, &got, error))
            return false;
        if (got == 0)
            break;
        feed->available += got;
    }
    return true;
}

bool feed_fill(struct feed *feed, struct error *error)
{
    return feed_peek(feed, 1, error);
}

bool feed_read(struct feed *feed, void *bytes, size_t size, size_t *got, struct error *error)
{
    unsigned char *to = bytes;
    size_t held = size < feed->available ? size : feed->available;
    memcpy(to, feed->next, held);
    feed->next += held;
    feed->available -= held;
    *got = held;
    while (*got < size) {
        size_t more;
        if (!read_some(feed, to + *got, size - *got, &more, error))
            return false;
        if (more == 0)
            break;
        *got += more;
    }
    return true;
}
