/* Candidates are sorted by count, equal ones by when they appeared. */
#include "glove/ranking.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    uint64_t count;
    uint32_t number;
};

static int compare(const void *left, const void *right)
{
    const struct candidate *l = left, *r = right;
    if (l->count != r->count)
        return l->count > r->count ? -1 : 1;
    return (l->number > r->number) - (l->number < r->number);
}

static bool is_long(const struct words *words, size_t number)
{
    return words_text(words, (uint32_t)number).size > RANKING_LONGEST;
}

static bool is_candidate(const struct words *words, const uint64_t *counts, uint64_t least,
                         size_t number)
{
    return counts[number] >= least && !is_long(words, number);
}

/* The words that may be ranked, in order; `*count` of them. NULL when memory is out. */
static struct candidate *sort_candidates(const struct words *words, const uint64_t *counts,
                                         uint64_t least, size_t *count, size_t *long_words)
{
    *count = *long_words = 0;
    for (size_t number = 0; number < words->count; number++) {
        *count += is_candidate(words, counts, least, number);
        *long_words += counts[number] >= least && is_long(words, number);
    }
    struct candidate *candidates = memory_array(*count, sizeof *candidates);
    if (!candidates)
        return NULL;
    size_t at = 0;
    for (size_t number = 0; number < words->count; number++)
        if (is_candidate(words, counts, least, number))
            candidates[at++] = (struct candidate){counts[number], (uint32_t)number};
    qsort(candidates, *count, sizeof *candidates, compare);
    return candidates;
}

static bool reserve(struct word_ranking *ranking, const struct words *words,
                    const struct candidate *candidates)
{
    size_t bytes = 0;
    for (size_t rank = 0; rank < ranking->size; rank++)
        bytes += words_text(words, candidates[rank].number).size;
    ranking->words = memory_array(ranking->size, sizeof *ranking->words);
    ranking->counts = memory_array(ranking->size, sizeof *ranking->counts);
    ranking->ranks = memory_array(words->count, sizeof *ranking->ranks);
    ranking->bytes = memory_array(bytes, 1);
    return ranking->words && ranking->counts && ranking->ranks && ranking->bytes;
}

static void fill(struct word_ranking *ranking, const struct words *words,
                 const struct candidate *candidates)
{
    char *to = ranking->bytes;
    for (size_t number = 0; number < words->count; number++)
        ranking->ranks[number] = RANKING_NONE;
    for (size_t rank = 0; rank < ranking->size; rank++) {
        struct text word = words_text(words, candidates[rank].number);
        if (word.size)
            memcpy(to, word.data, word.size);
        ranking->words[rank] = (struct text){to, word.size};
        ranking->counts[rank] = candidates[rank].count;
        ranking->ranks[candidates[rank].number] = (uint32_t)rank;
        ranking->kept += candidates[rank].count;
        to += word.size;
    }
}

bool ranking_make(struct word_ranking *ranking, const struct words *words, const uint64_t *counts,
                  uint64_t least, size_t most, struct error *error)
{
    *ranking = (struct word_ranking){0};
    size_t count;
    struct candidate *candidates =
        sort_candidates(words, counts, least, &count, &ranking->long_words);
    if (!candidates)
        return error_memory(error, "ranking the words");
    ranking->size = count < most ? count : most;
    bool done = reserve(ranking, words, candidates);
    if (done)
        fill(ranking, words, candidates);
    free(candidates);
    if (done)
        return true;
    ranking_free(ranking);
    return error_memory(error, "ranking the words");
}

void ranking_free(struct word_ranking *ranking)
{
    free(ranking->words);
    free(ranking->counts);
    free(ranking->ranks);
    free(ranking->bytes);
    *ranking = (struct word_ranking){0};
}
