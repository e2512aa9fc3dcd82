/* Sets that a member finds are a list by that member, linked through an array of entries. */
#include "text/near.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* A set in the list of a member; `next` is the number of an entry + 1, or 0. */
struct entry {
    uint32_t set;
    size_t next;
};

struct join {
    const struct near *near;
    uint32_t *order; /* sets by size */
    size_t *lists;   /* by member: the number of the first entry + 1 */
    struct entry *entries;
    size_t entry_count, entry_capacity;
    uint32_t *seen; /* by set: the last one that met it, + 1 */
};

static size_t size_of(const struct near_sets *sets, uint32_t set)
{
    return sets->begin[set + 1] - sets->begin[set];
}

/* The members to look at, so that what is as near as the share is found: rounding must not make
   them fewer. */
static size_t prefix(size_t size, double share)
{
    enum { ROOM = 1000000000 };
    size_t least = (size_t)ceil(share * (double)size - 1.0 / ROOM);
    return size - least + 1;
}

static double index_of(const struct near_sets *sets, uint32_t x, uint32_t y)
{
    const uint32_t *a = sets->member + sets->begin[x], *b = sets->member + sets->begin[y];
    const uint32_t *a_end = sets->member + sets->begin[x + 1];
    const uint32_t *b_end = sets->member + sets->begin[y + 1];
    size_t common = 0, all = size_of(sets, x) + size_of(sets, y);
    while (a < a_end && b < b_end) {
        common += *a == *b;
        if (*a <= *b)
            b += *a++ == *b;
        else
            b++;
    }
    return (double)common / (double)(all - common);
}

/* Sets by size, by counting; of equals the first comes first. */
static bool sort_by_size(struct join *join)
{
    const struct near_sets *sets = join->near->sets;
    size_t *places = calloc((size_t)sets->members + 2, sizeof *places);
    if (!places)
        return false;
    for (uint32_t i = 0; i < sets->count; i++)
        places[size_of(sets, i) + 1]++;
    for (size_t size = 1; size <= (size_t)sets->members + 1; size++)
        places[size] += places[size - 1];
    for (uint32_t i = 0; i < sets->count; i++)
        join->order[places[size_of(sets, i)]++] = i;
    free(places);
    return true;
}

static void meet(struct join *join, uint32_t set, uint32_t member)
{
    const struct near *near = join->near;
    double least_size = near->least * (double)size_of(near->sets, set);
    for (size_t at = join->lists[member]; at; at = join->entries[at - 1].next) {
        uint32_t other = join->entries[at - 1].set;
        if (join->seen[other] == set + 1)
            continue;
        join->seen[other] = set + 1;
        if ((double)size_of(near->sets, other) < least_size - 0.5 ||
            (near->matters && !near->matters(near->context, other, set)))
            continue;
        double index = index_of(near->sets, other, set);
        if (index >= near->least)
            near->take(near->context, other, set, index);
    }
}

static bool list(struct join *join, uint32_t set, uint32_t member)
{
    if (!memory_reserve(&join->entries, &join->entry_capacity, join->entry_count + 1,
                        sizeof *join->entries))
        return false;
    join->entries[join->entry_count++] = (struct entry){set, join->lists[member]};
    join->lists[member] = join->entry_count;
    return true;
}

static bool join_set(struct join *join, uint32_t set)
{
    const struct near_sets *sets = join->near->sets;
    double least = join->near->least;
    size_t size = size_of(sets, set);
    if (!size)
        return true;
    size_t probe = prefix(size, least), listed = prefix(size, 2 * least / (1 + least));
    for (size_t i = 0; i < probe; i++)
        meet(join, set, sets->member[sets->begin[set] + i]);
    for (size_t i = 0; i < listed; i++)
        if (!list(join, set, sets->member[sets->begin[set] + i]))
            return false;
    return true;
}

bool near_pairs(const struct near *near)
{
    const struct near_sets *sets = near->sets;
    struct join join = {.near = near};
    join.order = memory_array(sets->count + 1, sizeof *join.order);
    join.lists = calloc((size_t)sets->members + 1, sizeof *join.lists);
    join.seen = calloc(sets->count + 1, sizeof *join.seen);
    bool done = join.order && join.lists && join.seen && sort_by_size(&join);
    for (size_t i = 0; done && i < sets->count; i++)
        done = join_set(&join, join.order[i]);
    free(join.order);
    free(join.lists);
    free(join.seen);
    free(join.entries);
    return done;
}
