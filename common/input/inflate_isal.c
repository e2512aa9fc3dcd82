/*
 * The inflater by ISA-L. Its state is reset, never freed: it holds no memory of its own.
 */
#ifdef HAVE_ISAL
#include "input/inflate.h"

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

struct isal_inflater {
    struct inflater base;
    struct inflate_state state;
};

/* ISA-L counts in uint32_t. */
static uint32_t at_most_1g(size_t size)
{
    return size < 1u << 30 ? (uint32_t)size : 1u << 30;
}

/*
 * At the end, ISA-L holds the bytes behind the deflate data, up to eight, in its bit buffer:
 * the window steps back over them.
 */
static void step_back(struct inflate_state *state, struct inflate_window *window)
{
    size_t held = (size_t)state->read_in_length / 8;
    window->next -= held;
    window->available += held;
}

static enum inflate_result isal_run(struct inflater *inflater, struct inflate_window *window)
{
    struct inflate_state *state = &((struct isal_inflater *)inflater)->state;
    uint32_t in = at_most_1g(window->available), out = at_most_1g(window->room);
    /* ISA-L's pointer lacks a const; it does not write there. */
    state->next_in = (uint8_t *)(uintptr_t)window->next;
    state->avail_in = in;
    state->next_out = window->to;
    state->avail_out = out;
    int result = isal_inflate(state);
    window->next = state->next_in;
    window->available -= in - state->avail_in;
    window->to = state->next_out;
    window->room -= out - state->avail_out;
    if (result < 0)
        return INFLATE_DAMAGED;
    if (state->block_state != ISAL_BLOCK_FINISH)
        return INFLATE_MORE;
    step_back(state, window);
    return INFLATE_END;
}

static bool isal_restart(struct inflater *inflater)
{
    isal_inflate_reset(&((struct isal_inflater *)inflater)->state);
    return true;
}

static void isal_free(struct inflater *inflater)
{
    free(inflater);
}

struct inflater *inflater_isal(void)
{
    struct isal_inflater *inflater = calloc(1, sizeof *inflater);
    if (!inflater)
        return NULL;
    inflater->base = (struct inflater){
        .name = "ISA-L", .run = isal_run, .restart = isal_restart, .free = isal_free};
    isal_inflate_init(&inflater->state);
    inflater->state.crc_flag = ISAL_DEFLATE;
    return &inflater->base;
}
#else
typedef int no_isal; /* a file is never empty */
#endif
