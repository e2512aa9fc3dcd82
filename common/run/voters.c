/* Made before the threads that use them, so that none of these can fail for want of one. */
#include "run/voters.h"

#include <stdlib.h>

unsigned voters_within(const struct packed_forest *forest, unsigned jobs, uint64_t bytes)
{
    const uint64_t most = bytes / vote_bytes(forest);
    return most >= jobs ? jobs : most ? (unsigned)most : 1;
}

bool voters_make(struct voters *voters, const struct packed_forest *forest, unsigned jobs,
                 bool classes_only, struct error *error)
{
    voters->each = calloc(jobs, sizeof *voters->each);
    if (!voters->each)
        return error_memory(error, "starting to predict");
    for (; voters->count < jobs; voters->count++) {
        struct voter *voter = &voters->each[voters->count];
        if (!vote_start(voter, forest))
            return error_memory(error, "starting to predict");
        voter->classes_only = classes_only;
    }
    return true;
}

void voters_free(struct voters *voters, struct walk_account *account)
{
    for (unsigned i = 0; i < voters->count; i++) {
        walk_account_add(account, &voters->each[i].walkers.account);
        vote_end(&voters->each[i]);
    }
    free(voters->each);
    *voters = (struct voters){0};
}
