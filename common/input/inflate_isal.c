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

static bool isal_enter(struct inflater *inflater, unsigned bits, unsigned count,
                       const unsigned char *window)
{
    struct inflate_state *state = &((struct isal_inflater *)inflater)->state;
    isal_restart(inflater);
    state->read_in = bits;
    state->read_in_length = (int32_t)count;
    /* As above: it does not write there. */
    return !window ||
           isal_inflate_set_dict(state, (uint8_t *)(uintptr_t)window, INFLATE_WINDOW) == COMP_OK;
}

/* A header that is not whole is put back: its bytes by themselves, its bits into the bit buffer. */
static bool isal_between(const struct inflater *inflater, unsigned *bits)
{
    const struct inflate_state *state = &((const struct isal_inflater *)inflater)->state;
    *bits = (unsigned)state->read_in_length + 8 * (unsigned)state->tmp_in_size;
    return state->tmp_out_processed == state->tmp_out_valid &&
           (state->block_state == ISAL_BLOCK_NEW_HDR || state->block_state == ISAL_BLOCK_HDR);
}

/* All it knows of what is before stands in tmp_out_buffer, and what it has not handed out yet. */
static bool isal_settle(struct inflater *inflater, struct inflater *twin, const struct marks *marks)
{
    struct inflate_state *a = &((struct isal_inflater *)inflater)->state;
    const struct inflate_state *b = &((const struct isal_inflater *)twin)->state;
    if (a->tmp_out_valid != b->tmp_out_valid)
        return false;
    marks_kernel_of(cpu_level())(marks, a->tmp_out_buffer, b->tmp_out_buffer, a->tmp_out_buffer,
                                 (size_t)a->tmp_out_valid);
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
    inflater->base = (struct inflater){.name = "ISA-L",
                                       .another = inflater_isal,
                                       .run = isal_run,
                                       .restart = isal_restart,
                                       .free = isal_free,
                                       .enter = isal_enter,
                                       .between = isal_between,
                                       .settle = isal_settle};
    isal_inflate_init(&inflater->state);
    inflater->state.crc_flag = ISAL_DEFLATE;
    return &inflater->base;
}
#else
typedef int no_isal; /* a file is never empty */
#endif
