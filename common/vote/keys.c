/* With arrays of its own and a number that it knows, a compiler makes vector code of a loop without
   being asked to. */
#include "vote/keys.h"

/* What is infinite or no number has its key at either end. */
static uint32_t beyond_finite(uint32_t key)
{
    return key - PACKED_LOWEST >= PACKED_LEAF - PACKED_LOWEST;
}

enum { STEP = 16 };

/* The keys of `count` floats, at most STEP. Returns whether any is not finite. */
static inline uint32_t take_keys(uint32_t *keys, const unsigned char *x, size_t count)
{
    float from[STEP];
    uint32_t to[STEP] = {0}, beyond = 0;
    memcpy(from, x, count * sizeof *from);
    for (size_t i = 0; i < count; i++) {
        to[i] = packed_key(from[i]);
        beyond |= beyond_finite(to[i]);
    }
    memcpy(keys, to, count * sizeof *to);
    return beyond;
}

bool keys_take(uint32_t *keys, const void *x, size_t values)
{
    const unsigned char *from = x;
    size_t i = 0;
    uint32_t beyond = 0;
    for (; i + STEP <= values; i += STEP)
        beyond |= take_keys(keys + i, from + i * sizeof(float), STEP);
    beyond |= take_keys(keys + i, from + i * sizeof(float), values - i);
    return !beyond;
}

uint32_t keys_for_both(const struct packed_form *form)
{
    return (UINT32_C(1) << form->feature_bits) + form->dim;
}

/* The keys of `count` values, at most STEP, for both sides. Returns whether any is infinite. */
static inline uint32_t take_both(uint32_t *right, uint32_t *left, const uint32_t *keys,
                                 size_t count)
{
    uint32_t from[STEP], to_right[STEP] = {0}, to_left[STEP] = {0}, infinite = 0;
    memcpy(from, keys, count * sizeof *from);
    for (size_t i = 0; i < count; i++) {
        const bool beyond = beyond_finite(from[i]);
        infinite |= (from[i] == PACKED_LEAF) | (from[i] == PACKED_LOWEST - 1);
        to_right[i] = beyond ? PACKED_LEAF : from[i];
        to_left[i] = beyond ? 0 : from[i];
    }
    memcpy(right, to_right, count * sizeof *right);
    memcpy(left, to_left, count * sizeof *left);
    return infinite;
}

bool keys_take_both(const struct packed_form *form, const uint32_t *keys, uint32_t *both)
{
    uint32_t *right = both, *left = both + (UINT32_C(1) << form->feature_bits), infinite = 0;
    size_t f = 0;
    for (; f + STEP <= form->dim; f += STEP)
        infinite |= take_both(right + f, left + f, keys + f, STEP);
    infinite |= take_both(right + f, left + f, keys + f, form->dim - f);
    return !infinite;
}
