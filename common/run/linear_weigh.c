/* What a term is worth is the corpus's; a row is weighed by itself, on any thread. */
#include "run/linear_weigh.h"

#include "base/memory.h"
#include "linear/tfidf.h"
#include "par/team.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Work on a view's rows, a share of them by each member of a team. */
struct weighing {
    struct bag *bag;
    const struct tfidf *tfidf;
    const double *rarity; /* of each feature */
    unsigned members;
    atomic_bool failed;
};

static void weigh_row(const struct weighing *weighing, size_t row, double *room)
{
    const struct bag *bag = weighing->bag;
    const uint64_t begin = bag->begin[row], count = bag->begin[row + 1] - begin;
    for (uint64_t i = 0; i < count; i++)
        room[i] = weighing->rarity[bag->feature[begin + i]];
    tfidf_row(weighing->tfidf, room, bag->value + begin, count);
}

enum { TOGETHER = 64 }; /* rows, which are in the cache when they were sorted */

static bool weigh_rows(const struct weighing *weighing, size_t first, size_t end, double *room)
{
    for (size_t next; first < end; first = next) {
        next = end - first < TOGETHER ? end : first + TOGETHER;
        if (!bag_sort_rows(weighing->bag, first, next))
            return false;
        for (size_t row = first; row < next; row++)
            weigh_row(weighing, row, room);
    }
    return true;
}

static void weigh_share(void *shared, unsigned member)
{
    struct weighing *weighing = shared;
    uint64_t rows = weighing->bag->rows;
    size_t first = rows * member / weighing->members;
    size_t end = rows * (member + 1) / weighing->members;
    double *room = memory_array(bag_longest_row(weighing->bag, first, end), sizeof *room);
    if (!room || !weigh_rows(weighing, first, end, room))
        weighing->failed = true;
    free(room);
}

bool linear_weigh(struct bag *bag, unsigned jobs)
{
    double *rarity = memory_array(bag->features, sizeof *rarity);
    struct tfidf tfidf;
    struct weighing weighing = {.bag = bag, .tfidf = &tfidf, .rarity = rarity, .members = jobs};
    if (!rarity)
        return false;
    tfidf_of(&tfidf, bag->rows);
    for (uint32_t i = 0; i < bag->features; i++)
        rarity[i] = tfidf_rarity_of(&tfidf, bag_rows(bag, i));
    team_run(jobs, weigh_share, &weighing);
    free(rarity);
    return !weighing.failed;
}
