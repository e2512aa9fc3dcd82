/*
 * margins: scores less the best of the others.
 *
 * A tree splits on one feature at a time and cannot compare two: the margin is the comparison.
 */
#ifndef LINEAR_MARGINS_H
#define LINEAR_MARGINS_H

#include <stdint.h>

/* Of one document's scores, one a label; a single label's is the score itself. */
void margins_of(const float *scores, uint32_t labels, float *margins);

#endif
