/*
 * neighbours: the words whose vectors point most nearly the same way.
 */
#ifndef VECTORS_NEIGHBOURS_H
#define VECTORS_NEIGHBOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct neighbour {
    uint32_t row;
    double cosine; /* of the angle between the two vectors: -1 to 1 */
};

/* Whether it points anywhere: it is not of zeros, and all of its values are finite. */
bool neighbours_has_direction(const float *vector, size_t dim);

/*
 * Finds, of `count` vectors of `dim` numbers, the `most` (at least 1) whose cosine with vector
 * number `query` is largest; of equal ones, those of lower number. The query itself is left out,
 * and so are vectors without a direction: of zeros, or with a value that is not finite.
 * Fills `found`, nearest first, and returns how many. A pure function.
 */
size_t neighbours_find(const float *const *vectors, size_t count, size_t dim, uint32_t query,
                       struct neighbour *found, size_t most);

#endif
