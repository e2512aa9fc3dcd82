/*
 * Three places in a file of compressed bytes move at different speeds: how far the feed has
 * fetched, how far the inflater has taken, and where the deflate data ended. This file keeps them
 * in step, and it is the only one that moves them:
 *
 *     file      |------- fetched -------|
 *     feed           [ taken | available ]
 *     inflater               ^ feed.next: all before it was given to the inflater
 *
 * One turn gives the inflater all that is available and all the room that the caller has, and it
 * uses up one of them. When both are left and nothing moved, the data makes no sense. When the
 * feed is at its end and nothing moved, the data was cut.
 *
 * Deflate data ends at any bit, and an inflater may have taken bytes behind it by then (ISA-L up
 * to eight, which wait in its bit buffer). It hands them back by moving `next` back, even when
 * they came from a buffer that was filled anew since: the feed keeps FEED_BEHIND bytes before its
 * first one for that. So the feed always stands at the first byte behind the data, which is where
 * gzip's trailer, and the next member's header, are read.
 *
 * Memory is the feed's buffer and the inflater's window, whatever the sizes on record; these are
 * compared with what was unpacked, and never allocated from.
 */
#include "input/inflated.h"

#include "input/gzip.h"
#include "input/inflate.h"

#include <stdlib.h>
#include <zlib.h>

struct inflated {
    struct feed feed;
    struct inflater *inflater;
    /* Reads what stands behind the deflate data: begins the next data, or sets `ended`. */
    bool (*go_on)(struct inflated *inflated, struct error *error);
    bool ended;
    bool more;      /* the inflater may have bytes to give: it stopped for want of room */
    bool behind;    /* the deflate data ended, and what stands behind it is still to be read */
    uint64_t size;  /* handed out of the present data */
    uint32_t crc32; /* on record for the gzip members that have ended */
};

/* ---- what stands around the data ---- */

static bool end_bare(struct inflated *inflated, struct error *error)
{
    (void)error;
    inflated->ended = true;
    return true;
}

/* A gzip member's trailer. */
static bool check_trailer(struct inflated *inflated, struct error *error)
{
    uint32_t crc, size;
    if (!gzip_trailer(&inflated->feed, &crc, &size, error))
        return false;
    if (size != (uint32_t)inflated->size)
        return error_set(error, STATUS_INPUT,
                         "%s: it unpacks to another size than is on record: it is damaged",
                         inflated->feed.name);
    inflated->crc32 = (uint32_t)crc32_combine(inflated->crc32, crc, (z_off_t)inflated->size);
    inflated->size = 0;
    return true;
}

static bool next_member(struct inflated *inflated, struct error *error)
{
    if (!check_trailer(inflated, error))
        return false;
    enum gzip_next next = gzip_header(&inflated->feed, error);
    inflated->ended = next == GZIP_END;
    if (next == GZIP_MEMBER && !inflated->inflater->restart(inflated->inflater))
        return error_memory(error, "preparing to inflate");
    return next != GZIP_FAILED;
}

/* ---- opening ---- */

struct inflated *inflated_open(struct feed *feed, enum inflated_form form, struct error *error)
{
    bool gzip = form == INFLATED_GZIP;
    if (gzip && gzip_header(feed, error) != GZIP_MEMBER)
        return NULL;
    struct inflater *inflater = inflater_new(error);
    if (!inflater)
        return NULL;
    struct inflated *inflated = malloc(sizeof *inflated);
    if (!inflated) {
        inflater->free(inflater);
        error_memory(error, "preparing to inflate");
        return NULL;
    }
    *inflated = (struct inflated){
        .feed = *feed, .inflater = inflater, .go_on = gzip ? next_member : end_bare};
    *feed = (struct feed){0};
    return inflated;
}

void inflated_close(struct inflated *inflated)
{
    if (!inflated)
        return;
    inflated->inflater->free(inflated->inflater);
    feed_free(&inflated->feed);
    free(inflated);
}

const char *inflated_by(const struct inflated *inflated)
{
    return inflated->inflater->name;
}

uint32_t inflated_crc32(const struct inflated *inflated)
{
    return inflated->crc32;
}

/* ---- reading ---- */

/* Runs the inflater once. `*stuck`: it neither took nor gave a byte. */
static enum inflate_result turn(struct inflated *inflated, struct inflate_window *window,
                                bool *stuck)
{
    struct feed *feed = &inflated->feed;
    size_t room = window->room, available = feed->available;
    window->next = feed->next;
    window->available = available;
    enum inflate_result result = inflated->inflater->run(inflated->inflater, window);
    *stuck = window->room == room && window->available == available;
    inflated->more = result == INFLATE_MORE && !window->room;
    feed->next = window->next;
    feed->available = window->available;
    return result;
}

static bool cut(const struct feed *feed, struct error *error)
{
    return error_set(error, STATUS_CUT,
                     "%s: the compressed data ends early: fetch or make it again", feed->name);
}

static bool damaged(const struct feed *feed, struct error *error)
{
    return error_set(error, STATUS_INPUT,
                     "%s: byte %llu: the compressed data is damaged: fetch or make it again",
                     feed->name, (unsigned long long)feed_position(feed));
}

bool inflated_waits(const struct inflated *inflated)
{
    return !inflated->more && !inflated->ended && feed_waits(&inflated->feed);
}

/* Inflates to the end of the room or of the deflate data, or, impatient, of what is there. */
static bool fill(struct inflated *inflated, struct inflate_window *window, bool patient,
                 struct error *error)
{
    struct feed *feed = &inflated->feed;
    enum inflate_result result = INFLATE_MORE;
    size_t room = window->room;
    while (window->room && result == INFLATE_MORE) {
        bool stuck;
        if (!patient && window->room < room && inflated_waits(inflated))
            break;
        bool given = !inflated->more || feed->available;
        if (given && !feed_fill(feed, error))
            return false;
        result = turn(inflated, window, &stuck);
        if (stuck && !given)
            continue; /* it had no more to give after all */
        if (result == INFLATE_MORE && stuck && !feed->available)
            return cut(feed, error);
        if (result == INFLATE_DAMAGED || (result == INFLATE_MORE && stuck))
            return damaged(feed, error);
    }
    inflated->size += room - window->room;
    inflated->behind = result == INFLATE_END;
    return true;
}

static bool go_on(struct inflated *inflated, struct error *error)
{
    inflated->behind = false;
    return inflated->go_on(inflated, error);
}

static bool read_on(struct inflated *inflated, void *bytes, size_t size, bool patient, size_t *got,
                    struct error *error)
{
    struct inflate_window window = {.to = bytes, .room = size};
    while (window.room && !inflated->ended) {
        if (!patient && window.room < size && inflated_waits(inflated))
            break;
        if (inflated->behind ? !go_on(inflated, error) : !fill(inflated, &window, patient, error))
            return false;
    }
    *got = size - window.room;
    return true;
}

bool inflated_read(struct inflated *inflated, void *bytes, size_t size, size_t *got,
                   struct error *error)
{
    return read_on(inflated, bytes, size, true, got, error);
}

bool inflated_read_ready(struct inflated *inflated, void *bytes, size_t size, size_t *got,
                         bool *ended, struct error *error)
{
    bool read = read_on(inflated, bytes, size, false, got, error);
    *ended = inflated->ended;
    return read;
}
