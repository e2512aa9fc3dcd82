#include "input/inflate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct zlib_inflater {
    struct inflater base;
    z_stream stream;
    bool entered; /* so that it is to be seen whether the input ends between two blocks */
};

enum { LAST_BLOCK = 64, BLOCK_ENDED = 128, UNUSED_BITS = 63 }; /* of zlib's data_type */

/* zlib counts in unsigned int. */
static unsigned at_most_1g(size_t size)
{
    return size < 1u << 30 ? (unsigned)size : 1u << 30;
}

static bool zlib_between(const struct inflater *inflater, unsigned *bits)
{
    int type = ((const struct zlib_inflater *)inflater)->stream.data_type;
    *bits = (unsigned)type & UNUSED_BITS;
    return type & BLOCK_ENDED && !(type & LAST_BLOCK);
}

/* With Z_BLOCK zlib stops behind each block: goes on, but where the input ended with it. */
static int inflate_by_blocks(z_stream *stream)
{
    for (;;) {
        int result = inflate(stream, Z_BLOCK);
        bool stopped = (result == Z_OK || result == Z_BUF_ERROR) && stream->data_type & BLOCK_ENDED;
        bool done = !(stream->data_type & LAST_BLOCK) && !(stream->avail_in && stream->avail_out);
        if (!stopped || done)
            return result;
    }
}

/* Z_BLOCK is slow, and only the last byte can hold bits of a block that the input ends before. */
static int inflate_entered(z_stream *stream)
{
    if (stream->avail_in > 1) {
        stream->avail_in--;
        int result = inflate(stream, Z_NO_FLUSH);
        stream->avail_in++;
        if ((result != Z_OK && result != Z_BUF_ERROR) || stream->avail_in > 1 || !stream->avail_out)
            return result;
    }
    return inflate_by_blocks(stream);
}

/* Between two blocks and without input: zlib would begin to read the next header's bits. */
static bool is_resting(const struct zlib_inflater *zlib)
{
    unsigned bits;
    return zlib->entered && !zlib->stream.avail_in && zlib_between(&zlib->base, &bits);
}

static enum inflate_result zlib_run(struct inflater *inflater, struct inflate_window *window)
{
    struct zlib_inflater *zlib = (struct zlib_inflater *)inflater;
    z_stream *stream = &zlib->stream;
    unsigned in = at_most_1g(window->available), out = at_most_1g(window->room);
    /* zlib's pointer lacks a const; it does not write there. */
    stream->next_in = (unsigned char *)(uintptr_t)window->next;
    stream->avail_in = in;
    stream->next_out = window->to;
    stream->avail_out = out;
    int result = Z_OK;
    if (!zlib->entered)
        result = inflate(stream, Z_NO_FLUSH);
    else if (!is_resting(zlib))
        result = inflate_entered(stream);
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
    struct zlib_inflater *zlib = (struct zlib_inflater *)inflater;
    zlib->entered = false;
    return inflateReset(&zlib->stream) == Z_OK;
}

static bool zlib_enter(struct inflater *inflater, unsigned bits, unsigned count,
                       const unsigned char *window)
{
    struct zlib_inflater *zlib = (struct zlib_inflater *)inflater;
    zlib->entered = true;
    zlib->stream.data_type = 0;
    return inflateReset(&zlib->stream) == Z_OK &&
           inflatePrime(&zlib->stream, (int)count, (int)bits) == Z_OK &&
           (!window || inflateSetDictionary(&zlib->stream, window, INFLATE_WINDOW) == Z_OK);
}

static bool zlib_settle(struct inflater *inflater, struct inflater *twin, const struct marks *marks)
{
    z_stream *stream = &((struct zlib_inflater *)inflater)->stream;
    unsigned char a[INFLATE_WINDOW], b[INFLATE_WINDOW];
    unsigned size = 0, twin_size = 0;
    if (inflateGetDictionary(stream, a, &size) != Z_OK ||
        inflateGetDictionary(&((struct zlib_inflater *)twin)->stream, b, &twin_size) != Z_OK ||
        size != twin_size)
        return false;
    marks_kernel_of(cpu_level())(marks, a, b, a, size);
    return inflateSetDictionary(stream, a, size) == Z_OK;
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
    inflater->base = (struct inflater){.name = "zlib",
                                       .another = inflater_zlib,
                                       .run = zlib_run,
                                       .restart = zlib_restart,
                                       .free = zlib_free,
                                       .enter = zlib_enter,
                                       .between = zlib_between,
                                       .settle = zlib_settle};
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
