/*
 * In preorder the rows of a node follow those of all leaves before it, so that a node needs to know
 * only where its own end.
 *
 * Each row is written to both sides, and one of the two counts goes on: which side it belongs to
 * can't be foreseen, and a branch would cost more than the stores. Rows stay in ascending order, so
 * that a column is read from its beginning to its end.
 */
#include "vote/leaves.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Parts rows[0 .. count - 1] at a split; returns how many go left. */
static uint32_t part(uint32_t *rows, uint32_t count, uint32_t *spare, const float *column,
                     float threshold, bool missing_left)
{
    uint32_t left = 0, right = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t row = rows[i];
        const bool goes_left = tree_goes_left(column[row], threshold, missing_left);
        rows[left] = row;
        spare[right] = row;
        left += goes_left;
        right += !goes_left;
    }
    if (right)
        memcpy(rows + left, spare, right * sizeof *rows);
    return left;
}

static bool push(struct leaves *leaves, size_t depth, uint32_t end)
{
    if (!memory_reserve(&leaves->pending, &leaves->pending_capacity, depth + 1,
                        sizeof *leaves->pending))
        return false;
    leaves->pending[depth] = end;
    return true;
}

bool leaves_find(struct leaves *leaves, const struct tree *tree, const float *columns,
                 size_t samples, uint32_t *rows, uint32_t count)
{
    if (!memory_reserve(&leaves->ends, &leaves->ends_capacity, (size_t)tree->splits + 1,
                        sizeof *leaves->ends) ||
        !memory_reserve(&leaves->spare, &leaves->spare_capacity, (size_t)count + 1,
                        sizeof *leaves->spare))
        return false;
    uint32_t begin = 0, end = count, split = 0, leaf = 0;
    size_t depth = 0;
    for (uint32_t node = 0; node < tree->nodes; node++) {
        const uint32_t feature = tree->feature[node];
        if (feature == TREE_NONE) {
            leaves->ends[leaf++] = begin = end;
            end = depth ? leaves->pending[--depth] : count;
            continue;
        }
        if (!push(leaves, depth++, end))
            return false;
        const bool missing_left = tree->sided && tree->missing[split];
        end = begin + part(rows + begin, end - begin, leaves->spare, columns + feature * samples,
                           tree->threshold[split++], missing_left);
    }
    return true;
}

void leaves_free(struct leaves *leaves)
{
    free(leaves->ends);
    free(leaves->spare);
    free(leaves->pending);
    *leaves = (struct leaves){0};
}
