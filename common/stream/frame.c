/* One token after another, with a stack of how many objects are still awaited. */
#include "stream/frame.h"

#include "base/packed.h"

/* The number of bytes of type and length (or of the number itself); 0: not in a stream. */
static size_t head_size(unsigned char type)
{
    static const unsigned char sizes[32] = {
        /* c0 nil, -, false, true, bin 8 16 32, ext 8 */ 1,
        0,
        1,
        1,
        2,
        3,
        5,
        0,
        /* c8 ext 16 32, float 32 64, uint 8 16 32 64 */ 0,
        0,
        5,
        9,
        2,
        3,
        5,
        9,
        /* d0 int 8 16 32 64, fixext 1 2 4 8 */ 2,
        3,
        5,
        9,
        0,
        0,
        0,
        0,
        /* d8 fixext 16, str 8 16 32, array 16 32, map 16 32 */ 0,
        2,
        3,
        5,
        3,
        5,
        3,
        5};
    return type >= 0xc0 && type <= 0xdf ? sizes[type - 0xc0] : 1;
}

struct frame_token frame_token(const unsigned char *bytes)
{
    unsigned char type = bytes[0];
    const size_t head = head_size(type);
    struct frame_token token = {.head = head};
    uint64_t length = packed_big(bytes + 1, head - 1);
    const int short_size = frame_short(type);
    if (type >= 0x80 && type <= 0x9f) {
        token.container = true;
        token.children = type <= 0x8f ? 2 * (type & 0x0fu) : type & 0x0fu;
    } else if (short_size >= 0) {
        token.body = (uint64_t)short_size;
    } else if ((type >= 0xc4 && type <= 0xc6) || (type >= 0xd9 && type <= 0xdb)) {
        token.body = length;
    } else if (type >= 0xdc && type <= 0xdf) {
        token.container = true;
        token.children = type <= 0xdd ? length : 2 * length;
    }
    return token;
}

/* Counts one finished object in the containers that await it; true when the last one closed. */
static bool close_object(struct frame *frame)
{
    while (frame->depth && --frame->pending[frame->depth - 1] == 0)
        frame->depth--;
    return frame->depth == 0;
}

static const char *check_token(const struct frame *frame, const struct frame_token *token,
                               uint64_t limit)
{
    if (token->body > limit || frame->at + token->head > limit - token->body)
        return "a record is longer than any stream's";
    if (token->children > FRAME_MAX_OBJECTS || frame->objects > FRAME_MAX_OBJECTS - token->children)
        return "a record holds more objects than any stream's";
    if (token->children && frame->depth == FRAME_MAX_DEPTH)
        return "a record is nested deeper than any stream's";
    return NULL;
}

/* Passes over short strings, of which words and labels are long lists, as far as the bytes go; the
   last object of a container is left to others. */
static void pass_strings(struct frame *frame, const unsigned char *bytes, size_t have,
                         uint64_t limit)
{
    uint64_t *pending = frame->depth ? &frame->pending[frame->depth - 1] : NULL;
    size_t at = frame->at, end = have < limit ? have : (size_t)limit;
    int size;
    while (pending && *pending > 1 && at < end && (size = frame_short(bytes[at])) >= 0 &&
           (size_t)size < end - at) {
        at += 1 + (size_t)size;
        --*pending;
    }
    frame->at = at;
}

enum frame_state frame_advance(struct frame *frame, const unsigned char *bytes, size_t have,
                               uint64_t limit, uint64_t *needed, const char **why)
{
    for (;;) {
        pass_strings(frame, bytes, have, limit);
        size_t left = have - frame->at;
        size_t head = left ? head_size(bytes[frame->at]) : 1;
        if (head == 0) {
            *why = "a type of object that no stream has";
            return FRAME_BAD;
        }
        if (left < head) {
            *needed = head - left;
            return FRAME_MORE;
        }
        struct frame_token token = frame_token(bytes + frame->at);
        *why = check_token(frame, &token, limit);
        if (*why)
            return FRAME_BAD;
        if (left - head < token.body) {
            *needed = token.body - (left - head);
            return FRAME_MORE;
        }
        const int depth = frame->depth;
        if (token.children && depth == 1)
            frame->inner = frame->at;
        frame->at += head + (size_t)token.body;
        frame->objects += token.children;
        bool whole = false;
        if (token.children)
            frame->pending[frame->depth++] = token.children;
        else
            whole = close_object(frame);
        if (depth > 1 && frame->depth <= 1)
            frame->inner_end = frame->at;
        if (whole)
            return FRAME_WHOLE;
    }
}
