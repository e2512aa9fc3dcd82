/*
 * rank_all: the ranks of all features of a matrix, for tests of what works on them.
 */
#ifndef TESTS_RANK_ALL_H
#define TESTS_RANK_ALL_H

#include "forest/ranks.h"

#include "helpers.h"

/* Ends with ranks_free. */
static inline struct ranks rank_all(const struct matrix *matrix)
{
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin(&ranks, matrix->rows, matrix->features, &error));
    for (uint32_t group = 0; group < ranks_groups(&ranks); group++)
        assert_true(ranks_sort(&ranks, matrix, group, &error));
    return ranks;
}

#endif
