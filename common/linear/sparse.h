/*
 * sparse: documents as rows of the features that they have.
 *
 * Row r holds feature[i] with value[i] for i = begin[r] .. begin[r + 1] - 1, features ascending and
 * each once; what is not there is 0 (compressed sparse rows, as scipy.sparse.csr_matrix). Whoever
 * fills it owns the arrays.
 *
 * The last `lone` features are in one row each at most: whoever numbers features puts such at the
 * end, or says 0. A row that is alone with a feature shares nothing through it.
 */
#ifndef LINEAR_SPARSE_H
#define LINEAR_SPARSE_H

#include <stdint.h>

struct sparse {
    uint32_t rows, features;
    const uint64_t *begin;   /* rows + 1, of which the first is 0 */
    const uint32_t *feature; /* begin[rows], each below `features` */
    const float *value;      /* begin[rows], finite */
    uint32_t lone;           /* at most `features` */
};

#endif
