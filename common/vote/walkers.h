/*
 * walkers: the samples of a tile that walk through trees, and the room that they need.
 *
 * Internal to the folder.
 */
#ifndef VOTE_WALKERS_H
#define VOTE_WALKERS_H

#include "vote/packed.h"
#include "vote/walk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ended by walkers_end. */
struct walkers {
    uint32_t *keys; /* of each sample, dim (keys.h); borrowed */
    uint32_t *both; /* in their place where there are gaps; NULL before the first */
    bool gaps;      /* samples of the tile at hand miss values */

    uint32_t *codes; /* of each sample: that of its leaf in the tree at hand */
    uint32_t *fresh; /* the samples that are to walk */
    uint32_t *places, *rows;

    struct walk_account account;
};

/* Room for so many samples at a time; `keys` are the caller's to set. False when memory is out. */
bool walkers_start(struct walkers *walkers, size_t samples);
void walkers_end(struct walkers *walkers);

/* Makes keys for gaps of those of the first `count` samples, of at most so many. False where a
   value is infinite, or memory is out. */
bool walkers_take_both(struct walkers *walkers, const struct packed_form *form, size_t samples,
                       size_t count);

/* Their walk through a tree. */
struct walk walkers_walk(struct walkers *walkers, const struct packed_form *form,
                         const struct packed_tree *tree);

#endif
