/* A sample has so few entries that its arrays are made to measure. */
#include "base/memory.h"
#include "linear/bag.h"

#include <stdlib.h>
#include <string.h>

static uint64_t row_size(const struct bag *bag, uint32_t row)
{
    return bag->begin[row + 1] - bag->begin[row];
}

static bool reserve(struct bag *to, size_t rows, size_t entries)
{
    return memory_reserve(&to->begin, &to->begin_capacity, rows + 1, sizeof *to->begin) &&
           memory_reserve(&to->feature, &to->feature_capacity, entries, sizeof *to->feature) &&
           memory_reserve(&to->value, &to->value_capacity, entries, sizeof *to->value);
}

/*
 * The number + 1 that a term of `from` has in the sample, by `numbers`, where 0 is none so far. A
 * row's entries are in the order of first appearance, so what goes before a last word has its
 * number by then.
 */
static uint32_t *number_term(struct bag *to, const struct bag *from, uint32_t term,
                             uint32_t *numbers)
{
    if (numbers[term])
        return &numbers[term];
    if (!memory_reserve(&to->grams, &to->grams_capacity, (size_t)to->count + 1, sizeof *to->grams))
        return NULL;
    struct bag_gram gram = from->grams[term];
    if (gram.before != BAG_NONE)
        gram.before = numbers[gram.before] - 1;
    to->grams[to->count] = gram;
    numbers[term] = ++to->count;
    return &numbers[term];
}

static bool copy_row(struct bag *to, const struct bag *from, uint32_t row, uint32_t *numbers)
{
    for (uint64_t i = from->begin[row]; i < from->begin[row + 1]; i++) {
        const uint32_t *number = number_term(to, from, from->feature[i], numbers);
        if (!number)
            return false;
        to->feature[to->entries] = *number - 1;
        to->value[to->entries++] = from->value[i];
    }
    to->begin[++to->rows] = to->entries;
    return true;
}

bool bag_sample(const struct bag *from, const uint32_t *rows, size_t count, struct bag *to)
{
    size_t entries = 0;
    for (size_t i = 0; i < count; i++)
        entries += row_size(from, rows[i]);
    uint32_t *numbers = calloc((size_t)from->count + 1, sizeof *numbers);
    bool done = numbers && reserve(to, count, entries);
    to->words = from->words;
    if (done)
        to->begin[0] = 0;
    for (size_t i = 0; done && i < count; i++)
        done = copy_row(to, from, rows[i], numbers);
    free(numbers);
    return done;
}
