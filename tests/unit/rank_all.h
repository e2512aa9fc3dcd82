/*
 * rank_all: the ranks of all features of a matrix, for tests of what works on them.
 */
#ifndef TESTS_RANK_ALL_H
#define TESTS_RANK_ALL_H

#include "forest/ranks.h"

#include "helpers.h"

/* Each ends with ranks_free; with rows as the matrix has them, or class by class. Where they take
   two bytes they are there by row, too. */
static inline struct ranks rank_by(const struct matrix *matrix, bool by_class)
{
    struct ranks ranks;
    struct error error;
    assert_true(ranks_begin_by_row(&ranks, matrix->rows, matrix->features, &error));
    if (by_class)
        assert_true(ranks_by_class(&ranks, matrix, &error));
    for (uint32_t group = 0; group < ranks_groups(&ranks); group++)
        assert_true(ranks_sort(&ranks, matrix, group, cpu_level(), &error));
    for (uint32_t block = 0; block < ranks_blocks(&ranks); block++)
        ranks_lay_rows(&ranks, block);
    return ranks;
}

static inline struct ranks rank_all(const struct matrix *matrix)
{
    return rank_by(matrix, false);
}

static inline struct ranks rank_by_class(const struct matrix *matrix)
{
    return rank_by(matrix, true);
}

#endif
