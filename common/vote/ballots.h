/*
 * ballots: whole votes on the samples of a tile, where nothing but their classes is wanted.
 *
 * Where each leaf is of one class, a tree gives a sample one vote, and a small number counts what
 * takes a double where leaves are mixed. Of each sample two classes are kept in sight, the one that
 * is ahead and the one behind it, by their standing:
 *
 *     standing(c) = votes(c) x 2^16 + (2^16 - 1 - c)
 *
 * No two are equal, and the greatest is that of the predicted class, the first of those with most
 * votes. A vote raises one by 2^16. So with t trees to come a sample is settled where the class
 * ahead is so by more than t x 2^16: whatever these trees say, they need not be walked.
 *
 * Internal to the folder.
 */
#ifndef VOTE_BALLOTS_H
#define VOTE_BALLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BALLOTS_MAX_TREES = UINT16_MAX, BALLOTS_MAX_CLASSES = 1 << 16 };

#define BALLOTS_VOTE 0x10000u /* what one vote raises a standing by */

/* Of one sample: the greatest standing, and the next. */
struct front {
    uint32_t ahead, next;
};

/* The front when a class has come to a standing, which is above the one it had. */
static inline struct front front_with(struct front front, uint32_t standing)
{
    const bool is_ahead = (uint16_t)standing == (uint16_t)front.ahead;
    uint32_t lesser = standing < front.ahead ? standing : front.ahead;
    lesser = is_ahead ? 0 : lesser;
    return (struct front){.ahead = standing > front.ahead ? standing : front.ahead,
                          .next = lesser > front.next ? lesser : front.next};
}

/* Ended by ballots_end. */
struct ballots {
    uint16_t *votes; /* samples x class_count */
    struct front *fronts;
    uint32_t class_count;
};

/* The bytes that they take for each sample. */
size_t ballots_bytes(uint32_t class_count);

/* Room for so many samples; class_count in 1..BALLOTS_MAX_CLASSES. False when memory is out. */
bool ballots_start(struct ballots *ballots, size_t samples, uint32_t class_count);
void ballots_end(struct ballots *ballots);

/* The first `count` samples have no votes. */
void ballots_clear(struct ballots *ballots, size_t count);

/* A vote for a class, of BALLOTS_MAX_TREES at most, as long as all samples are open; fronts stay
   behind. */
static inline void ballots_count(const struct ballots *ballots, size_t sample,
                                 uint32_t class_number)
{
    ballots->votes[sample * ballots->class_count + class_number]++;
}

/* Finds the fronts of the first `count` samples. */
void ballots_take_stock(struct ballots *ballots, size_t count);

static inline uint32_t ballots_standing(uint32_t votes, uint32_t class_number)
{
    return votes * BALLOTS_VOTE + (UINT16_MAX - class_number);
}

/* A vote from then on. Whether the sample is open: what `to_come` more say may change its class. */
static inline bool ballots_cast(const struct ballots *ballots, size_t sample, uint32_t class_number,
                                size_t to_come)
{
    const uint32_t votes = ++ballots->votes[sample * ballots->class_count + class_number];
    struct front *front = &ballots->fronts[sample];
    *front = front_with(*front, ballots_standing(votes, class_number));
    return front->ahead - front->next <= to_come * BALLOTS_VOTE;
}

/* The class that is ahead. */
static inline uint32_t ballots_class(const struct ballots *ballots, size_t sample)
{
    return UINT16_MAX - ballots->fronts[sample].ahead % BALLOTS_VOTE;
}

#endif
