/* What voters on tiles of a forest, and on samples that trees have not seen, have alike. */
#include "vote/walkers.h"

#include "base/memory.h"
#include "vote/keys.h"

#include <stdlib.h>

bool walkers_start(struct walkers *walkers, size_t samples)
{
    *walkers = (struct walkers){.codes = memory_array(samples, sizeof *walkers->codes)};
    walkers->fresh = memory_array(samples + WALK_ROOM, sizeof *walkers->fresh);
    walkers->places = memory_array(samples + WALK_ROOM, sizeof *walkers->places);
    walkers->rows = memory_array(samples + WALK_ROOM, sizeof *walkers->rows);
    return walkers->codes && walkers->fresh && walkers->places && walkers->rows;
}

void walkers_end(struct walkers *walkers)
{
    free(walkers->both);
    free(walkers->codes);
    free(walkers->fresh);
    free(walkers->places);
    free(walkers->rows);
    *walkers = (struct walkers){0};
}

bool walkers_take_both(struct walkers *walkers, const struct packed_form *form, size_t samples,
                       size_t count)
{
    const size_t size = keys_for_both(form);
    if (!walkers->both)
        walkers->both = memory_array(samples, size * sizeof *walkers->both);
    bool good = walkers->both;
    for (size_t row = 0; good && row < count; row++)
        good = keys_take_both(form, walkers->keys + row * form->dim, walkers->both + row * size);
    return good;
}

struct walk walkers_walk(struct walkers *walkers, const struct packed_form *form,
                         const struct packed_tree *tree)
{
    const bool gaps = walkers->gaps;
    struct walk walk = walk_of_tree(form, tree, gaps);
    walk.dim = gaps ? keys_for_both(form) : form->dim;
    walk.keys = gaps ? walkers->both : walkers->keys;
    walk.codes = walkers->codes;
    walk.places = walkers->places;
    walk.rows = walkers->rows;
    walk.fresh = walkers->fresh;
    walk.account = &walkers->account;
    return walk;
}
