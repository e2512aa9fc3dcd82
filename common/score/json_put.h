/*
 * json_put: the parts that JSON reports are made of.
 */
#ifndef SCORE_JSON_PUT_H
#define SCORE_JSON_PUT_H

#include "base/buffer.h"
#include "base/text.h"
#include "score/intervals.h"

/*
 * A number in the fewest digits from 15 on that read back as the same double; null for NaN and
 * infinities, which JSON does not have.
 */
void json_number(struct buffer *text, double value);

/* `"key": value`. */
void json_real(struct buffer *text, const char *key, double value);
void json_count(struct buffer *text, const char *key, uint64_t value);

/* `"key": [low, high]`; null where there is no interval. */
void json_interval(struct buffer *text, const char *key, struct interval interval);

#endif
