/* The columns of a tree, one behind the other. What is received is measured before it is used. */
#include "forest/parcel.h"

#include <string.h>

enum { COLUMNS = 6 };

/* A column of the tree and how much of it is used. */
struct piece {
    void *bytes;
    size_t size;
};

static void pieces_of(const struct tree *tree, const struct parcel *head, uint32_t classes,
                      struct piece pieces[COLUMNS])
{
    size_t leaves = (size_t)head->splits + 1;
    pieces[0] = (struct piece){tree->feature, head->nodes * sizeof *tree->feature};
    pieces[1] = (struct piece){tree->threshold, head->splits * sizeof *tree->threshold};
    pieces[2] = (struct piece){tree->leaf_class, leaves * sizeof *tree->leaf_class};
    pieces[3] = (struct piece){tree->weight, leaves * sizeof *tree->weight};
    pieces[4] =
        (struct piece){tree->missing, head->sided ? head->splits * sizeof *tree->missing : 0};
    pieces[5] = (struct piece){tree->counts, (size_t)head->mixed * classes * sizeof *tree->counts};
}

bool parcel_pack(const struct tree *tree, uint32_t classes, const struct grow_account *account,
                 bool (*put)(void *context, const void *bytes, size_t size), void *context)
{
    struct parcel head = {tree->nodes, tree->splits, tree->mixed, classes, tree->sided, *account};
    struct piece pieces[COLUMNS];
    pieces_of(tree, &head, classes, pieces);
    bool good = put(context, &head, sizeof head);
    for (int i = 0; good && i < COLUMNS; i++)
        good = pieces[i].size == 0 || put(context, pieces[i].bytes, pieces[i].size);
    return good;
}

bool parcel_unpack(const void *bytes, size_t size, uint32_t classes, struct tree *tree,
                   struct grow_account *account)
{
    struct parcel head;
    if (size < sizeof head)
        return false;
    memcpy(&head, bytes, sizeof head);
    struct piece pieces[COLUMNS];
    pieces_of(tree, &head, classes, pieces);
    size_t whole = sizeof head;
    for (int i = 0; i < COLUMNS; i++)
        whole += pieces[i].size;
    if (whole != size || head.classes != classes || head.nodes != 2 * (uint64_t)head.splits + 1 ||
        !tree_reserve_nodes(tree, head.nodes) ||
        !tree_reserve_counts(tree, (size_t)head.mixed * classes))
        return false;
    pieces_of(tree, &head, classes, pieces);
    const char *at = (const char *)bytes + sizeof head;
    for (int i = 0; i < COLUMNS; i++) {
        if (pieces[i].size)
            memcpy(pieces[i].bytes, at, pieces[i].size);
        at += pieces[i].size;
    }
    tree->nodes = head.nodes;
    tree->splits = head.splits;
    tree->mixed = head.mixed;
    tree->sided = head.sided;
    *account = head.account;
    return true;
}
