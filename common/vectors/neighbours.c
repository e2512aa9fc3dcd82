/* The nearest found so far are kept in order; each other row is measured against the last. */
#include "vectors/neighbours.h"

#include <math.h>

static double dot(const float *left, const float *right, size_t dim)
{
    double sum = 0;
    for (size_t i = 0; i < dim; i++)
        sum += (double)left[i] * (double)right[i];
    return sum;
}

bool neighbours_has_direction(const float *vector, size_t dim)
{
    double length = dot(vector, vector, dim);
    return length > 0 && isfinite(length);
}

/* Puts a neighbour in its place among `count`, of at most `most`; returns how many there are. */
static size_t insert(struct neighbour *found, size_t count, size_t most, struct neighbour fresh)
{
    if (count == most && !(fresh.cosine > found[count - 1].cosine))
        return count;
    size_t place = count < most ? count++ : count - 1;
    for (; place > 0 && fresh.cosine > found[place - 1].cosine; place--)
        found[place] = found[place - 1];
    found[place] = fresh;
    return count;
}

size_t neighbours_find(const float *const *vectors, size_t count, size_t dim, uint32_t query,
                       struct neighbour *found, size_t most)
{
    const float *wanted = vectors[query];
    double length = sqrt(dot(wanted, wanted, dim));
    size_t have = 0;
    for (size_t row = 0; row < count && length > 0; row++) {
        double other = sqrt(dot(vectors[row], vectors[row], dim));
        double cosine = dot(wanted, vectors[row], dim) / (length * other);
        if (row != query && isfinite(cosine))
            have = insert(found, have, most, (struct neighbour){(uint32_t)row, cosine});
    }
    return have;
}
