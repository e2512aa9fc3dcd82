/*
 * Small pieces are served from the buffer, large ones are read past it straight to where the
 * caller wants them. What lies behind `next` in the buffer stays there when it is filled anew.
 */
#include "input/feed.h"

#include "base/await.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool feed_init(struct feed *feed, int fd, const char *name, struct error *error)
{
    unsigned char *memory = malloc(FEED_BEHIND + FEED_BUFFER);
    if (!memory)
        return error_memory(error, "opening a file");
    memset(memory, 0, FEED_BEHIND);
#ifdef POSIX_FADV_SEQUENTIAL /* a hint, which some systems do not take */
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
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
    feed->fetched = offset;
    feed->left = size;
    return lseek(feed->fd, (off_t)offset, SEEK_SET) >= 0 ||
           error_errno(error, "%s: can't go to byte %llu", feed->name, (unsigned long long)offset);
}

/*
 * One read of up to `size` bytes; `*got` is 0 at the end, which stays the end: a terminal would go
 * on after it.
 */
static bool read_some(struct feed *feed, void *bytes, size_t size, size_t *got, struct error *error)
{
    *got = 0;
    if (!feed->left)
        return true;
    if (size > feed->left)
        size = (size_t)feed->left;
    ssize_t result = await_read(feed->fd, bytes, size);
    if (result < 0)
        return error_errno(error, "%s: can't read", feed->name);
    if (!result)
        feed->left = 0;
    else if (feed->left != UINT64_MAX)
        feed->left -= (uint64_t)result;
    feed->fetched += (uint64_t)result;
    *got = (size_t)result;
    return true;
}

bool feed_waits(const struct feed *feed)
{
    return !feed->available && feed->left && await_waits(feed->fd);
}

static bool has_line(const struct feed *feed)
{
    return memchr(feed->next, '\n', feed->available) && await_waits(feed->fd);
}

/* Up to `size` bytes, or the end; `line`: or a line, where more has to be waited for. */
static bool peek(struct feed *feed, size_t size, bool line, struct error *error)
{
    unsigned char *start = feed->memory + FEED_BEHIND;
    if (feed->available >= size)
        return true;
    memmove(start - FEED_BEHIND, feed->next - FEED_BEHIND, FEED_BEHIND + feed->available);
    feed->next = start;
    while (feed->available < size && !(line && has_line(feed))) {
        size_t got;
        if (!read_some(feed, start + feed->available, FEED_BUFFER - feed->available, &got, error))
            return false;
        if (got == 0)
            break;
        feed->available += got;
    }
    return true;
}

bool feed_peek(struct feed *feed, size_t size, struct error *error)
{
    return peek(feed, size, false, error);
}

bool feed_peek_line(struct feed *feed, size_t size, struct error *error)
{
    return peek(feed, size, true, error);
}

bool feed_fill(struct feed *feed, struct error *error)
{
    return feed_peek(feed, 1, error);
}

/* Copies what is available, up to `size` bytes; returns how many. */
static size_t take(struct feed *feed, void *bytes, size_t size)
{
    size_t held = size < feed->available ? size : feed->available;
    memcpy(bytes, feed->next, held);
    feed->next += held;
    feed->available -= held;
    return held;
}

/* Reads on to `size` bytes or the end; impatient, once there is a byte, only while more is there.
 */
static bool read_on(struct feed *feed, unsigned char *bytes, size_t size, bool patient, size_t *got,
                    bool *ended, struct error *error)
{
    *got = take(feed, bytes, size);
    *ended = false;
    while (*got < size && !*ended && (patient || !*got || !feed_waits(feed))) {
        size_t more;
        if (!read_some(feed, bytes + *got, size - *got, &more, error))
            return false;
        *got += more;
        *ended = more == 0;
    }
    return true;
}

bool feed_read(struct feed *feed, void *bytes, size_t size, size_t *got, struct error *error)
{
    bool ended;
    return read_on(feed, bytes, size, true, got, &ended, error);
}

bool feed_read_ready(struct feed *feed, void *bytes, size_t size, size_t *got, bool *ended,
                     struct error *error)
{
    return read_on(feed, bytes, size, false, got, ended, error);
}
