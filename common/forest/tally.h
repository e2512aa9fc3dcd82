/*
 * tally: how often each class is in a node, repeats counted.
 */
#ifndef FOREST_TALLY_H
#define FOREST_TALLY_H

#include "forest/account.h"
#include "forest/node.h"

#include <stdbool.h>
#include <stdint.h>

/* Owns its arrays, borrows the rest. Start from tally_begin, end with tally_free. */
struct tally {
    struct grow_account *account;
    uint32_t classes;
    uint32_t *total;   /* by class; 0 for absent ones */
    uint32_t *present; /* the classes that are there; of rows with codes in their order */
    uint32_t *end;     /* of each of these, where rows have codes: the place behind its last row */
    uint32_t present_count;
    uint32_t weight; /* the sum of the totals */
    uint32_t *odd;   /* scratch: of rows at odd places, whose sums wait for no others' */
    uint32_t *sums;  /* scratch: of all rows up to the last of each class */
};

bool tally_begin(struct tally *tally, uint32_t classes, struct grow_account *account);
void tally_free(struct tally *tally);

/*
 * Fills `present` with the classes of codes, of which there are some and which ascend by class,
 * `sums` with the weight of all codes up to the last one of each, and `end`, unless it is NULL,
 * with the place behind that one. Returns how many classes there are. Each row's class is noted
 * where that of the row before is, if it is the same.
 */
static inline uint32_t tally_codes(const uint16_t *codes, uint32_t count, uint32_t *present,
                                   uint32_t *sums, uint32_t *end)
{
    uint32_t classes = 0, sum = 0, class = code_class(codes[0]);
    for (uint32_t i = 0; i + 1 < count; i++) {
        const uint32_t next = code_class(codes[i + 1]);
        sum += code_weight(codes[i]);
        present[classes] = class;
        sums[classes] = sum;
        if (end)
            end[classes] = i + 1;
        classes += next != class;
        class = next;
    }
    present[classes] = class;
    sums[classes] = sum + code_weight(codes[count - 1]);
    if (end)
        end[classes] = count;
    return classes + 1;
}

/* Counts the rows of a node instead of those before. */
void tally_count(struct tally *tally, const struct node *node);

#endif
