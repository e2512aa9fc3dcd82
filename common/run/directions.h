/*
 * directions: which features are to speak for a class, or against it, from a list of their names.
 *
 *     age:+1,income:-1            the text itself, or, as @FILE, a file with one of them a line
 *
 * A feature goes by its name, or by its number where the samples name none; what stands behind its
 * last colon is +1 (or 1), -1, or 0.
 */
#ifndef RUN_DIRECTIONS_H
#define RUN_DIRECTIONS_H

#include "base/buffer.h"
#include "base/error.h"
#include "stream/samples.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The direction of each feature of the samples, for free(), and in `list` the same as a list in the
 * order of the features, terminated. NULL: status USAGE, INPUT, CUT or SYSTEM.
 */
int8_t *directions_read(const char *text, const struct samples *samples, struct buffer *list,
                        struct error *error);

#endif
