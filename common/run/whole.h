/*
 * whole: a file of text that is needed whole.
 */
#ifndef RUN_WHOLE_H
#define RUN_WHOLE_H

#include "base/buffer.h"
#include "base/error.h"
#include "input/texts.h"

#include <stdbool.h>

/*
 * Appends the file at `path` to `text`, which the caller frees; "-" is standard input; plain,
 * gzipped, or the only file of a zip. Status INPUT, CUT, SYSTEM, or USAGE for a folder.
 */
bool whole_read(const char *path, const struct texts_kind *kind, struct buffer *text,
                struct error *error);

#endif
