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
    const double *rarity; /* of each feature */
    unsigned members;
    atomic_bool failed;
};

static void weigh_share(void *shared, unsigned member)
{
    struct weighing *weighing = shared;
    struct bag *bag = weighing->bag;
    size_t first = (uint64_t)bag->rows * member / weighing->members;
    size_t end = (uint64_t)bag->rows * (member + 1) / weighing->members;
    if (!bag_sort_rows(bag, first, end)) {
        weighing->failed = true;
        return;
    }
    for (size_t row = first; row < end; row++)
        tfidf_row(weighing->rarity, bag->feature + bag->begin[row], bag->value + bag->begin[row],
                  bag->begin[row + 1] - bag->begin[row]);
}

bool linear_weigh(struct bag *bag, unsigned jobs)
{
    double *rarity = memory_array(bag->features, sizeof *rarity);
    struct tfidf tfidf;
    struct weighing weighing = {.bag = bag, .rarity = rarity, .members = jobs};
    if (!rarity)
        return false;
    tfidf_of(&tfidf, bag->rows);
    for (uint32_t i = 0; i < bag->features; i++)
        rarity[i] = tfidf_rarity_of(&tfidf, bag_rows(bag, i));
    team_run(jobs, weigh_share, &weighing);
    free(rarity);
    return !weighing.failed;
}
