/* The chunk that was looked at is kept, since the documents may come from a pipe. */
#include "run/linear_look.h"

#include <stdint.h>
#include <stdlib.h>

bool linear_look_at(struct collection *documents, struct linear_look *look, struct error *error)
{
    struct texts_chunk *chunk = &look->chunk;
    if (!collection_read(documents, SIZE_MAX, chunk, error))
        return false;
    look->brief = chunk->size < LINEAR_LOOK_BRIEF * (uint64_t)chunk->rows;
    /* Where more follows, it is full, be it of the beginning of a long line. */
    size_t read = chunk->files ? chunk->size : chunk->memory.filled;
    look->few = chunk->rows < LINEAR_LOOK_FEW && read < TEXTS_CHUNK / 8 * 7;
    return true;
}

/*
 * The share of the words of a new text that none of those counted holds, as Good and Turing
 * estimate it: of all words, those that occur once (Good, "The Population Frequencies of Species
 * and the Estimation of Population Parameters", Biometrika 40, 1953). `bag` counts words and their
 * pairs, before bag_select. 1 where there is no word.
 */
static double unseen(const struct bag *bag, const uint64_t *times)
{
    uint64_t words = 0, once = 0;
    for (uint32_t i = 0; i < bag->count; i++) {
        if (bag->grams[i].before != BAG_NONE)
            continue;
        words += times[i];
        once += times[i] == 1;
    }
    return words ? (double)once / (double)words : 1;
}

bool linear_look_asks(const struct linear_look *look)
{
    return look->brief && !look->few;
}

bool linear_look_again(struct linear_look *look, const struct bags *bags,
                       const struct linear_trial_how *how, bool *suffice)
{
    *suffice = false;
    if (!linear_look_asks(look))
        return true;
    look->asked = true;
    uint64_t *times = bag_times(&bags->of[VIEW_BIGRAM]);
    if (!times)
        return false;
    look->unseen = unseen(&bags->of[VIEW_BIGRAM], times);
    free(times);
    if (look->unseen * LINEAR_LOOK_UNSEEN >= 1)
        return true;
    if (!bags->spared[how->views[1]] && !linear_trial(bags, how, &look->trial))
        return false;
    int64_t gained = (int64_t)look->trial.together - look->trial.alone;
    *suffice = !look->trial.documents || gained * LINEAR_LOOK_GAIN < look->trial.documents;
    return true;
}
