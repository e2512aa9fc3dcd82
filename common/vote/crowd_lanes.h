/*
 * crowd_lanes: parting whole words of samples, by what the including file compares with.
 */
#ifndef VOTE_CROWD_LANES_H
#define VOTE_CROWD_LANES_H

#include "vote/crowd.h"

/* Which of CROWD_WORD values go left; the including file has it. */
static inline uint64_t left_of(const float *column, float threshold, bool missing_left);

static inline uint32_t part(const struct crowd_split *split, bool missing_left, uint64_t *crowd,
                            uint64_t *right, size_t words)
{
    uint32_t stay = 0;
    for (size_t word = 0; word < words; word++) {
        const uint64_t all = crowd[word];
        const uint64_t left =
            all & left_of(split->column + word * CROWD_WORD, split->threshold, missing_left);
        crowd[word] = left;
        right[word] = all ^ left;
        stay += (uint32_t)__builtin_popcountll(left);
    }
    return stay;
}

/* A compare for each side that missing values may go to, so that the loop has no choice. */
static inline uint32_t part_lanes(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                                  size_t words)
{
    return split->missing_left ? part(split, true, crowd, right, words)
                               : part(split, false, crowd, right, words);
}

#endif
