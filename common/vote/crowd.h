/*
 * crowd: the samples that are at one node of a tree, a bit each, parted at its split.
 *
 * Internal to the folder; reach.h is the door.
 */
#ifndef VOTE_CROWD_H
#define VOTE_CROWD_H

#include "base/cpu.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CROWD_WORD = 64 }; /* samples of a word, the lowest bit first */

/* A split, and the values of its feature: of all samples, those of whole words. */
struct crowd_split {
    const float *column;
    float threshold;
    bool missing_left; /* a missing value goes left */
};

/* Of the samples in `crowd`, those that go left stay there, and the others are put into `right`.
   Returns how many stay. */
typedef uint32_t crowd_parter(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                              size_t words);

crowd_parter crowd_part_portable; /* the definition */
crowd_parter crowd_part_avx2, crowd_part_avx512;

crowd_parter *crowd_parter_of(enum cpu_level level);

#endif
