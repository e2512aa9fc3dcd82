/*
 * Of the runs that are one word longer, those that begin alike are gathered: their last words go
 * one behind the other, in the order of places. There, a word stands for a run of its own once it
 * is marked by the group, so that nothing is hashed, compared or sorted: one array of marks, by
 * word, serves one group after another, and only a group's own marks count. Going over the places
 * again in the same order brings the numbers back to them.
 */
#include "linear/runs.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ROWS (UINT32_MAX - 1)
#define MOST_NUMBERS (UINT32_C(3) << 30)

/* ---- rows ---- */

bool runs_reserve(struct runs *runs, size_t more)
{
    return memory_reserve(&runs->word, &runs->word_capacity, runs->count + more,
                          sizeof *runs->word) &&
           memory_reserve(&runs->reach, &runs->reach_capacity, runs->count + more,
                          sizeof *runs->reach);
}

static bool reserve_rows(struct runs *runs, size_t more)
{
    if (more > MOST_ROWS - runs->rows ||
        !memory_reserve(&runs->begin, &runs->begin_capacity, runs->rows + more + 1,
                        sizeof *runs->begin))
        return false;
    runs->begin[0] = 0;
    return true;
}

bool runs_end_row(struct runs *runs)
{
    if (!reserve_rows(runs, 1))
        return false;
    runs->begin[++runs->rows] = runs->count;
    return true;
}

bool runs_append(struct runs *to, const struct runs *from, const uint32_t *words)
{
    if (!runs_reserve(to, from->count) || !reserve_rows(to, from->rows))
        return false;
    for (size_t row = 1; row <= from->rows; row++)
        to->begin[to->rows + row] = to->count + from->begin[row];
    to->rows += from->rows;
    for (size_t i = 0; i < from->count; i++)
        runs_put(to, words ? words[from->word[i]] : from->word[i], from->reach[i]);
    return true;
}

void runs_clear(struct runs *runs)
{
    runs->rows = runs->count = 0;
}

size_t runs_bytes(const struct runs *runs)
{
    return runs->count * (sizeof *runs->word + sizeof *runs->reach) +
           (runs->begin ? runs->rows + 1 : 0) * sizeof *runs->begin;
}

void runs_free(struct runs *runs)
{
    free(runs->word);
    free(runs->reach);
    free(runs->begin);
    *runs = (struct runs){0};
}

/* ---- numbers ---- */

/* Which group it was that met the word, the last one that did, and the run's number there. */
struct mark {
    uint32_t group; /* + 1 */
    uint32_t number;
};

/* Runs of `length` words, in groups by what they are without the last one. */
struct grouping {
    const struct runs *runs;
    unsigned length;
    const uint32_t *group; /* of each place */
    uint32_t groups;
    uint64_t *start; /* groups + 1: where each begins in */
    uint32_t *last;  /* the runs' last words, then their numbers */
    struct mark *marks;
};

/* Where groups end; they begin there when gather has gone through the places from behind. */
static void measure(const struct grouping *grouping)
{
    const struct runs *runs = grouping->runs;
    for (size_t i = 0; i < runs->count; i++)
        if (runs->reach[i] >= grouping->length)
            grouping->start[grouping->group[i]]++;
    uint64_t sum = 0;
    for (uint32_t i = 0; i <= grouping->groups; i++)
        grouping->start[i] = sum += grouping->start[i];
}

static void gather(const struct grouping *grouping)
{
    const struct runs *runs = grouping->runs;
    for (size_t i = runs->count; i-- > 0;)
        if (runs->reach[i] >= grouping->length)
            grouping->last[--grouping->start[grouping->group[i]]] =
                runs->word[i + grouping->length - 1];
}

/* False where there are too many. */
static bool number_groups(const struct grouping *grouping, uint32_t *count)
{
    uint32_t numbers = 0;
    for (uint32_t group = 0; group < grouping->groups; group++) {
        for (uint64_t i = grouping->start[group]; i < grouping->start[group + 1]; i++) {
            struct mark *mark = &grouping->marks[grouping->last[i]];
            if (mark->group != group + 1) {
                if (numbers == MOST_NUMBERS)
                    return false;
                *mark = (struct mark){group + 1, numbers++};
            }
            grouping->last[i] = mark->number;
        }
    }
    *count = numbers;
    return true;
}

static void hand_back(const struct grouping *grouping, uint32_t *numbers)
{
    const struct runs *runs = grouping->runs;
    for (size_t i = 0; i < runs->count; i++)
        numbers[i] = runs->reach[i] >= grouping->length
                         ? grouping->last[grouping->start[grouping->group[i]]++]
                         : 0;
}

static bool number_length(const struct runs *runs, uint32_t words, unsigned length,
                          struct runs_numbers *numbers)
{
    struct grouping grouping = {.runs = runs,
                                .length = length,
                                .group = numbers->of[length - 2],
                                .groups = numbers->counts[length - 2]};
    uint32_t *of = memory_large(runs->count * sizeof *of);
    numbers->of[length - 1] = numbers->owned[length - 1] = of;
    grouping.start = memory_cleared((size_t)grouping.groups + 1, sizeof *grouping.start);
    grouping.last = memory_large(runs->count * sizeof *grouping.last);
    grouping.marks = memory_cleared(words, sizeof *grouping.marks);
    bool done = of && grouping.start && grouping.last && grouping.marks;
    if (done) {
        measure(&grouping);
        gather(&grouping);
        done = number_groups(&grouping, &numbers->counts[length - 1]);
    }
    if (done)
        hand_back(&grouping, of);
    free(grouping.start);
    free(grouping.last);
    free(grouping.marks);
    return done;
}

bool runs_number(const struct runs *runs, uint32_t words, unsigned longest,
                 struct runs_numbers *numbers)
{
    numbers->of[0] = runs->word;
    numbers->counts[0] = words;
    for (unsigned length = 2; length <= longest; length++)
        if (!number_length(runs, words, length, numbers))
            return false;
    return true;
}

uint64_t runs_numbers_bytes(const struct runs *runs, unsigned longest)
{
    return longest < 2 ? 0 : sizeof(uint32_t) * (longest - 1) * (uint64_t)runs->count;
}

/* Before triples are numbered there may be as many groups as there are places. */
uint64_t runs_number_bytes(const struct runs *runs, uint32_t words, unsigned longest)
{
    uint64_t groups = longest > 2 ? runs->count : words;
    return longest < 2 ? 0
                       : runs_numbers_bytes(runs, longest) + sizeof(uint32_t) * runs->count +
                             8 * (groups + words + 2);
}

void runs_numbers_free(struct runs_numbers *numbers)
{
    for (unsigned i = 0; i < RUNS_LONGEST; i++)
        free(numbers->owned[i]);
    *numbers = (struct runs_numbers){0};
}
