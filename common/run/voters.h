/*
 * voters: one for each job that votes by a forest.
 */
#ifndef RUN_VOTERS_H
#define RUN_VOTERS_H

#include "base/error.h"
#include "vote/vote.h"

#include <stdbool.h>
#include <stdint.h>

/* Start from `{0}`, end with voters_free. */
struct voters {
    struct voter *each;
    unsigned count;
};

/* How many of `jobs` can have a voter, at least one, that the voters take up to so many bytes: of
   very many classes each takes many. */
unsigned voters_within(const struct packed_forest *forest, unsigned jobs, uint64_t bytes);

/* `classes_only`: no probabilities are wanted. Status SYSTEM. */
bool voters_make(struct voters *voters, const struct packed_forest *forest, unsigned jobs,
                 bool classes_only, struct error *error);

/* Frees them, and adds what they count to the account. */
void voters_free(struct voters *voters, struct walk_account *account);

#endif
