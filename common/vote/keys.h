/*
 * keys: samples as packed trees are walked by: each value as its key (packed.h).
 *
 * Internal to the folder.
 */
#ifndef VOTE_KEYS_H
#define VOTE_KEYS_H

#include "vote/packed.h"

/*
 * The keys of `values` floats `x`, at any alignment; each may take the place of its float. Returns
 * whether all of them are finite.
 */
bool keys_take(uint32_t *keys, const void *x, size_t values);

/* How many keys a sample has of which some values are missing: one for each side that these may go
   to, first the right ones, and from 1 << form->feature_bits on the left ones. */
uint32_t keys_for_both(const struct packed_form *form);

/* Makes these of the keys of a sample, of which some are not of finite values. False: one is
   infinite. */
bool keys_take_both(const struct packed_form *form, const uint32_t *keys, uint32_t *both);

#endif
