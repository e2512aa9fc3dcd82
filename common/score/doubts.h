/*
 * doubts: what in a model's answers looks like a slip of who made them.
 */
#ifndef SCORE_DOUBTS_H
#define SCORE_DOUBTS_H

#include "base/buffer.h"
#include "score/answers.h"
#include "score/metrics.h"

/*
 * Appends a sentence, without an end: labels that the model does not have, by name; where its
 * classes are not known, that no label is ever predicted. Nothing where there is no doubt.
 */
void doubts_of(const struct answers *answers, const struct metrics *metrics, struct buffer *text);

#endif
