/*
 * settled: samples whose class is certain before all trees have voted.
 *
 * A tree gives a class one vote at most. So where a class is ahead of every other by more than
 * there are trees to come, it is the one that is predicted, whatever these say, and where nothing
 * but the class is asked for, they need not be walked.
 */
#ifndef VOTE_SETTLED_H
#define VOTE_SETTLED_H

#include <stddef.h>
#include <stdint.h>

/* How many of the trees have voted, after so many `votes` that were cast before them, when it first
   pays to look; and after how many more it does again, if so many are to come. */
size_t settled_first(size_t trees, double votes);
size_t settled_again(size_t trees, uint32_t class_count);

/*
 * Keeps those of `rows` whose class isn't certain yet, in order, and returns their number. Row r
 * has the sums sums[r * class_count ...]; `to_come` trees, more than none, have not voted.
 */
size_t settled_leave_out(const double *sums, uint32_t class_count, size_t to_come, uint32_t *rows,
                         size_t count);

#endif
