/*
 * permutation: how much worse a forest tells samples apart when features are shuffled.
 *
 * On the samples that it was grown from each tree votes on those that its bag does not hold, as for
 * rf-train's out-of-bag predictions; a sample in every bag does not count. On other samples all
 * trees vote on all. Each group of features is shuffled `repeats` times, all of them in the same
 * way: random numbers are keyed by the seed, the group and the repeat.
 *
 * Forked workers do a repeat at a time (par/workers.h).
 */
#ifndef RUN_PERMUTATION_H
#define RUN_PERMUTATION_H

#include "base/error.h"
#include "stream/samples.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a run works with; all borrowed. */
struct permutation {
    struct stream_reader *model; /* behind its header: */
    const struct stream_header *header;
    const char *samples_name; /* for messages */
    const struct samples *samples;
    bool held_out;            /* the forest was not grown from them */
    const uint32_t *group_of; /* by feature */
    uint32_t groups;
    uint32_t repeats; /* at least 1 */
    uint64_t seed;
    unsigned jobs;
    void (*progressed)(void *context, uint64_t tasks);
    void (*again)(void *context, const char *noun, uint64_t number, const char *cause);
    void *context;
};

/* Owned; start from `{0}`, end with permutation_free. */
struct permutation_result {
    size_t samples; /* that count */
    size_t right;   /* of them, without shuffling */
    int64_t *worse; /* groups x repeats: how many fewer with it */
};

/* Reads the model to its verified end. Status INPUT, CUT or SYSTEM. */
bool permutation_run(const struct permutation *permutation, struct permutation_result *result,
                     struct error *error);

void permutation_free(struct permutation_result *result);

/* Of a group: how much accuracy falls, as a mean over the repeats; and the deviation of that. */
double permutation_mean(const struct permutation_result *result, uint32_t group, uint32_t repeats);
double permutation_spread(const struct permutation_result *result, uint32_t group,
                          uint32_t repeats);

#endif
