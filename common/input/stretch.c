#include "input/stretch.h"

#include "input/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_SIZE = 64 * 1024 };

size_t packed_read(const struct packed *packed, uint64_t at, unsigned char *bytes, size_t size)
{
    size_t got = 0;
    if (at >= packed->size)
        return 0;
    if (size > packed->size - at)
        size = (size_t)(packed->size - at);
    while (got < size) {
        ssize_t result =
            pread(packed->fd, bytes + got, size - got, (off_t)(packed->offset + at + got));
        if (result == 0 || (result < 0 && errno != EINTR))
            break;
        if (result > 0)
            got += (size_t)result;
    }
    return got;
}

bool stretch_init(struct stretch *stretch, const struct packed *packed, const struct inflater *kind)
{
    /* Inflaters may step back before the first byte, but don't look at what is there. */
    *stretch = (struct stretch){.packed = packed,
                                .input = calloc(1, FEED_BEHIND + INPUT_SIZE),
                                .inflater = kind->another(),
                                .twin = kind->another()};
    return stretch->input && stretch->inflater && stretch->twin;
}

void stretch_free(struct stretch *stretch)
{
    free(stretch->input);
    if (stretch->inflater)
        stretch->inflater->free(stretch->inflater);
    if (stretch->twin)
        stretch->twin->free(stretch->twin);
    *stretch = (struct stretch){0};
}

/* Reads on where nothing is available. */
static void fill(struct stretch *stretch, uint64_t limit)
{
    uint64_t left = limit - stretch->at;
    if (stretch->available || !left)
        return;
    stretch->next = stretch->input + FEED_BEHIND;
    stretch->available = packed_read(stretch->packed, stretch->at, stretch->input + FEED_BEHIND,
                                     left < INPUT_SIZE ? (size_t)left : INPUT_SIZE);
    stretch->at += stretch->available;
}

/* Takes the bits of the first byte that belong to the stretch. */
static bool take_bits(struct stretch *stretch, uint64_t begin, unsigned *bits, unsigned *count)
{
    unsigned passed = begin % 8;
    *bits = *count = 0;
    if (!passed)
        return true;
    fill(stretch, stretch->at + 1);
    if (!stretch->available)
        return false;
    *count = 8 - passed;
    *bits = *stretch->next++ >> passed;
    stretch->available--;
    return true;
}

void stretch_start(struct stretch *stretch, uint64_t begin)
{
    unsigned char a[INFLATE_WINDOW], b[INFLATE_WINDOW];
    unsigned bits, count;
    stretch->at = begin / 8;
    stretch->available = 0;
    marks_make_up(a, b);
    bool good = take_bits(stretch, begin, &bits, &count) &&
                stretch->inflater->enter(stretch->inflater, bits, count, a) &&
                stretch->twin->enter(stretch->twin, bits, count, b);
    stretch->state = good ? STRETCH_MORE : STRETCH_FAILED;
}

/* Both inflaters take the same steps, or something is wrong here. */
static enum inflate_result run_both(struct stretch *stretch, struct inflate_window *a,
                                    struct inflate_window *b)
{
    a->next = b->next = stretch->next;
    a->available = b->available = stretch->available;
    enum inflate_result result = stretch->inflater->run(stretch->inflater, a);
    bool same = stretch->twin->run(stretch->twin, b) == result && a->room == b->room &&
                a->available == b->available;
    stretch->next = a->next;
    stretch->available = a->available;
    return same ? result : INFLATE_DAMAGED;
}

/* Whether it ended as it should: between two blocks, at bit `end`. */
static bool has_ended(const struct stretch *stretch, uint64_t end)
{
    unsigned bits;
    return !stretch->available && stretch->inflater->between(stretch->inflater, &bits) &&
           8 * stretch->at - bits == end;
}

size_t stretch_guess(struct stretch *stretch, uint64_t limit, uint64_t end, unsigned char *a,
                     unsigned char *b, size_t room)
{
    struct inflate_window first = {.room = room}, second = {.room = room};
    first.to = a;
    second.to = b;
    while (first.room && stretch->state == STRETCH_MORE) {
        size_t left = first.room;
        fill(stretch, limit);
        if (has_ended(stretch, end)) {
            stretch->state = STRETCH_WHOLE;
            break;
        }
        /* Without input it may have something left to give. */
        bool starved = !stretch->available;
        if (starved && stretch->at == limit && limit < stretch_byte_of(end))
            break;
        if (run_both(stretch, &first, &second) != INFLATE_MORE || (starved && first.room == left))
            stretch->state = STRETCH_FAILED;
    }
    return room - first.room;
}

bool stretch_settle(struct stretch *stretch, const struct marks *marks)
{
    return stretch->inflater->settle(stretch->inflater, stretch->twin, marks);
}
