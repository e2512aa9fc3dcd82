/*
 * parcel: a tree, and its account, as bytes on their way between two processes of one machine.
 *
 * Not a format to keep: the host's own numbers, in one piece. stream/forest.h has that.
 */
#ifndef FOREST_PARCEL_H
#define FOREST_PARCEL_H

#include "base/tree.h"
#include "forest/account.h"

#include <stdbool.h>
#include <stddef.h>

/* The head of a parcel, then the used elements of the tree's columns in their order. */
struct parcel {
    uint32_t nodes, splits, mixed, classes;
    bool sided;
    struct grow_account account;
};

/*
 * Calls `put` with one piece after another; stops when it returns false, and returns that.
 * `context` is handed to it.
 */
bool parcel_pack(const struct tree *tree, uint32_t classes, const struct grow_account *account,
                 bool (*put)(void *context, const void *bytes, size_t size), void *context);

/*
 * Makes the tree of a whole parcel, in place of what `tree` held. False, with `tree` as it was,
 * when memory is out or the size is not what the head says.
 */
bool parcel_unpack(const void *bytes, size_t size, uint32_t classes, struct tree *tree,
                   struct grow_account *account);

#endif
