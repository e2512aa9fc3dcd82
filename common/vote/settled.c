/*
 * No class is certain before half of all votes are cast. From there on looking takes a pass over
 * the sums, and is done the less often the more of these there are beside what walking a tree
 * takes.
 *
 * Sums are rounded. That of the class ahead never falls, for nothing negative is added to it;
 * another gains one vote a tree at most. Rounding adds to that only where a sum passes a power of
 * two, for 1 is added exactly elsewhere, whatever a sum began with, and a lesser share falls short
 * of 1 by far more than half a last bit: LEAST is more than that comes to.
 */
#include "vote/settled.h"

#include <stdbool.h>

enum {
    CLASSES_PER_WALK = 16, /* sums that are looked at in the time of a part of a walk */
    LOOKS = 32             /* about half as many looks, at most */
};

static const double LEAST = 0x1p-4;

size_t settled_first(size_t trees, double votes)
{
    return votes < trees ? (size_t)((trees - votes) / 2) + 1 : 1;
}

size_t settled_again(size_t trees, uint32_t class_count)
{
    return 1 + class_count / CLASSES_PER_WALK + trees / LOOKS;
}

static bool is_settled(const double *sums, uint32_t class_count, double to_come)
{
    double best = 0, next = 0;
    for (uint32_t c = 0; c < class_count; c++) {
        const double lesser = sums[c] < best ? sums[c] : best;
        next = lesser > next ? lesser : next;
        best = sums[c] > best ? sums[c] : best;
    }
    return best - next > to_come + LEAST;
}

size_t settled_leave_out(const double *sums, uint32_t class_count, size_t to_come, uint32_t *rows,
                         size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        rows[left] = rows[i];
        left += !is_settled(sums + (size_t)rows[i] * class_count, class_count, (double)to_come);
    }
    return left;
}
