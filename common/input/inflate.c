/*
 * The inflater by zlib, and the choice between the two.
 */
#include "input/inflate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct zlib_inflater {
    struct inflater base;
    z_stream stream;
};

/* zlib counts in unsigned int. */
static unsigned at_most_1g(size_t size)
{
    return size < 1u << 30 ? (unsigned)size : 1u << 30;
}

static enum inflate_result zlib_run(struct inflater *inflater, struct inflate_window *window)
{
    z_stream *stream = &((struct zlib_inflater *)inflater)->stream;
    unsigned in = at_most_1g(window->available), out = at_most_1g(window->room);
    /* zlib's pointer lacks a const; it does not write there. */
    stream->next_in = (unsigned char *)(uintptr_t)window->next;
    stream->avail_in = in;
    stream->next_out = window->to;
    stream->avail_out = out;
    int result = inflate(stream, Z_NO_FLUSH);
    window->next = stream->next_in;
    window->available -= in - stream->avail_in;
    window->to = stream->next_out;
    window->room -= out - stream->avail_out;
    if (result == Z_STREAM_END)
        return INFLATE_END;
    return result == Z_OK || result == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_DAMAGED;
}

static bool zlib_restart(struct inflater *inflater)
{
    return inflateReset(&((struct zlib_inflater *)inflater)->stream) == Z_OK;
}

static void zlib_free(struct inflater *inflater)
{
    inflateEnd(&((struct zlib_inflater *)inflater)->stream);
    free(inflater);
}

struct inflater *inflater_zlib(void)
{
    struct zlib_inflater *inflater = calloc(1, sizeof *inflater);
    if (!inflater)
        return NULL;
    inflater->base = (struct inflater){
        .name = "zlib", .run = zlib_run, .restart = zlib_restart, .free = zlib_free};
    if (inflateInit2(&inflater->stream, -MAX_WBITS) == Z_OK)
        return &inflater->base;
    free(inflater);
    return NULL;
}

static struct inflater *wanted(const char *name, struct error *error)
{
    struct inflater *inflater;
    if (strcmp(name, "zlib") == 0) {
        inflater = inflater_zlib();
    } else if (strcmp(name, "isal") == 0) {
#ifdef HAVE_ISAL
        inflater = inflater_isal();
#else
        error_set(error, STATUS_USAGE, "GLOVEPIPE_INFLATE=isal: this build has zlib only");
        return NULL;
#endif
    } else {
        error_set(error, STATUS_USAGE, "GLOVEPIPE_INFLATE=%s: it may be zlib or isal", name);
        return NULL;
    }
    if (!inflater)
        error_memory(error, "preparing to inflate");
    return inflater;
}

struct inflater *inflater_new(struct error *error)
{
#ifdef HAVE_ISAL
    const char *usual = "isal";
#else
    const char *usual = "zlib";
#endif
    const char *name = getenv("GLOVEPIPE_INFLATE");
    return wanted(name && *name ? name : usual, error);
}
