/* What is done for all samples of a tile at once. */
#include "vote/ballots.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

size_t ballots_bytes(uint32_t class_count)
{
    return class_count * sizeof(uint16_t) + sizeof(struct front);
}

bool ballots_start(struct ballots *ballots, size_t samples, uint32_t class_count)
{
    *ballots = (struct ballots){.class_count = class_count};
    ballots->votes = memory_array(samples, class_count * sizeof *ballots->votes);
    ballots->fronts = memory_array(samples, sizeof *ballots->fronts);
    if (ballots->votes && ballots->fronts)
        return true;
    ballots_end(ballots);
    return false;
}

void ballots_end(struct ballots *ballots)
{
    free(ballots->votes);
    free(ballots->fronts);
    *ballots = (struct ballots){0};
}

void ballots_clear(struct ballots *ballots, size_t count)
{
    memset(ballots->votes, 0, count * ballots->class_count * sizeof *ballots->votes);
}

static struct front front_of(const uint16_t *votes, uint32_t class_count)
{
    struct front front = {0};
    for (uint32_t c = 0; c < class_count; c++)
        front = front_with(front, ballots_standing(votes[c], c));
    return front;
}

void ballots_take_stock(struct ballots *ballots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ballots->fronts[i] =
            front_of(ballots->votes + i * ballots->class_count, ballots->class_count);
}
